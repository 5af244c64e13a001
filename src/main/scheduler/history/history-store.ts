// The table of the history. One transaction writes everything that changed since the last one.
import type { DatabaseSync } from 'node:sqlite';
import type { z } from 'zod';
import { parseJson } from '../../../shared/json';
import type { GroupCommit, Written } from '../database/group-commit';

export interface HistoryRow {
  readonly kind: string;
  readonly atWallMs: number;
  readonly record: unknown;
}

export interface HistoryChange {
  readonly save: readonly HistoryRow[];
  /** Removes the rows of a kind that are older. */
  readonly expire: readonly { readonly kind: string; readonly beforeWallMs: number }[];
}

export interface HistoryStore {
  /** The rows of a kind, oldest first, and how many could not be read. */
  load<Schema extends z.ZodType>(kind: string, schema: Schema): { readonly rows: readonly z.output<Schema>[]; readonly unreadable: number };
  write(change: HistoryChange): Written;
}

export class SqliteHistoryStore implements HistoryStore {
  readonly #database: DatabaseSync;
  readonly #writes: GroupCommit;

  constructor(database: DatabaseSync, writes: GroupCommit) {
    this.#database = database;
    this.#writes = writes;
  }

  load<Schema extends z.ZodType>(kind: string, schema: Schema): ReturnType<HistoryStore['load']> & { rows: z.output<Schema>[] } {
    const stored = this.#database.prepare('SELECT record FROM pool_history WHERE kind = ? ORDER BY at').all(kind);
    const parsed = stored.map((row) => schema.safeParse(parseJson(String(row['record']))));
    const rows = parsed.flatMap((result) => (result.success ? [result.data] : []));
    return { rows, unreadable: stored.length - rows.length };
  }

  write({ save, expire }: HistoryChange): Written {
    return this.#writes.write(() => {
      const insert = this.#database.prepare('INSERT OR REPLACE INTO pool_history (kind, at, record) VALUES (?, ?, ?)');
      for (const { kind, atWallMs, record } of save) insert.run(kind, Math.round(atWallMs), JSON.stringify(record));
      const remove = this.#database.prepare('DELETE FROM pool_history WHERE kind = ? AND at < ?');
      for (const { kind, beforeWallMs } of expire) remove.run(kind, Math.round(beforeWallMs));
    });
  }
}
