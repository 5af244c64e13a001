// Why a database cannot be used, from an error of the system or of SQLite.
import { fail, ok, type Result } from '../../../shared/result';

export interface DatabaseFailure {
  readonly code: 'DATABASE_UNREADABLE' | 'DATABASE_TOO_NEW' | 'DATABASE_LOCKED';
  /** `file`, and the values that explain the code. */
  readonly details: Readonly<Record<string, string | number>>;
}

/** SQLITE_BUSY and SQLITE_LOCKED: another program, most likely another Muster, has locked the file. */
const LOCKED = new Set([5, 6]);

export function databaseFailure(file: string, error: unknown): DatabaseFailure {
  const errcode = error instanceof Error && 'errcode' in error && typeof error.errcode === 'number' ? error.errcode : null;
  if (errcode !== null && LOCKED.has(errcode & 0xff)) return { code: 'DATABASE_LOCKED', details: { file } };
  return { code: 'DATABASE_UNREADABLE', details: { file, reason: error instanceof Error ? error.message : String(error) } };
}

/** What the program reads at its start. `file`: for the failure. */
export async function loadedFrom<Loaded>(file: string, load: () => Promise<Loaded>): Promise<Result<Loaded, DatabaseFailure>> {
  try {
    return ok(await load());
  } catch (error) {
    return fail(databaseFailure(file, error));
  }
}
