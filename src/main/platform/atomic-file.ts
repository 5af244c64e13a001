// Atomic write of a small file: after a crash or on a full disk the file has its old or its new content, never a part.
// Synchronous: callers write a few hundred bytes, rarely, and need the result before they continue.
import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, linkSync, mkdirSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

export interface AtomicWriteOptions {
  /** Throw EEXIST instead of replacing a file that is there. */
  readonly onlyIfAbsent?: boolean;
}

/** Writes a temporary file, flushes it to disk and renames it. Mode 0600; a missing folder is created with 0700. Throws errors of the file system. */
export function writeFileAtomic(file: string, text: string, { onlyIfAbsent = false }: AtomicWriteOptions = {}): void {
  const folder = path.dirname(file);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  // Each write has its own temporary file, so that concurrent writes, also of two processes, cannot mix.
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
  // The rename is on disk only after the folder is flushed. Windows cannot flush folders.
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
