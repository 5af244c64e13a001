// Checks a database file without changing it, before anything can write to it or beside it. When the check fails, the scheduler does not
// start and leaves the file unchanged: the owner decides.
import { closeSync, existsSync, openSync, readSync, rmSync, statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { fail, ok, type Result } from '../../../shared/result';
import type { DatabaseKind } from './migrations';
import { databaseFailure, type DatabaseFailure } from './database-failure';

const HEADER = 'SQLite format 3\0';

/** Ok for a missing or empty file, and for an undamaged database of this program in a known version. */
export function checkDatabaseFile(file: string, kind: DatabaseKind): Result<null, DatabaseFailure> {
  try {
    const stats = statSync(file, { throwIfNoEntry: false });
    if (stats === undefined || (stats.isFile() && stats.size === 0)) return ok(null);
    if (!stats.isFile()) return fail({ code: 'DATABASE_UNREADABLE', details: { file, reason: 'not a file' } });
    if (headerOf(file) !== HEADER) return fail({ code: 'DATABASE_UNREADABLE', details: { file, reason: 'not an SQLite database' } });
    return checkContent(file, kind);
  } catch (error) {
    return fail(databaseFailure(file, error));
  }
}

function headerOf(file: string): string {
  const buffer = Buffer.alloc(HEADER.length);
  const descriptor = openSync(file, 'r');
  try {
    readSync(descriptor, buffer, 0, buffer.length, 0);
  } finally {
    closeSync(descriptor);
  }
  return buffer.toString('latin1');
}

/**
 * An existing write-ahead log belongs to the content (after a crash, or while another Muster runs), so it is read too. Without one the file
 * is opened as immutable: otherwise SQLite would create a log even for reading.
 */
function checkContent(file: string, kind: DatabaseKind): Result<null, DatabaseFailure> {
  const indexFile = `${file}-shm`;
  const hadIndex = existsSync(indexFile);
  const location = pathToFileURL(file);
  if (!existsSync(`${file}-wal`)) location.searchParams.set('immutable', '1');
  try {
    const database = new DatabaseSync(location, { readOnly: true });
    try {
      return checkSchema(file, database, kind);
    } finally {
      database.close();
    }
  } finally {
    if (!hadIndex) rmSync(indexFile, { force: true });
  }
}

function checkSchema(file: string, database: DatabaseSync, kind: DatabaseKind): Result<null, DatabaseFailure> {
  const finding = kind.isCheckedWhole ? database.prepare('PRAGMA quick_check(1)').get()?.['quick_check'] : 'ok';
  if (finding !== 'ok') return fail({ code: 'DATABASE_UNREADABLE', details: { file, reason: String(finding).slice(0, 512) } });
  const tables = Number(database.prepare('SELECT count(*) AS count FROM sqlite_schema').get()?.['count']);
  const application = Number(database.prepare('PRAGMA application_id').get()?.['application_id']);
  if (tables > 0 && application !== kind.applicationId) {
    return fail({ code: 'DATABASE_UNREADABLE', details: { file, reason: 'a database of another program' } });
  }
  const found = Number(database.prepare('PRAGMA user_version').get()?.['user_version']);
  const supported = kind.migrations.length;
  if (found > supported) return fail({ code: 'DATABASE_TOO_NEW', details: { file, found, supported } });
  return ok(null);
}
