// The tokens of the keys on their last day, in the scheduler's database: one row for each key.
import type { Store, Written } from '../database/store';

export interface KeyDay {
  readonly keyId: string;
  readonly day: string;
  readonly tokens: number;
}

export class KeyDayStore {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  async load(): Promise<readonly KeyDay[]> {
    const rows = await this.#store.read({ text: 'SELECT key_id, day, tokens FROM key_days', values: [] });
    return rows.map((row) => ({ keyId: String(row['key_id']), day: String(row['day']), tokens: Number(row['tokens']) }));
  }

  /** All in one transaction. No two are of one key. */
  save(days: readonly KeyDay[]): Written {
    const rows = days.map(({ keyId, day, tokens }) => [keyId, day, tokens]);
    const onConflict = { key: ['key_id'], update: ['day', 'tokens'] };
    return this.#store.write([{ into: 'key_days', columns: ['key_id', 'day', 'tokens'], rows, onConflict }]);
  }

  /** Removes the rows of earlier days. */
  keepFrom(day: string): Written {
    return this.#store.write([{ text: 'DELETE FROM key_days WHERE day < ?', values: [day] }]);
  }
}
