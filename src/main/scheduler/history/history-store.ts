// The table of the history. One transaction writes everything that changed since the last one.
import type { z } from 'zod';
import { parseJson } from '../../../shared/json';
import type { Sql, Store, Written } from '../database/store';

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

export interface LoadedRows<Loaded> {
  /** Oldest first. */
  readonly rows: readonly Loaded[];
  /** How many could not be read. */
  readonly unreadable: number;
}

export interface HistoryStore {
  /** The rows of a kind. */
  load<Schema extends z.ZodType>(kind: string, schema: Schema): Promise<LoadedRows<z.output<Schema>>>;
  write(change: HistoryChange): Written;
}

export class HistoryTable implements HistoryStore {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  async load<Schema extends z.ZodType>(kind: string, schema: Schema): Promise<LoadedRows<z.output<Schema>>> {
    const stored = await this.#store.read({ text: 'SELECT record FROM pool_history WHERE kind = ? ORDER BY at', values: [kind] });
    const parsed = stored.map((row) => schema.safeParse(parseJson(String(row['record']))));
    const rows = parsed.flatMap((result) => (result.success ? [result.data] : []));
    return { rows, unreadable: stored.length - rows.length };
  }

  write({ save, expire }: HistoryChange): Written {
    const rows = save.map(({ kind, atWallMs, record }) => [kind, Math.round(atWallMs), JSON.stringify(record)]);
    const removals = expire.map(({ kind, beforeWallMs }): Sql => {
      const before = Math.min(Math.round(beforeWallMs), Number.MAX_SAFE_INTEGER);
      return { text: 'DELETE FROM pool_history WHERE kind = ? AND at < ?', values: [kind, before] };
    });
    const onConflict = { key: ['kind', 'at'], update: ['record'] };
    return this.#store.write([{ into: 'pool_history', columns: ['kind', 'at', 'record'], rows, onConflict }, ...removals]);
  }
}
