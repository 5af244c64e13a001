// Opens a database for this process alone and migrates it to the current version. An invalid file stays unchanged.
import { closeSync, existsSync, mkdirSync, openSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fail, ok, type Result } from '../../../shared/result';
import { checkDatabaseFile } from './check-database-file';
import { databaseFailure, type DatabaseFailure } from './database-failure';
import { type DatabaseKind, NODE_DATABASE } from './migrations';

/** How long to wait for an earlier scheduler that is stopping. */
const LOCK_WAIT_MS = 1000;

/** One writer: the lock is kept until `close`, so two schedulers never share a file. Only the owner can read the file. */
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

/** Migrates each version in its own transaction. The first write takes the lock, also when there is nothing to migrate. */
function migrate(database: DatabaseSync, { applicationId, migrations }: DatabaseKind): void {
  const version = Number(database.prepare('PRAGMA user_version').get()?.['user_version']);
  for (const [index, sql] of migrations.slice(version).entries()) {
    database.exec(`BEGIN IMMEDIATE; ${sql} PRAGMA user_version = ${String(version + index + 1)}; COMMIT;`);
  }
  const marks = `PRAGMA application_id = ${String(applicationId)}; PRAGMA user_version = ${String(migrations.length)};`;
  database.exec(`BEGIN IMMEDIATE; ${marks} COMMIT;`);
}
