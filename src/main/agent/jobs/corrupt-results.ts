// Result files that could not be read and were moved aside, for whoever wants to know what became of a job: some, for some time.
import { rmSync, statSync } from 'node:fs';
import path from 'node:path';

export const CORRUPT = '.corrupt';

/** Each is at most as large as a frame of the protocol. */
const MAX_KEPT = 16;
const KEPT_MS = 30 * 24 * 3600 * 1000;

/** Removes those that were written long ago, and the oldest of many, as far as it can. `names`: of the files in the folder. */
export function removeOldCorrupt(folder: string, names: readonly string[], nowMs: number): void {
  const found = names
    .filter((name) => name.endsWith(CORRUPT))
    .map((name) => ({ file: path.join(folder, name), writtenMs: writtenMs(path.join(folder, name)) }))
    .toSorted((one, other) => other.writtenMs - one.writtenMs);
  for (const [index, { file, writtenMs: since }] of found.entries()) if (index >= MAX_KEPT || nowMs - since > KEPT_MS) remove(file);
}

function remove(file: string): void {
  try {
    rmSync(file);
  } catch {
    // It is gone, or tried again at the next start.
  }
}

/** 0: it is gone, or cannot be told. */
function writtenMs(file: string): number {
  try {
    return statSync(file).mtimeMs;
  } catch {
    return 0;
  }
}
