// Counts what the pool was used for, by day, and answers queries. Counts are in memory until the next write: at most 5 s are lost when the
// scheduler is killed. Without new counts nothing is written, so that the disk of an idle pool can sleep.
import { dayNumberOf, dayOf, daysOfQuery, subjectOf, type Usage, type UsageQuery } from '../../../shared/api/usage';
import type { UsagePort } from '../../contracts/history-ports';
import type { Clock, Timer } from '../../platform/clock';
import type { Logger } from '../../platform/logger';
import { ownTurn } from '../../platform/own-turn';
import { COUNTS_WRITE_DELAY_MS } from '../database/group-commit';
import type { CountedTokens } from '../dispatch/prediction/counted-tokens';
import type { JobUsage } from '../jobs/job-usage';
import { gpuMsOf } from '../jobs/machine/gpu-time';
import type { Attempt, JobFacts, JobRecord } from '../jobs/machine/job-record';
import { BoundedWork } from './bounded-work';
import { attemptCounts, requestCounts, tokenCounts } from './core/counted-job';
import type { UsageCounts } from './core/usage-counts';
import { type CountedRow, NO_KEY, OTHER, UsageDay, type UsagePlace } from './core/usage-day';
import { kindOf, UsageSum } from './core/usage-sum';
import type { DayRows, UsageStore } from './usage-store';

/** A turn of the event loop reads so many rows: a few milliseconds. */
const ROWS_PER_TURN = 2000;

/** The sum of a year may need 40 MB. */
const SUM_LIMITS = { maxAtOnce: 2, maxWaiting: 32 } as const;

export interface UsageHistoryOptions {
  readonly store: UsageStore;
  /** Null: not known any more. */
  readonly names: { readonly key: (id: string) => string | null; readonly node: (id: string) => string | null };
  readonly clock: Clock;
  readonly logger: Logger;
}

export class UsageHistory implements JobUsage, UsagePort {
  readonly #options: UsageHistoryOptions;
  /** The days with counts that are not written, and today. */
  readonly #days = new Map<number, UsageDay>();
  /** Handed to the store, and not durable yet. */
  #writing: readonly DayRows[] = [];
  readonly #sums = new BoundedWork<Usage>(SUM_LIMITS);
  #timer: Timer | null = null;
  #isStopped = false;

  constructor(options: UsageHistoryOptions) {
    this.#options = options;
  }

  attemptEnded(job: JobFacts, attempt: Attempt, tokens: CountedTokens | null): void {
    const counts = attempt.outcome === null ? null : attemptCounts(attempt.outcome);
    if (counts === null) return;
    const gpuMs = gpuMsOf(attempt);
    this.#add({ kind: 'node', id: attempt.nodeId, model: job.task.model }, { ...counts, ...tokenCounts(tokens), gpuMs });
    this.#add({ kind: 'key', id: job.submitter ?? NO_KEY, model: job.task.model }, { gpuMs });
  }

  /** A model that no node ran may be any text of a client, and gets no row. */
  jobEnded({ facts, lastAttempt, status }: JobRecord, tokens: CountedTokens | null): void {
    const model = lastAttempt === 0 ? OTHER : facts.task.model;
    this.#add({ kind: 'key', id: facts.submitter ?? NO_KEY, model }, { ...requestCounts(status), ...tokenCounts(tokens) });
  }

  /** A request over a limit of its key. Its model may be any text of a client. */
  requestRefused(keyId: string | null): void {
    this.#add({ kind: 'key', id: keyId ?? NO_KEY, model: OTHER }, { refused: 1 });
  }

  async usage(query: UsageQuery): Promise<Usage | null> {
    return this.#sums.run(JSON.stringify(query), () => this.#sumOf(query));
  }

  async #sumOf(query: UsageQuery): Promise<Usage> {
    const { store, names, clock } = this.#options;
    const nowWallMs = clock.wallMs();
    const { by, key, model, node_id: nodeId } = query;
    const { first, last } = daysOfQuery(query, nowWallMs);
    const kind = kindOf(by, nodeId);
    const sum = new UsageSum({ by, first, last, id: nodeId ?? key, model });
    let rows = 0;
    for (let day = first; day <= last; day++) {
      for (const row of this.#rowsOf(day, kind)) {
        sum.add(day, row);
        rows++;
      }
      if (rows < ROWS_PER_TURN) continue;
      rows = 0;
      await ownTurn();
    }
    await ownTurn();
    const summed = await inOwnTurns(sum.rows(subjectOf(by) === 'node' ? names.node : names.key));
    const since = Math.min(store.firstDay() ?? Infinity, ...this.#days.keys());
    return {
      from: dayOf(first),
      to: dayOf(last),
      today: dayOf(dayNumberOf(nowWallMs)),
      by,
      since: Number.isFinite(since) ? dayOf(since) : null,
      total: sum.total,
      rows: [...summed],
    };
  }

  stop(): void {
    this.#isStopped = true;
    this.#timer?.cancel();
    this.#write();
  }

  /** The stored rows of a day, and those that are not durable. A write becomes durable between two turns of the event loop. */
  *#rowsOf(day: number, kind: UsagePlace['kind']): Iterable<CountedRow> {
    yield* this.#options.store.rowsOf(day, kind);
    const unwritten = [...(this.#days.get(day)?.counted ?? []), ...this.#writing.flatMap((one) => (one.day === day ? one.rows : []))];
    for (const row of unwritten) if (row.kind === kind) yield row;
  }

  #add(place: UsagePlace, counts: Partial<UsageCounts>): void {
    this.#addTo(dayNumberOf(this.#options.clock.wallMs()), place, counts);
  }

  #addTo(day: number, place: UsagePlace, counts: Partial<UsageCounts>): void {
    const { clock, store } = this.#options;
    let counted = this.#days.get(day);
    if (counted === undefined) {
      const unwritten = this.#writing.flatMap((one) => (one.day === day ? one.rows : []));
      this.#days.set(day, (counted = new UsageDay([...store.placesOf(day), ...unwritten])));
    }
    counted.add(place, counts);
    this.#timer ??= clock.setTimer(COUNTS_WRITE_DELAY_MS, () => {
      this.#timer = null;
      this.#write();
    });
  }

  #write(): void {
    const { clock, store, logger } = this.#options;
    const today = dayNumberOf(clock.wallMs());
    const days = [...this.#days].map(([day, counted]) => ({ day, rows: counted.take() })).filter(({ rows }) => rows.length > 0);
    for (const day of this.#days.keys()) if (day !== today) this.#days.delete(day);
    if (days.length === 0) return;
    this.#writing = [...this.#writing, ...days];
    void store.write(days, today).then((written) => {
      this.#writing = this.#writing.filter((one) => !days.includes(one));
      if (written.ok) return;
      logger.log('error', 'usage_not_written', { reason: written.error.reason });
      if (this.#isStopped) return;
      // Again with the next write.
      for (const { day, rows } of days) for (const { counts, ...place } of rows) this.#addTo(day, place, counts);
    });
  }
}

async function inOwnTurns<Result>(parts: Generator<undefined, Result>): Promise<Result> {
  for (;;) {
    const next = parts.next();
    if (next.done === true) return next.value;
    await ownTurn();
  }
}
