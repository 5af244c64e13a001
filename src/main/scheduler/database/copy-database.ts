// Copies a database that is in use. The copy is the state of one instant: changes of this process during the copy are in it.
import { closeSync, openSync } from 'node:fs';
import { backup, type DatabaseSync } from 'node:sqlite';

/** So many pages are copied at a time, off the event loop. The source is locked meanwhile. */
const PAGES_AT_ONCE = 64;

/** `file` must not exist. Only the owner can read the copy. Rejects with an error of the system or of SQLite. */
export async function copyDatabase(source: DatabaseSync, file: string): Promise<void> {
  closeSync(openSync(file, 'wx', 0o600));
  await backup(source, file, { rate: PAGES_AT_ONCE });
}
