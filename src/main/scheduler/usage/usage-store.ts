// The table of usage. A write adds to the rows of its days, so it needs no earlier counts.
import type { DatabaseSync } from 'node:sqlite';
import { USAGE_DAYS } from '../../../shared/api/usage';
import type { GroupCommit, Written } from '../database/group-commit';
import { NOTHING, type UsageCounts } from './core/usage-counts';
import type { CountedRow, UsageKind, UsagePlace } from './core/usage-day';

export interface DayRows {
  /** Days since 1970, UTC. */
  readonly day: number;
  readonly rows: readonly CountedRow[];
}

export interface UsageStore {
  /** The first day with a row. Null: there is none. */
  firstDay(): number | null;
  /** Empty also when the file cannot be read: jobs go on, and the day may get more rows than its limits. */
  placesOf(day: number): readonly UsagePlace[];
  rowsOf(day: number, kind: UsageKind): readonly CountedRow[];
  /**
   * Adds the rows. Of the days of more than a year before `today`, at most the two oldest are removed, so that no write is long. None is
   * removed when the pool was not used on the two days before `today`: the clock may be years ahead.
   */
  write(days: readonly DayRows[], today: number): Written;
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

const ADD = `INSERT INTO usage (day, kind, id, model, ${NAMES.join(', ')}) VALUES (?, ?, ?, ?, ${NAMES.map(() => '?').join(', ')})
  ON CONFLICT DO UPDATE SET ${NAMES.map((name) => `${name} = ${name} + excluded.${name}`).join(', ')}`;
const REMOVE = `DELETE FROM usage WHERE day <= $today - ${String(USAGE_DAYS)} AND day <= (SELECT min(day) FROM usage) + 1
  AND (SELECT max(day) FROM usage WHERE day < $today) >= $today - 2`;

type Row = Readonly<Record<string, unknown>>;

export class SqliteUsageStore implements UsageStore {
  readonly #database: DatabaseSync;
  readonly #writes: GroupCommit;

  constructor(database: DatabaseSync, writes: GroupCommit) {
    this.#database = database;
    this.#writes = writes;
  }

  firstDay(): number | null {
    const day = this.#database.prepare('SELECT min(day) AS day FROM usage').get()?.['day'];
    return typeof day === 'number' ? day : null;
  }

  placesOf(day: number): readonly UsagePlace[] {
    try {
      return this.#database.prepare('SELECT kind, id, model FROM usage WHERE day = ?').all(day).map(placeOf);
    } catch {
      return [];
    }
  }

  rowsOf(day: number, kind: UsageKind): readonly CountedRow[] {
    const rows = this.#database.prepare('SELECT * FROM usage WHERE day = ? AND kind = ?').all(day, kind);
    return rows.map((row) => ({ ...placeOf(row), counts: countsOf(row) }));
  }

  write(days: readonly DayRows[], today: number): Written {
    return this.#writes.write(() => {
      const add = this.#database.prepare(ADD);
      for (const { day, rows } of days)
        for (const { kind, id, model, counts } of rows) add.run(day, kind, id, model, ...COUNTS.map((count) => counts[count]));
      this.#database.prepare(REMOVE).run({ today });
    });
  }
}

const placeOf = (row: Row): UsagePlace => ({
  kind: row['kind'] === 'node' ? 'node' : 'key',
  id: String(row['id']),
  model: String(row['model']),
});

const countsOf = (row: Row): UsageCounts =>
  Object.fromEntries(COUNTS.map((count) => [count, Number(row[COLUMNS[count]])])) as Record<keyof UsageCounts, number>;
