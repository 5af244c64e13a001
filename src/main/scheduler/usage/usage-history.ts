// Counts what the pool was used for, by day, and answers queries. Counts are in memory until the next write: at most 5 s are lost when the
// scheduler is killed. Without new counts nothing is written, so that the disk of an idle pool can sleep.
import { dayNumberOf, dayOf, daysOfQuery, subjectOf, type Usage, type UsageQuery } from '../../../shared/api/usage';
import type { UsagePort } from '../../contracts/history-ports';
import type { Clock, Timer } from '../../platform/clock';
import type { Logger } from '../../platform/logger';
import { ownTurn } from '../../platform/own-turn';
import { COUNTS_WRITE_DELAY_MS } from '../database/store';
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
  readonly store: Pick<UsageStore, 'firstDay' | 'placesOf' | 'rowsOf' | 'write'>;
  /** A day whose rows in the store are known, so that it can be counted at once. */
  readonly known?: { readonly day: number; readonly places: readonly UsagePlace[] };
  /** Null: not known any more. */
  readonly names: { readonly key: (id: string) => string | null; readonly node: (id: string) => string | null };
  readonly clock: Clock;
  readonly logger: Logger;
}

interface CountedDay {
  counts: UsageDay;
  /** Its rows in the store are not known yet. */
  isLoading: boolean;
}

export class UsageHistory implements JobUsage, UsagePort {
  readonly #options: UsageHistoryOptions;
  /** The days with counts that are not written, and today. */
  readonly #days = new Map<number, CountedDay>();
  /** Handed to the store, and not durable yet. */
  #writing: readonly DayRows[] = [];
  /** The writes that have begun. */
  #writes = 0;
  /** When the last write has ended, and its counts are stored or not written again. */
  #lastWrite: Promise<unknown> = Promise.resolve();
  readonly #sums = new BoundedWork<Usage>(SUM_LIMITS);
  #timer: Timer | null = null;
  #isStopped = false;

  constructor(options: UsageHistoryOptions) {
    this.#options = options;
    const { known } = options;
    if (known !== undefined) this.#days.set(known.day, { counts: new UsageDay(known.places), isLoading: false });
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
      for (const row of await this.#rowsOf(day, kind)) {
        sum.add(day, row);
        rows++;
      }
      if (rows < ROWS_PER_TURN) continue;
      rows = 0;
      await ownTurn();
    }
    await ownTurn();
    const summed = await inOwnTurns(sum.rows(subjectOf(by) === 'node' ? names.node : names.key));
    const unstored = [...this.#writing.map(({ day }) => day), ...this.#unwrittenDays()];
    const since = Math.min((await store.firstDay()) ?? Infinity, ...unstored);
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

  /** The stored rows of a day, and those that are not durable. No write runs during the read: its counts would be in both, or in neither. */
  async #rowsOf(day: number, kind: UsagePlace['kind']): Promise<readonly CountedRow[]> {
    for (;;) {
      while (this.#writing.some((one) => one.day === day)) await this.#lastWrite;
      const writes = this.#writes;
      const stored = await this.#options.store.rowsOf(day, kind);
      const counted = [...(this.#days.get(day)?.counts.counted ?? [])].filter((row) => row.kind === kind);
      if (writes === this.#writes) return [...stored, ...counted];
    }
  }

  #unwrittenDays(): readonly number[] {
    return [...this.#days].filter(([, { counts }]) => counts.isUnwritten).map(([day]) => day);
  }

  #add(place: UsagePlace, counts: Partial<UsageCounts>): void {
    this.#addTo(dayNumberOf(this.#options.clock.wallMs()), place, counts);
  }

  #addTo(day: number, place: UsagePlace, counts: Partial<UsageCounts>): void {
    const counted = this.#days.get(day) ?? this.#begin(day);
    counted.counts.add(place, counts);
    if (!counted.isLoading) this.#writeLater();
  }

  /**
   * Counts the day as an empty one until its rows in the store are known. Until then nothing of it is written, except at a stop: its rows
   * count against the limits of the day.
   */
  #begin(day: number): CountedDay {
    const begun: CountedDay = { counts: new UsageDay([]), isLoading: true };
    this.#days.set(day, begun);
    const unwritten = this.#writing.flatMap((one) => (one.day === day ? one.rows : []));
    void this.#options.store.placesOf(day).then((stored) => {
      const rows = begun.counts.take();
      begun.counts = new UsageDay([...stored, ...unwritten]);
      begun.isLoading = false;
      for (const { counts, ...place } of rows) begun.counts.add(place, counts);
      if (rows.length > 0) this.#writeLater();
    });
    return begun;
  }

  #writeLater(): void {
    if (this.#isStopped) return;
    this.#timer ??= this.#options.clock.setTimer(COUNTS_WRITE_DELAY_MS, () => {
      this.#timer = null;
      this.#write();
    });
  }

  #write(): void {
    const { clock, store, logger } = this.#options;
    const today = dayNumberOf(clock.wallMs());
    const ready = [...this.#days].filter(([, { isLoading }]) => !isLoading || this.#isStopped);
    const days = ready.map(([day, { counts }]) => ({ day, rows: counts.take() })).filter(({ rows }) => rows.length > 0);
    for (const [day] of ready) if (day !== today) this.#days.delete(day);
    if (days.length === 0) return;
    this.#writes++;
    this.#writing = [...this.#writing, ...days];
    this.#lastWrite = store.write(days, today).then((written) => {
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
