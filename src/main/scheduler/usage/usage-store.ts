// The table of usage. A write adds to the rows of its days, so it needs no earlier counts.
import { USAGE_DAYS } from '../../../shared/api/usage';
import { statementsOf } from '../database/many-rows';
import type { Row, Store, Written } from '../database/store';
import { NOTHING, type UsageCounts } from './core/usage-counts';
import type { CountedRow, UsageKind, UsagePlace } from './core/usage-day';

export interface DayRows {
  /** Days since 1970, UTC. */
  readonly day: number;
  readonly rows: readonly CountedRow[];
}

const COLUMNS: Readonly<Record<keyof UsageCounts, string>> = {
  requests: 'requests',
  failed: 'failed',
  cancelled: 'cancelled',
  promptTokens: 'prompt_tokens',
  cachedTokens: 'cached_tokens',
  outputTokens: 'output_tokens',
  gpuMs: 'gpu_ms',
  estimated: 'estimated',
  refused: 'refused',
};
const COUNTS = Object.keys(NOTHING) as (keyof UsageCounts)[];
const NAMES = COUNTS.map((count) => COLUMNS[count]);

const PLACE = ['day', 'kind', 'id', 'model'];
const TUPLE = `(${[...PLACE, ...NAMES].map(() => '?').join(', ')})`;

const addText = (tuples: string): string =>
  `INSERT INTO usage (${[...PLACE, ...NAMES].join(', ')}) VALUES ${tuples}
   ON CONFLICT (${PLACE.join(', ')}) DO UPDATE SET ${NAMES.map((name) => `${name} = usage.${name} + excluded.${name}`).join(', ')}`;

const REMOVE = `DELETE FROM usage WHERE day <= ? AND day <= (SELECT min(day) FROM usage) + 1
  AND (SELECT max(day) FROM usage WHERE day < ?) >= ?`;

export class UsageStore {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** The first day with a row. Null: there is none. */
  async firstDay(): Promise<number | null> {
    const [row] = await this.#store.read({ text: 'SELECT min(day) AS day FROM usage', values: [] });
    const day = row?.['day'];
    return typeof day === 'number' ? day : null;
  }

  /** Empty also when the table cannot be read: jobs go on, and the day may get more rows than its limits. */
  async placesOf(day: number): Promise<readonly UsagePlace[]> {
    try {
      return (await this.#store.read({ text: 'SELECT kind, id, model FROM usage WHERE day = ?', values: [day] })).map(placeOf);
    } catch {
      return [];
    }
  }

  async rowsOf(day: number, kind: UsageKind): Promise<readonly CountedRow[]> {
    const rows = await this.#store.read({ text: 'SELECT * FROM usage WHERE day = ? AND kind = ?', values: [day, kind] });
    return rows.map((row) => ({ ...placeOf(row), counts: countsOf(row) }));
  }

  /**
   * Adds the rows. No two are of one day and place. Of the days of more than a year before `today`, at most the two oldest are removed, so
   * that no write is long. None is removed when the pool was not used on the two days before `today`: the clock may be years ahead.
   */
  write(days: readonly DayRows[], today: number): Written {
    const rows = days.flatMap((one) =>
      one.rows.map(({ kind, id, model, counts }) => [one.day, kind, id, model, ...COUNTS.map((count) => counts[count])]),
    );
    return this.#store.write([...statementsOf(rows, TUPLE, addText), { text: REMOVE, values: [today - USAGE_DAYS, today, today - 2] }]);
  }
}

const placeOf = (row: Row): UsagePlace => ({
  kind: row['kind'] === 'node' ? 'node' : 'key',
  id: String(row['id']),
  model: String(row['model']),
});

const countsOf = (row: Row): UsageCounts =>
  Object.fromEntries(COUNTS.map((count) => [count, Number(row[COLUMNS[count]])])) as Record<keyof UsageCounts, number>;
