// The periods of all ranges, with the marks: in memory, and in the database at most once a minute. An idle pool is written more seldom, so
// that the disk of its host can sleep.
import { POOL_RANGE_NAMES, POOL_RANGES, type PoolMark, type PoolRange } from '../../../shared/api/pool-history';
import type { Clock } from '../../platform/clock';
import type { Logger } from '../../platform/logger';
import type { MissingModels } from '../nodes/core/missing-models';
import { withMarks } from './core/marks';
import { PeriodSeries } from './core/period-series';
import type { Period } from './core/periods';
import type { HistoryRow, HistoryStore } from './history-store';
import { kindOf, MARKS, MISSING, STOPPED, type StoredPeriods } from './stored-history';

const MIN_WRITE_MS = 60_000;
const IDLE_WRITE_MS = 5 * 60_000;

export interface KeptPeriodsOptions {
  readonly store: Pick<HistoryStore, 'write'>;
  /** What the store has at the start. */
  readonly stored: StoredPeriods;
  readonly missing: MissingModels;
  readonly clock: Clock;
  readonly logger: Logger;
}

interface RangeSeries {
  readonly kind: string;
  readonly series: PeriodSeries;
  /** The periods that changed since the last write. */
  readonly changed: Set<number>;
}

export class KeptPeriods {
  readonly #options: KeptPeriodsOptions;
  readonly #ranges: Readonly<Record<PoolRange, RangeSeries>>;
  #marks: readonly PoolMark[] = [];
  #writtenMarks: readonly PoolMark[] = [];
  #writtenRevision = 0;
  #writtenAtMonotonicMs: number;
  #isWorthWriting = false;
  /** The database has the stop of an earlier run. While it is there, a crash of this run would count as that stop. */
  #hasEarlierStop = false;

  constructor(options: KeptPeriodsOptions) {
    this.#options = options;
    const { stored, missing, logger, clock } = options;
    this.#writtenAtMonotonicMs = clock.monotonicMs();
    const ranges = POOL_RANGE_NAMES.map((range): readonly [PoolRange, RangeSeries] => {
      const { seconds, stepSeconds } = POOL_RANGES[range];
      const series = new PeriodSeries({ rangeMs: seconds * 1000, stepMs: stepSeconds * 1000 }, stored.periods[range]);
      return [range, { kind: kindOf(range), series, changed: new Set() }];
    });
    this.#ranges = Object.fromEntries(ranges) as Record<PoolRange, RangeSeries>;
    this.#marks = stored.marks;
    this.#writtenMarks = this.#marks;
    if (stored.missing !== null) missing.restore(stored.missing.models, stored.missing.sinceWallMs);
    if (stored.unreadable > 0) logger.log('warn', 'pool_history_unreadable', { rows: stored.unreadable });
  }

  get marks(): readonly PoolMark[] {
    return this.#marks;
  }

  since(range: PoolRange, wallMs: number): readonly Period[] {
    return this.#ranges[range].series.since(wallMs);
  }

  /** Notes that a scheduler runs again. Its predecessor wrote the time of its stop, unless it crashed. */
  started(): void {
    const { stored, clock } = this.#options;
    const nowWallMs = clock.wallMs();
    const { stopWallMs } = stored;
    const lastWallMs = stopWallMs ?? this.#lastEndWallMs();
    if (lastWallMs === null) return;
    const awaySeconds = Math.max(0, Math.round((nowWallMs - lastWallMs) / 1000));
    this.mark([
      { kind: 'scheduler_started', at: nowWallMs, cause: stopWallMs === null ? 'crashed' : 'stopped', away_seconds: awaySeconds },
    ]);
    this.#hasEarlierStop = stopWallMs !== null;
    this.#write();
  }

  mark(marks: readonly PoolMark[]): void {
    this.#marks = withMarks(this.#marks, marks, this.#options.clock.wallMs());
  }

  /** Adds a sample. `hasWork`: jobs ran or waited. */
  add(sample: Period, hasWork: boolean): void {
    for (const { series, changed } of Object.values(this.#ranges)) changed.add(series.add(sample));
    this.#isWorthWriting ||= hasWork || this.#marks !== this.#writtenMarks;
    const passedMs = this.#options.clock.monotonicMs() - this.#writtenAtMonotonicMs;
    if (passedMs >= IDLE_WRITE_MS || (passedMs >= MIN_WRITE_MS && this.#isWorthWriting)) this.#write();
  }

  stop(): void {
    const atWallMs = this.#options.clock.wallMs();
    // The row replaces that of an earlier run.
    this.#hasEarlierStop = false;
    this.#write([{ kind: STOPPED, atWallMs: 0, record: { atWallMs } }]);
  }

  #write(more: readonly HistoryRow[] = []): void {
    const { store, missing, clock, logger } = this.#options;
    const ranges = Object.values(this.#ranges);
    const periods = ranges.flatMap(({ kind, series, changed }) =>
      [...changed].flatMap((atWallMs) => {
        const record = series.get(atWallMs);
        return record === undefined ? [] : [{ kind, atWallMs, record }];
      }),
    );
    const { revision } = missing;
    const missingRow = { kind: MISSING, atWallMs: 0, record: { sinceWallMs: missing.sinceWallMs, models: missing.stored() } };
    const nowWallMs = clock.wallMs();
    const save = [
      ...periods,
      ...(this.#marks === this.#writtenMarks ? [] : [{ kind: MARKS, atWallMs: 0, record: this.#marks }]),
      ...(revision === this.#writtenRevision ? [] : [missingRow]),
      ...more,
    ];
    const expiresStop = this.#hasEarlierStop;
    const expire = [
      ...ranges.map(({ kind, series }) => ({ kind, beforeWallMs: series.oldestWallMs(nowWallMs) })),
      ...(expiresStop ? [{ kind: STOPPED, beforeWallMs: Infinity }] : []),
    ];
    for (const { changed } of ranges) changed.clear();
    [this.#writtenMarks, this.#writtenRevision, this.#isWorthWriting] = [this.#marks, revision, false];
    this.#writtenAtMonotonicMs = clock.monotonicMs();
    this.#hasEarlierStop = false;
    void store.write({ save, expire }).then((written) => {
      if (written.ok) return;
      logger.log('error', 'pool_history_not_written', { reason: written.error.reason });
      // Again with the next write.
      for (const { kind, atWallMs } of periods) ranges.find((range) => range.kind === kind)?.changed.add(atWallMs);
      [this.#writtenMarks, this.#writtenRevision] = [[], -1];
      this.#hasEarlierStop ||= expiresStop;
    });
  }

  #lastEndWallMs(): number | null {
    const { series } = this.#ranges['7d'];
    const last = series.since(-Infinity).at(-1);
    return last === undefined ? null : last.atWallMs + last.countedMs;
  }
}
