// Persists jobs with group commit: all changes of one turn of the event loop are one batch, and callers continue after its commit. When a
// write fails, new jobs are refused, and changes of known jobs stay in memory and are retried (api §1). Small changes are written first,
// so a large result that does not fit blocks no other change.
import type { JobResultView } from '../../../shared/api/job';
import { fail, ok, type Result } from '../../../shared/result';
import type { Clock, Timer } from '../../platform/clock';
import type { Logger } from '../../platform/logger';
import type { IdempotencyKey, JobChange, JobInsert, JobStore, StoreFailure } from './job-store';
import type { JobRecord } from './machine/job-record';
import { toStoredJob } from './machine/stored-job';

const RETRY_MS = 1000;
/** Results that do not fit stay in memory. Above this size no new job is started, because its result would need more memory. */
const MAX_UNCOMMITTED_CHARACTERS = 64 * 1024 * 1024;

interface PendingInsert {
  readonly insert: JobInsert;
  readonly resolve: (written: Result<null, StoreFailure>) => void;
}

export interface PendingChange {
  readonly record: JobRecord;
  readonly result: JobResultView | null;
}

/** A change with a result whose write failed. */
interface UncommittedChange extends PendingChange {
  readonly characters: number;
}

interface Waiter {
  readonly jobId: string;
  /** `isDurable` false: the first try failed. */
  readonly callback: (isDurable: boolean) => void;
  /** True: called after the first try, successful or not. False: called when the job is durable. */
  readonly isFirstTryOnly: boolean;
}

type Changes = Map<string, PendingChange>;

export interface JobWriterOptions {
  readonly store: Pick<JobStore, 'commit'>;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Calls back at the end of this turn of the event loop. */
  readonly defer: (callback: () => void) => void;
  /** The changes that were written, each with the newest durable record of its job, and the result that ended the job. */
  readonly onDurable: (changes: readonly PendingChange[]) => void;
  /** Writes succeed again after they failed. */
  readonly onRecovered: () => void;
}

export class JobWriter {
  readonly #options: JobWriterOptions;
  #loggedAtMonotonicMs = -Infinity;
  #inserts: PendingInsert[] = [];
  #changes: Changes = new Map();
  readonly #uncommitted = new Map<string, UncommittedChange>();
  /** In the order in which they began to wait: a slot is freed before it is assigned again. */
  #waiters: Waiter[] = [];
  #isScheduled = false;
  /** The last batch could not write its changes without results. */
  #isSmallWriteFailing = false;
  #isFailing = false;
  #retry: Timer | null = null;
  #isClosed = false;

  constructor(options: JobWriterOptions) {
    this.#options = options;
  }

  /** Small writes fail, or too many results are uncommitted. No new job must be started. */
  get isFailing(): boolean {
    return this.#isFailing;
  }

  /** Resolves when the job is durable with all its changes of this turn, or when the insert has failed and nothing was written. */
  insert(record: JobRecord, task: string, key: IdempotencyKey | null): Promise<Result<null, StoreFailure>> {
    if (this.#isClosed) return Promise.resolve(fail({ isFull: false, reason: 'the store is closed' }));
    return new Promise((resolve) => {
      this.#inserts.push({ insert: { job: toStoredJob(record), task, key }, resolve });
      this.#schedule();
    });
  }

  /** A job with a `result` has ended and never changes again. */
  changed(record: JobRecord, result: JobResultView | null): void {
    this.#changes.set(record.facts.jobId, { record, result });
    this.#schedule();
  }

  /** Calls back when the current state of the job is durable: at once if it is. Never for a job whose insert is refused. */
  whenDurable(jobId: string, callback: () => void): void {
    this.#wait({ jobId, callback, isFirstTryOnly: false });
  }

  /** Resolves to whether the current state of the job became durable at the next try. */
  isDurableSoon(jobId: string): Promise<boolean> {
    return new Promise((resolve) => {
      this.#wait({ jobId, callback: resolve, isFirstTryOnly: true });
    });
  }

  /** Writes pending changes now. */
  flush(): void {
    this.#isScheduled = false;
    const inserts = this.#inserts;
    const changes = this.#changes;
    if (inserts.length + changes.size === 0) return;
    this.#inserts = [];
    this.#changes = new Map();
    const uncommittedBefore = this.#uncommitted.size;
    const accepted = this.#writeAll(inserts, changes);
    if (this.#uncommitted.size > uncommittedBefore) this.#writeUncommitted();
    this.#updateFailing();
    for (const { resolve } of inserts) resolve(accepted);
  }

  /** Writes pending changes. Later changes are ignored. */
  close(): void {
    this.#retryWrites();
    this.#retry?.cancel();
    this.#isClosed = true;
  }

  #wait(waiter: Waiter): void {
    if (this.#isPending(waiter.jobId)) this.#waiters.push(waiter);
    else waiter.callback(true);
  }

  #isPending(jobId: string): boolean {
    return this.#changes.has(jobId) || this.#uncommitted.has(jobId);
  }

  #schedule(): void {
    if (this.#isScheduled || this.#isClosed) return;
    this.#isScheduled = true;
    this.#options.defer(() => {
      if (!this.#isClosed) this.flush();
    });
  }

  /** Tries all of the batch, then all but the results, then only the changes of known jobs. Keeps changes that were not written. */
  #writeAll(inserts: readonly PendingInsert[], changes: Changes): Result<null, StoreFailure> {
    this.#isSmallWriteFailing = false;
    const whole = this.#commit(inserts, changes);
    if (whole.ok) return whole;
    this.#logFailure(whole.error, inserts.length, changes.size);
    const small: Changes = new Map();
    for (const [jobId, change] of changes) {
      if (change.result === null) small.set(jobId, change);
      else this.#keepResult(jobId, change);
    }
    if (small.size < changes.size && this.#commit(inserts, small).ok) return ok(null);
    this.#refuse(inserts, small);
    this.#isSmallWriteFailing = small.size > 0 && !(inserts.length > 0 && this.#commit([], small).ok);
    if (this.#isSmallWriteFailing) this.#keep(small);
    return whole;
  }

  /** Refused jobs do not exist. Their callbacks are never called. */
  #refuse(inserts: readonly PendingInsert[], changes: Changes): void {
    const refused = new Set(inserts.map(({ insert }) => insert.job.facts.jobId));
    for (const jobId of refused) changes.delete(jobId);
    this.#waiters = this.#waiters.filter(({ jobId }) => !refused.has(jobId));
  }

  #keep(changes: Changes): void {
    for (const [jobId, change] of changes) this.#changes.set(jobId, change);
    const [failed, waiting] = partition(this.#waiters, ({ jobId, isFirstTryOnly }) => isFirstTryOnly && this.#isPending(jobId));
    this.#waiters = waiting;
    for (const { callback } of failed) callback(false);
  }

  #keepResult(jobId: string, change: PendingChange): void {
    this.#uncommitted.set(jobId, { ...change, characters: JSON.stringify(change.result).length });
  }

  /**
   * Writes the smallest results first. Batches double until one does not fit, then halve. When a single result does not fit, no larger
   * one does, so the loop ends.
   */
  #writeUncommitted(): void {
    let bySize = [...this.#uncommitted].sort(([, a], [, b]) => a.characters - b.characters);
    let [count, growth] = [1, 2];
    while (bySize.length > 0 && count >= 1) {
      const batch = bySize.slice(0, count);
      for (const [jobId] of batch) this.#uncommitted.delete(jobId);
      if (this.#commit([], new Map(batch)).ok) {
        bySize = bySize.slice(count);
        count *= growth;
        continue;
      }
      for (const [jobId, change] of batch) this.#uncommitted.set(jobId, change);
      growth = 1;
      count = Math.floor(batch.length / 2);
    }
  }

  #commit(inserts: readonly PendingInsert[], changes: Changes): Result<null, StoreFailure> {
    const written = this.#options.store.commit({
      inserts: inserts.map(({ insert }) => insert),
      changes: [...changes.values()].map(asChange),
    });
    if (!written.ok) return written;
    this.#options.onDurable([...changes.values()]);
    const [due, others] = partition(this.#waiters, ({ jobId }) => !this.#isPending(jobId));
    this.#waiters = others;
    for (const { callback } of due) callback(true);
    return ok(null);
  }

  /** Sets `isFailing`, schedules the next try, and reports the recovery. */
  #updateFailing(): void {
    const wasFailing = this.#isFailing;
    const characters = [...this.#uncommitted.values()].reduce((sum, change) => sum + change.characters, 0);
    this.#isFailing = this.#isSmallWriteFailing || characters > MAX_UNCOMMITTED_CHARACTERS;
    if (this.#isFailing || this.#uncommitted.size > 0) this.#retry ??= this.#retryLater();
    else {
      this.#retry?.cancel();
      this.#retry = null;
    }
    if (wasFailing && !this.#isFailing) this.#options.onRecovered();
  }

  #retryLater(): Timer {
    return this.#options.clock.setTimer(RETRY_MS, () => {
      this.#retry = null;
      this.#retryWrites();
    });
  }

  #retryWrites(): void {
    this.flush();
    if (this.#uncommitted.size === 0) return;
    this.#writeUncommitted();
    this.#updateFailing();
  }

  /** Logs once a second: under load every turn of the event loop fails. */
  #logFailure({ reason }: StoreFailure, refusedJobs: number, changes: number): void {
    const nowMonotonicMs = this.#options.clock.monotonicMs();
    if (nowMonotonicMs - this.#loggedAtMonotonicMs < RETRY_MS) return;
    this.#loggedAtMonotonicMs = nowMonotonicMs;
    this.#options.logger.log('error', 'job_store_write_failed', { reason, refused_jobs: refusedJobs, changes });
  }
}

const asChange = ({ record, result }: PendingChange): JobChange => ({ job: toStoredJob(record), result });

function partition<Item>(items: readonly Item[], isFirst: (item: Item) => boolean): [Item[], Item[]] {
  const first: Item[] = [];
  const second: Item[] = [];
  for (const item of items) (isFirst(item) ? first : second).push(item);
  return [first, second];
}
