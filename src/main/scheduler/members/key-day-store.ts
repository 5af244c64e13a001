// The tokens of the keys on their last day, in the scheduler's database: one row for each key.
import type { DatabaseSync } from 'node:sqlite';
import type { GroupCommit, Written } from '../database/group-commit';

export interface KeyDay {
  readonly keyId: string;
  readonly day: string;
  readonly tokens: number;
}

export interface KeyDayStore {
  load(): readonly KeyDay[];
  /** All in one transaction. */
  save(days: readonly KeyDay[]): Written;
  /** Removes the rows of earlier days. */
  keepFrom(day: string): Written;
}

export class SqliteKeyDayStore implements KeyDayStore {
  readonly #database: DatabaseSync;
  readonly #writes: GroupCommit;

  constructor(database: DatabaseSync, writes: GroupCommit) {
    this.#database = database;
    this.#writes = writes;
  }

  load(): readonly KeyDay[] {
    const rows = this.#database.prepare('SELECT key_id, day, tokens FROM key_days').all();
    return rows.map((row) => ({ keyId: String(row['key_id']), day: String(row['day']), tokens: Number(row['tokens']) }));
  }

  save(days: readonly KeyDay[]): Written {
    return this.#writes.write(() => {
      const insert = this.#database.prepare('INSERT OR REPLACE INTO key_days (key_id, day, tokens) VALUES (?, ?, ?)');
      for (const { keyId, day, tokens } of days) insert.run(keyId, day, tokens);
    });
  }

  keepFrom(day: string): Written {
    return this.#writes.write(() => {
      this.#database.prepare('DELETE FROM key_days WHERE day < ?').run(day);
    });
  }
}
