// The downloaded package: compared with the signed hash again directly before it is installed, since other programs of this user can change
// the file after its download.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
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
