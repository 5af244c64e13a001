// Unreadable result files are renamed and kept for a while, so that a person can find out the result of a job.
import { rmSync, statSync } from 'node:fs';
import path from 'node:path';

export const CORRUPT = '.corrupt';

/** A file is at most as large as a frame of the protocol. */
const MAX_FILES = 16;
const MAX_AGE_MS = 30 * 24 * 3600 * 1000;

/** Removes files that are too old, and the oldest beyond the limit. `names`: the files in the folder. Failures are ignored. */
export function removeOldCorrupt(folder: string, names: readonly string[], nowWallMs: number): void {
  const found = names
    .filter((name) => name.endsWith(CORRUPT))
    .map((name) => ({ file: path.join(folder, name), atWallMs: writtenAtWallMs(path.join(folder, name)) }))
    .toSorted((one, other) => other.atWallMs - one.atWallMs);
  for (const [index, { file, atWallMs }] of found.entries()) if (index >= MAX_FILES || nowWallMs - atWallMs > MAX_AGE_MS) remove(file);
}

function remove(file: string): void {
  try {
    rmSync(file);
  } catch {
    // Another process has removed the file, or the next start removes it.
  }
}

/** 0: the file does not exist or is unreadable. */
function writtenAtWallMs(file: string): number {
  try {
    return statSync(file).mtimeMs;
  } catch {
    return 0;
  }
}
