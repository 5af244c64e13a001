// The store on an SQLite file. A group of writes is one transaction, so it costs one disk sync. Reads and transactions are synchronous.
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { messageOfError } from '../../../shared/errors';
import { fail, ok, type Result } from '../../../shared/result';
import { copyDatabase } from './copy-database';
import type { Insert, Row, Sql, Statement, Store, WriteFailure, WriteOptions, Written } from './store';

/** SQLITE_FULL: the disk, a quota or a page limit. */
const SQLITE_FULL = 13;
/** Lists have statements of many shapes. */
const MAX_PREPARED = 500;
/** The default of SQLite. */
const CHECKPOINT_PAGES = 1000;

interface PendingWrite {
  readonly statements: readonly Statement[];
  readonly options: WriteOptions;
  readonly resolve: (written: Result<null, WriteFailure>) => void;
}

export class SqliteStore implements Store {
  readonly #database: DatabaseSync;
  readonly #prepared = new Map<string, StatementSync>();
  #pending: PendingWrite[] = [];
  #isClosed = false;
  /** Whether the next commit is synced. Null: unknown. In WAL mode, `NORMAL` syncs at checkpoints only, and a later sync covers all. */
  #isSynced: boolean | null = null;
  /** Whether the next commit makes a checkpoint when the log is large. */
  #makesCheckpoint: boolean | null = null;

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  // oxlint-disable-next-line typescript/require-await -- an error of SQLite rejects
  async read({ text, values }: Sql): Promise<readonly Row[]> {
    return this.#prepare(text).all(...values);
  }

  write(statements: readonly Statement[], options: WriteOptions = {}): Written {
    if (this.#isClosed) return Promise.resolve(fail({ isFull: false, reason: 'the store is closed' }));
    return new Promise((resolve) => {
      const isFirst = this.#pending.push({ statements, options, resolve }) === 1;
      if (options.isCollected === true) this.#flush();
      else if (isFirst)
        setImmediate(() => {
          this.#flush();
        });
    });
  }

  usedBytes(): Promise<number> {
    const pragma = (name: string): number => Number(this.#prepare(`PRAGMA ${name}`).get()?.[name]);
    return Promise.resolve((pragma('page_count') - pragma('freelist_count')) * pragma('page_size'));
  }

  /** All tables, in a file that must not exist. */
  copyTo(file: string): Promise<void> {
    return copyDatabase(this.#database, file);
  }

  close(): Promise<void> {
    if (this.#isClosed) return Promise.resolve();
    this.#flush();
    this.#isClosed = true;
    this.#database.close();
    return Promise.resolve();
  }

  #flush(): void {
    const writes = this.#pending;
    if (writes.length === 0 || this.#isClosed) return;
    this.#pending = [];
    const written = this.#commit(writes);
    for (const { resolve } of writes) resolve(written);
  }

  #commit(writes: readonly PendingWrite[]): Result<null, WriteFailure> {
    try {
      this.#prepareCommit(writes);
      this.#database.exec('BEGIN IMMEDIATE');
      for (const { statements } of writes) for (const statement of statements) this.#run(statement);
      this.#database.exec('COMMIT');
      return ok(null);
    } catch (error) {
      if (this.#database.isOpen && this.#database.isTransaction) this.#database.exec('ROLLBACK');
      const errcode = error instanceof Error && 'errcode' in error && typeof error.errcode === 'number' ? error.errcode & 0xff : null;
      return fail({ isFull: errcode === SQLITE_FULL, reason: messageOfError(error) });
    }
  }

  /**
   * A large write makes no checkpoint, which would copy its values once more in the same turn. The next commit makes it: one commit later at
   * most, so that the log stays small.
   */
  #prepareCommit(writes: readonly PendingWrite[]): void {
    const isSynced = writes.some(({ options }) => options.isDurable !== false);
    if (isSynced !== this.#isSynced) this.#database.exec(`PRAGMA synchronous = ${isSynced ? 'FULL' : 'NORMAL'}`);
    this.#isSynced = isSynced;
    const makesCheckpoint = this.#makesCheckpoint === false || !writes.some(({ options }) => options.isLarge === true);
    if (makesCheckpoint !== this.#makesCheckpoint)
      this.#database.exec(`PRAGMA wal_autocheckpoint = ${String(makesCheckpoint ? CHECKPOINT_PAGES : 0)}`);
    this.#makesCheckpoint = makesCheckpoint;
  }

  #run(statement: Statement): void {
    if ('text' in statement) {
      this.#prepare(statement.text).run(...statement.values);
      return;
    }
    const insert = this.#prepare(insertText(statement));
    for (const row of statement.rows) insert.run(...row);
  }

  #prepare(text: string): StatementSync {
    let statement = this.#prepared.get(text);
    if (statement !== undefined) return statement;
    if (this.#prepared.size === MAX_PREPARED) this.#prepared.clear();
    this.#prepared.set(text, (statement = this.#database.prepare(text)));
    return statement;
  }
}

/** The statement for one row. */
function insertText({ into, columns, onConflict }: Insert): string {
  const insert = `INSERT INTO ${into} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`;
  if (onConflict === undefined) return insert;
  const { key, update } = onConflict;
  const action = update === 'nothing' ? 'NOTHING' : `UPDATE SET ${update.map((column) => `${column} = excluded.${column}`).join(', ')}`;
  return `${insert} ON CONFLICT (${key.join(', ')}) DO ${action}`;
}
