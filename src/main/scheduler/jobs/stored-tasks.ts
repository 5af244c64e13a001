// The tasks in the database: of open jobs, and of ended jobs that may be retried. The task of an interactive job is encrypted with a key
// that is only in the memory of this program. The job ends with this program, so its task is not needed afterwards, and cannot be read in
// the file, in a copy or in a free page (ADR 0050).
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { parseTaskText, type StoredTask } from './task-texts';

const ALGORITHM = 'aes-256-gcm';
const KEY_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;

export class StoredTasks {
  readonly #key = randomBytes(KEY_BYTES);
  readonly #insert: StatementSync;
  readonly #read: StatementSync;
  readonly #delete: StatementSync;
  readonly #size: StatementSync;

  constructor(database: DatabaseSync) {
    this.#insert = database.prepare('INSERT INTO job_tasks (seq, task, sealed) VALUES (?, ?, ?)');
    // As bytes: SQLite's own conversion of 12 MB of Chinese text would take 50 ms.
    this.#read = database.prepare('SELECT CAST(task AS BLOB) AS task, sealed FROM job_tasks WHERE seq = ?');
    this.#delete = database.prepare('DELETE FROM job_tasks WHERE seq = ?');
    this.#size = database.prepare('SELECT octet_length(task) AS bytes FROM job_tasks WHERE seq = ?');
  }

  insert(seq: number, task: string, isInteractive: boolean): void {
    if (isInteractive) this.#insert.run(seq, '', this.#seal(task));
    else this.#insert.run(seq, task, null);
  }

  /** Null: the task is missing, not readable, or that of an interactive job of an earlier run. */
  task(seq: number): StoredTask | null {
    const row = this.#read.get(seq);
    const sealed = row?.['sealed'];
    const bytes = sealed instanceof Uint8Array ? this.#unseal(sealed) : row?.['task'];
    return bytes instanceof Uint8Array ? parseTaskText(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString()) : null;
  }

  delete(seq: number): void {
    this.#delete.run(seq);
  }

  /** Of an ended job, whose task is never encrypted. */
  bytesOf(seq: number): number {
    return Number(this.#size.get(seq)?.['bytes'] ?? 0);
  }

  #seal(task: string): Buffer {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv(ALGORITHM, this.#key, iv);
    const parts = [cipher.update(task, 'utf8'), cipher.final()];
    return Buffer.concat([iv, cipher.getAuthTag(), ...parts]);
  }

  #unseal(sealed: Uint8Array): Buffer | null {
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
