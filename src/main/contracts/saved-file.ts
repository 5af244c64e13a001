// Saves a file that the user asked for: where the user chooses, or through the browser.
import type { Outcome } from '../../shared/api/app-api';
import type { SavedFile } from '../../shared/api/saved-file';
import { messageOfError } from '../../shared/errors';
import { ok } from '../../shared/result';
import { failure } from './app-errors';

/** Asks the user for a place and writes the file. Resolves to the path; null: cancelled. Rejects when the file cannot be written. */
export type SaveFile = (name: string, bytes: Uint8Array) => Promise<string | null>;

/** `saveFile` null: this program has no screen, so the browser saves the file. */
export async function savedFile(saveFile: SaveFile | null, name: string, bytes: Buffer): Promise<Outcome<SavedFile>> {
  if (saveFile === null) return ok({ state: 'download', name, base64: bytes.toString('base64') });
  try {
    const path = await saveFile(name, bytes);
    return ok(path === null ? { state: 'cancelled' } : { state: 'saved', path });
  } catch (error) {
    return failure('FILE_NOT_WRITTEN', { reason: messageOfError(error).slice(0, 300) });
  }
}
