// Atomic writes: after a crash or on a full disk the file has its old or its new content, never a part. Both functions write a
// temporary file, flush it to disk, rename it and flush the folder. Files have mode 0600, created folders 0700.
import { randomBytes } from 'node:crypto';
import { closeSync, fchmodSync, fsyncSync, linkSync, mkdirSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { reasonOfError } from '../../shared/errors';

const FILE_MODE = 0o600;
const FOLDER_MODE = 0o700;
/** A rename is on disk only after its folder is flushed. Windows cannot flush folders. */
const FLUSHES_FOLDERS = process.platform !== 'win32';

/** Each write has its own temporary file, so that concurrent writes, also of two processes, cannot mix. */
const temporaryOf = (file: string): string => `${file}.${randomBytes(6).toString('hex')}.tmp`;

export interface AtomicWriteOptions {
  /** Throw EEXIST when the file exists, instead of replacing it. */
  readonly onlyIfAbsent?: boolean;
  /** Permissions of the new file. Default: 0600. */
  readonly mode?: number;
  /** Called directly before the file is replaced. When it returns false, the file stays as it is. */
  readonly mayReplace?: () => boolean;
}

/**
 * For small files, when the caller needs the result before it continues. Returns whether the file was written. Throws errors of the file
 * system.
 */
export function writeFileAtomic(file: string, text: string, options: AtomicWriteOptions = {}): boolean {
  const { onlyIfAbsent = false, mode = FILE_MODE, mayReplace = () => true } = options;
  const folder = path.dirname(file);
  const temporary = temporaryOf(file);
  mkdirSync(folder, { recursive: true, mode: FOLDER_MODE });
  try {
    withOpenFile(temporary, 'wx', (handle) => {
      writeFileSync(handle, text);
      // The mode of `open` is narrowed by the umask.
      if (mode !== FILE_MODE) fchmodSync(handle, mode);
      fsyncSync(handle);
    });
    if (!mayReplace()) return false;
    if (onlyIfAbsent) linkSync(temporary, file);
    else renameSync(temporary, file);
  } finally {
    rmSync(temporary, { force: true });
  }
  if (FLUSHES_FOLDERS) withOpenFile(folder, 'r', fsyncSync);
  return true;
}

function withOpenFile(file: string, flags: string, use: (handle: number) => void): void {
  const handle = openSync(file, flags, FILE_MODE);
  try {
    use(handle);
  } finally {
    closeSync(handle);
  }
}

/** For files of megabytes, in the background. Resolves to null when the file is on disk, else to the reason, such as `ENOSPC`. */
export async function replaceFile(file: string, content: string | Uint8Array): Promise<string | null> {
  const folder = path.dirname(file);
  const temporary = temporaryOf(file);
  try {
    await mkdir(folder, { recursive: true, mode: FOLDER_MODE });
    await flushed(temporary, 'wx', content);
    await rename(temporary, file);
    if (FLUSHES_FOLDERS) await flushed(folder, 'r');
    return null;
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    return reasonOfError(error);
  }
}

async function flushed(file: string, flags: string, content?: string | Uint8Array): Promise<void> {
  const handle = await open(file, flags, FILE_MODE);
  try {
    if (content !== undefined) await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
}
