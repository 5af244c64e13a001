// The default model folder, made where it is missing, so that people find a place to put models.
import { mkdirSync } from 'node:fs';

/** One that can't be made shows as a problem of that folder. */
export function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch {
    return;
  }
}
