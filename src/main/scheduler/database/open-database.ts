// Opens one of the scheduler's databases for this process alone and brings it to the present version; a bad one is left untouched.
import { closeSync, existsSync, mkdirSync, openSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fail, ok, type Result } from '../../../shared/result';
import { checkDatabaseFile } from './check-database-file';
import { databaseFailure, type DatabaseFailure } from './database-failure';
import { type DatabaseKind, NODE_DATABASE } from './migrations';

/** How long to wait for a predecessor that is just stopping. */
const LOCK_WAIT_MS = 1000;

/** One writer: the lock is held until `close`, so that two schedulers never share a file. Only the owner may read it. */
export function openDatabase(file: string, kind: DatabaseKind = NODE_DATABASE): Result<DatabaseSync, DatabaseFailure> {
  const checked = checkDatabaseFile(file, kind);
  if (!checked.ok) return checked;
  let database: DatabaseSync | null = null;
  try {
    if (!existsSync(file)) {
      mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
      closeSync(openSync(file, 'a', 0o600));
    }
    database = new DatabaseSync(file, { timeout: LOCK_WAIT_MS });
    database.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;');
    migrate(database, kind);
    return ok(database);
  } catch (error) {
    database?.close();
    return fail(databaseFailure(file, error));
  }
}

/** Each version in its own transaction. The first write takes the lock, also when there is nothing to migrate. */
function migrate(database: DatabaseSync, { applicationId, migrations }: DatabaseKind): void {
  const version = Number(database.prepare('PRAGMA user_version').get()?.['user_version']);
  for (const [index, sql] of migrations.slice(version).entries()) {
    database.exec(`BEGIN IMMEDIATE; ${sql} PRAGMA user_version = ${String(version + index + 1)}; COMMIT;`);
  }
  const marks = `PRAGMA application_id = ${String(applicationId)}; PRAGMA user_version = ${String(migrations.length)};`;
  database.exec(`BEGIN IMMEDIATE; ${marks} COMMIT;`);
}
