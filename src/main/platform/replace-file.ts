// Asynchronous atomic write, for files of up to some megabytes: written in the background, flushed, then renamed.
import { randomBytes } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import path from 'node:path';

/** Mode 0600. Resolves to null when the file is on disk, else to the reason (e.g. `ENOSPC`), and the old file is unchanged. */
export async function replaceFile(file: string, text: string): Promise<string | null> {
  const folder = path.dirname(file);
  const draft = `${file}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await writeFlushed(draft, text);
    await rename(draft, file);
    if (process.platform !== 'win32') await flushFolder(folder);
    return null;
  } catch (error) {
    await rm(draft, { force: true }).catch(() => undefined);
    return error instanceof Error && 'code' in error ? String(error.code) : String(error);
  }
}

async function writeFlushed(file: string, text: string): Promise<void> {
  const handle = await open(file, 'wx', 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** The rename is on disk only after the folder is flushed. */
async function flushFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
