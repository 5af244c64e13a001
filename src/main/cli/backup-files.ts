// Files of a backup: copied for their owner alone, with their hashes.
import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, lstat, open } from 'node:fs/promises';
import type { BackupFile, PoolFile } from './core/backup-manifest';

const PIECE_BYTES = 1024 * 1024;

/** A link could name a file that is no part of the backup. */
const readFlags = constants.O_RDONLY | (process.platform === 'win32' ? 0 : constants.O_NOFOLLOW);

/** `to` must not exist. Null: only computes the hash. Throws errors of the file system. */
export async function copyFile(name: PoolFile, from: string, to: string | null): Promise<BackupFile> {
  const source = await open(from, readFlags);
  try {
    const target = to === null ? null : await open(to, 'wx', 0o600);
    try {
      const file = await copyPieces(name, source, target);
      await target?.sync();
      return file;
    } finally {
      await target?.close();
    }
  } finally {
    await source.close();
  }
}

async function copyPieces(name: PoolFile, source: FileHandle, target: FileHandle | null): Promise<BackupFile> {
  const hash = createHash('sha256');
  const piece = Buffer.alloc(PIECE_BYTES);
  let bytes = 0;
  for (;;) {
    const { bytesRead } = await source.read(piece, 0, PIECE_BYTES);
    if (bytesRead === 0) return { name, bytes, sha256: hash.digest('hex') };
    hash.update(piece.subarray(0, bytesRead));
    bytes += bytesRead;
    await target?.writeFile(piece.subarray(0, bytesRead));
  }
}

export const exists = (file: string): Promise<boolean> =>
  lstat(file).then(
    () => true,
    () => false,
  );
