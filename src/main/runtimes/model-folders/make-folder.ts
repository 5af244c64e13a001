// Creates the default model folder, so that users find it.
import { mkdirSync } from 'node:fs';

/** A failure shows as a problem of the folder. */
export function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch {
    return;
  }
}
