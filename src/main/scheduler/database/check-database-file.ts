// Looks at a database file without touching it, before anything may write to it or beside it. What to do about a bad
// one is the owner's decision: the scheduler does not start, and the file stays as it is.
import { closeSync, existsSync, openSync, readSync, rmSync, statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { fail, ok, type Result } from '../../../shared/result';
import type { DatabaseKind } from './migrations';
import { databaseFailure, type DatabaseFailure } from './database-failure';

const HEADER = 'SQLite format 3\0';

/** Ok for a file that is not there, is empty, or is a sound database of this program and of a version it knows. */
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
 * A write-ahead log that is there belongs to the content (a crash left it, or another Muster is at work), so it is read
 * through it. Without one the file is opened as immutable, because SQLite would else make the log even for reading.
 */
function checkContent(file: string, kind: DatabaseKind): Result<null, DatabaseFailure> {
  const indexFile = `${file}-shm`;
  const hadIndex = existsSync(indexFile);
  const location = pathToFileURL(file);
  if (!existsSync(`${file}-wal`)) location.searchParams.set('immutable', '1');
  try {
    const database = new DatabaseSync(location, { readOnly: true });
    try {
      return judge(file, database, kind);
    } finally {
      database.close();
    }
  } finally {
    if (!hadIndex) rmSync(indexFile, { force: true });
  }
}

function judge(file: string, database: DatabaseSync, kind: DatabaseKind): Result<null, DatabaseFailure> {
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
