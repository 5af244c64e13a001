// Copies a database that is in use. The copy is the state of one instant: changes of this process during the copy are in it.
import { closeSync, openSync, rmSync } from 'node:fs';
import { backup, type DatabaseSync } from 'node:sqlite';

/** So many pages are copied at a time, off the event loop. The source is locked meanwhile. */
const PAGES_AT_ONCE = 64;
/**
 * While the process writes through the same connection, copies end with the error "not an error" (`errcode` 0, Node 24): one in about a
 * hundred, and on a busy machine one in ten, also several in a row. Such a copy is made again.
 */
const MAX_ATTEMPTS = 100;

/** `file` must not exist. Only the owner can read the copy. Rejects with an error of the system or of SQLite. */
export async function copyDatabase(source: DatabaseSync, file: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    closeSync(openSync(file, 'wx', 0o600));
    try {
      await backup(source, file, { rate: PAGES_AT_ONCE });
      return;
    } catch (error) {
      if (!isNoError(error) || attempt === MAX_ATTEMPTS) throw error;
      rmSync(file);
    }
  }
}

const isNoError = (error: unknown): boolean => error instanceof Error && 'errcode' in error && error.errcode === 0;
