// A small file replaced as a whole: after a crash or on a full disk it is the old one or the new one, never half of one.
// Synchronous: callers write a few hundred bytes, seldom, and must know before they go on.
import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, linkSync, mkdirSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

export interface AtomicWriteOptions {
  /** Throw EEXIST instead of replacing a file that is there. */
  readonly onlyIfAbsent?: boolean;
}

/** Writes beside the file, flushes to disk, puts it in place. Owner only (0600; the folder, made when missing, 0700). Throws what the file system throws. */
export function writeFileAtomic(file: string, text: string, { onlyIfAbsent = false }: AtomicWriteOptions = {}): void {
  const folder = path.dirname(file);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  // Of its own for each write: two that run at once, in one process or in two, leave one whole text.
  const draft = `${file}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    withOpenFile(draft, 'wx', (handle) => {
      writeFileSync(handle, text);
      fsyncSync(handle);
    });
    if (onlyIfAbsent) linkSync(draft, file);
    else renameSync(draft, file);
  } finally {
    rmSync(draft, { force: true });
  }
  // The new name is on disk only when its folder is; Windows has no such thing.
  if (process.platform !== 'win32') withOpenFile(folder, 'r', fsyncSync);
}

function withOpenFile(file: string, flags: string, use: (handle: number) => void): void {
  const handle = openSync(file, flags, 0o600);
  try {
    use(handle);
  } finally {
    closeSync(handle);
  }
}
