// The downloaded package: compared with the signed hash after its download, at the click, and directly before it is installed, since other
// programs of this user can change the file.
import { createHash } from 'node:crypto';
import { closeSync, createReadStream, openSync, readSync, statSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { ReleaseFile } from './core/release';

export async function isSignedFile(path: string, { sha512, size }: ReleaseFile): Promise<boolean> {
  try {
    if ((await stat(path)).size !== size) return false;
    const hash = createHash('sha512');
    for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
    return hash.digest('base64') === sha512;
  } catch {
    return false;
  }
}

const PIECE_BYTES = 1_048_576;

/** The same without a turn of the event loop, for the last step of a quit. */
export function isSignedFileNow(path: string, { sha512, size }: ReleaseFile): boolean {
  try {
    if (statSync(path).size !== size) return false;
    const hash = createHash('sha512');
    const piece = Buffer.alloc(PIECE_BYTES);
    const file = openSync(path, 'r');
    try {
      for (let read = readSync(file, piece); read > 0; read = readSync(file, piece)) hash.update(piece.subarray(0, read));
    } finally {
      closeSync(file);
    }
    return hash.digest('base64') === sha512;
  } catch {
    return false;
  }
}
