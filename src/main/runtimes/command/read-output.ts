// Reads the output file of a program. A program that unpacks or converts what a submitter sent may leave anything at this path: a link, a
// pipe, a device, or a link in place of its folder. Only a regular file in the job's own folder is read, and at most the limit.
import { constants, type BigIntStats } from 'node:fs';
import { type FileHandle, lstat, open } from 'node:fs/promises';
import path from 'node:path';
import { codeOfError } from '../../../shared/errors';

/** Identifies the folder of a job while its path may be replaced. */
export type FolderIdentity = Pick<BigIntStats, 'dev' | 'ino'>;

export type Output = Buffer | 'missing' | 'not_a_file' | 'too_large';

export const identityOf = (folder: string): Promise<FolderIdentity> => lstat(folder, { bigint: true });

/** `O_NONBLOCK`: opening a pipe does not wait for a writer. Windows has neither flag; there the comparison below finds a link. */
const { O_RDONLY, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants as Partial<typeof constants> & { readonly O_RDONLY: number };

/** `folder` is the parent of `file`, with its identity from before the program ran. Rejects when the file cannot be read. */
export async function readOutput(file: string, folder: FolderIdentity, maxBytes: number): Promise<Output> {
  let handle: FileHandle;
  try {
    handle = await open(file, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  } catch (error) {
    const code = codeOfError(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return 'missing';
    // A link, a socket, a device without a driver.
    if (code === 'ELOOP' || code === 'EMLINK' || code === 'ENXIO' || code === 'ENODEV') return 'not_a_file';
    throw error;
  }
  try {
    const opened = await handle.stat({ bigint: true });
    // A second name may be that of a file elsewhere.
    if (!opened.isFile() || opened.nlink > 1n) return 'not_a_file';
    const [parent, named] = await Promise.all([lstat(path.dirname(file), { bigint: true }), lstat(file, { bigint: true })]);
    if (!parent.isDirectory() || !isSame(parent, folder) || !isSame(named, opened)) return 'not_a_file';
    return opened.size > BigInt(maxBytes) ? 'too_large' : await readAtMost(handle, maxBytes);
  } finally {
    await handle.close();
  }
}

const isSame = (one: FolderIdentity, other: FolderIdentity): boolean => one.dev === other.dev && one.ino === other.ino;

const PIECE_BYTES = 256 * 1024;

/** The file may grow while it is read. */
async function readAtMost(handle: FileHandle, maxBytes: number): Promise<Buffer | 'too_large'> {
  const pieces: Buffer[] = [];
  let length = 0;
  for (;;) {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(Math.min(PIECE_BYTES, maxBytes + 1)));
    if (bytesRead === 0) return Buffer.concat(pieces);
    length += bytesRead;
    if (length > maxBytes) return 'too_large';
    pieces.push(buffer.subarray(0, bytesRead));
  }
}
