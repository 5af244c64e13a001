// Encrypts the tasks of interactive jobs for the database. The key is only in the memory of this program. The job ends with this program, so
// its task is not needed afterwards, and cannot be read in the file, in a copy or in a free page (ADR 0050).
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

const ALGORITHM = 'aes-256-gcm';
const KEY_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;

export class TaskSeal {
  readonly #key = randomBytes(KEY_BYTES);

  seal(task: string): Buffer {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv(ALGORITHM, this.#key, iv);
    const parts = [cipher.update(task, 'utf8'), cipher.final()];
    return Buffer.concat([iv, cipher.getAuthTag(), ...parts]);
  }

  /** Null: damaged, or sealed by another run of the program. */
  unseal(sealed: Uint8Array): Buffer | null {
    const textAt = IV_BYTES + TAG_BYTES;
    if (sealed.byteLength < textAt) return null;
    const decipher = createDecipheriv(ALGORITHM, this.#key, sealed.subarray(0, IV_BYTES));
    decipher.setAuthTag(sealed.subarray(IV_BYTES, textAt));
    try {
      return Buffer.concat([decipher.update(sealed.subarray(textAt)), decipher.final()]);
    } catch {
      return null;
    }
  }
}
