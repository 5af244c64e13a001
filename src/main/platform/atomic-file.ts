// Writes a file so that a crash or a full disk leaves either the old content or the new, never a part.
import { randomBytes } from 'node:crypto';
import { link, mkdir, open, rename, rm } from 'node:fs/promises';
import path from 'node:path';

export interface AtomicWriteOptions {
  /** Permissions of the file, e.g. 0o600. */
  readonly mode: number;
  /** Fail with EEXIST instead of replacing a file that is there. */
  readonly onlyIfAbsent?: boolean;
}

/** Writes `text` beside the file, flushes it to disk and puts it in place. Makes the folder (0700). Rejects with the system's error. */
export async function writeFileAtomic(file: string, text: string, options: AtomicWriteOptions): Promise<void> {
  const folder = path.dirname(file);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const draft = path.join(folder, `.${path.basename(file)}.${randomBytes(6).toString('hex')}.tmp`);
  try {
    await writeFlushed(draft, text, options.mode);
    if (options.onlyIfAbsent === true) await link(draft, file);
    else await rename(draft, file);
  } finally {
    await rm(draft, { force: true });
  }
  await flushFolder(folder);
}

async function writeFlushed(file: string, text: string, mode: number): Promise<void> {
  const handle = await open(file, 'wx', mode);
  try {
    await handle.writeFile(text, 'utf8');
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** The new name is on disk only when its folder is; Windows has no such thing. */
async function flushFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
