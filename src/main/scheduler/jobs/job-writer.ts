// Persists jobs with group commit: all changes of one turn of the event loop are one batch, and callers continue after its commit. Changes
// of interactive jobs are written behind: with the next batch, at the latest after WRITE_BEHIND_MS (ADR 0019). When a write fails, new jobs
// are refused, and changes of known jobs stay in memory and are retried (api §1). Small changes are written first, so a large task or
// result that does not fit blocks no other change.
import type { JobResultView } from '../../../shared/api/job';
import { fail, ok, type Result } from '../../../shared/result';
import type { Clock, Timer } from '../../platform/clock';
import type { Logger } from '../../platform/logger';
import type { JobSettings } from './job-settings';
import type { IdempotencyKey, JobBatch, JobChange, JobInsert, JobStore, StoreFailure } from './job-store';
import type { JobRecord } from './machine/job-record';
import { toStoredJob } from './machine/stored-job';
import { withoutAnswer } from './machine/stored-result';
import { resultText } from './result-json';
import { type Changes, type PendingChange, UnwrittenChanges } from './unwritten-changes';

const RETRY_MS = 1000;
/** Most short requests end within this time, so that their record is one write. */
const WRITE_BEHIND_MS = 100;

interface PendingInsert {
  readonly insert: JobInsert;
  readonly resolve: (written: Result<null, StoreFailure>) => void;
}

interface Waiter {
  readonly jobId: string;
  /** `isDurable` false: the first try failed. */
  readonly callback: (isDurable: boolean) => void;
  /** True: called after the first try, successful or not. False: called when the job is durable. */
  readonly isFirstTryOnly: boolean;
}

export interface JobWriterOptions extends Pick<JobSettings, 'keepsAnswers'> {
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
  #inserts = new Map<string, PendingInsert>();
  #changes: Changes = new Map();
  readonly #unwritten = new UnwrittenChanges();
  /** In the order in which they began to wait: a slot is freed before it is assigned again. */
  #waiters: Waiter[] = [];
  #isScheduled = false;
  /** The last batch could not write its changes without results. */
  #isSmallWriteFailing = false;
  #isFailing = false;
  #isBehind = false;
  #behind: Timer | null = null;
  #retry: Timer | null = null;
  #isClosed = false;
  #keepsAnswers: boolean;

  constructor(options: JobWriterOptions) {
    this.#options = options;
    this.#keepsAnswers = options.keepsAnswers;
  }

  configure({ keepsAnswers }: Pick<JobSettings, 'keepsAnswers'>): void {
    this.#keepsAnswers = keepsAnswers;
  }

  /** Small writes fail, or too many results are uncommitted. No new job must be started. */
  get isFailing(): boolean {
    return this.#isFailing;
  }

  /** False: writes fail, so an interactive job must wait for its insert, too. */
  get canWriteBehind(): boolean {
    return !this.#isFailing && !this.#isBehind;
  }

  /** Whether `insert` has not decided about the job yet. */
  isInserting(jobId: string): boolean {
    return this.#inserts.has(jobId);
  }

  /** The result that ended the job as it will be stored, while it is not durable. */
  pendingResult(jobId: string): JobResultView | null {
    return this.#pendingChange(jobId)?.result ?? null;
  }

  /** Resolves when the job is durable with all its changes of this turn, or when the insert has failed and nothing was written. */
  insert(record: JobRecord, task: string, key: IdempotencyKey | null): Promise<Result<null, StoreFailure>> {
    if (this.#isClosed) return Promise.resolve(fail({ isFull: false, reason: 'the store is closed' }));
    return new Promise((resolve) => {
      this.#inserts.set(record.facts.jobId, { insert: { job: toStoredJob(record), task, key }, resolve });
      this.hurry();
    });
  }

  /** Writes the job behind. A job whose write fails is not refused: the write is retried. */
  insertBehind(record: JobRecord, task: string): void {
    const { jobId } = record.facts;
    this.#changes.set(jobId, { record, result: null, ...this.#changes.get(jobId), unwrittenTask: task });
    this.#scheduleBehind();
  }

  /** A job with a `result` has ended and never changes again. */
  changed(record: JobRecord, result: JobResultView | null): void {
    const { jobId, interactive } = record.facts;
    const unwrittenTask = this.#pendingChange(jobId)?.unwrittenTask ?? null;
    const stored = result !== null && interactive && !this.#keepsAnswers ? withoutAnswer(result) : result;
    // To encode a large result takes as long as to write it, so the turn of the write does not do both.
    if (stored !== null) resultText(stored);
    this.#unwritten.forget(jobId);
    this.#changes.set(jobId, { record, result: stored, unwrittenTask });
    if (interactive) this.#scheduleBehind();
    else this.hurry();
  }

  /** Pending changes are written at the end of this turn. */
  hurry(): void {
    if (this.#isScheduled || this.#isClosed) return;
    this.#isScheduled = true;
    this.#options.defer(() => {
      if (!this.#isClosed) this.flush();
    });
  }

  /** Calls back when the current state of the job is durable: at once if it is. Never for a job whose insert is refused. */
  whenDurable(jobId: string, callback: () => void): void {
    this.#wait({ jobId, callback, isFirstTryOnly: false });
  }

  /** Resolves to whether the current state of the job became durable at the next try. */
  isDurableSoon(jobId: string): Promise<boolean> {
    return new Promise((resolve) => {
      this.#wait({ jobId, callback: resolve, isFirstTryOnly: true });
      this.hurry();
    });
  }

  /** Writes pending changes now. */
  flush(): void {
    this.#isScheduled = false;
    this.#behind?.cancel();
    this.#behind = null;
    const inserts = [...this.#inserts.values()];
    const changes = this.#changes;
    if (inserts.length + changes.size === 0) return;
    this.#inserts = new Map();
    this.#changes = new Map();
    const unwrittenBefore = this.#unwritten.size;
    const accepted = this.#writeAll(inserts, changes);
    if (this.#unwritten.size > unwrittenBefore) this.#writeUnwritten();
    this.#updateFailing();
    this.#endFirstTries();
    for (const { resolve } of inserts) resolve(accepted);
  }

  /** Writes pending changes. Later changes are ignored. */
  close(): void {
    this.#retryWrites();
    this.#retry?.cancel();
    this.#behind?.cancel();
    this.#isClosed = true;
  }

  #wait(waiter: Waiter): void {
    if (this.#isPending(waiter.jobId)) this.#waiters.push(waiter);
    else waiter.callback(true);
  }

  #isPending(jobId: string): boolean {
    return this.#pendingChange(jobId) !== undefined;
  }

  #pendingChange(jobId: string): PendingChange | undefined {
    return this.#changes.get(jobId) ?? this.#unwritten.get(jobId);
  }

  #scheduleBehind(): void {
    if (this.#isClosed) return;
    this.#behind ??= this.#options.clock.setTimer(WRITE_BEHIND_MS, () => {
      this.flush();
    });
  }

  /**
   * Tries all of the batch, then all but tasks written behind and results, then only the changes of known jobs. Keeps changes that were not
   * written.
   */
  #writeAll(inserts: readonly PendingInsert[], changes: Changes): Result<null, StoreFailure> {
    this.#isSmallWriteFailing = false;
    const whole = this.#commit(inserts, changes);
    if (whole.ok) return whole;
    this.#logFailure(whole.error, inserts.length, changes.size);
    const small: Changes = new Map();
    for (const [jobId, change] of changes) {
      if (change.result === null && change.unwrittenTask === null) small.set(jobId, change);
      else this.#unwritten.keep(jobId, change);
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
  }

  /** Waiters for the first try learn that it failed. */
  #endFirstTries(): void {
    const [failed, waiting] = partition(this.#waiters, ({ jobId, isFirstTryOnly }) => isFirstTryOnly && this.#isPending(jobId));
    this.#waiters = waiting;
    for (const { callback } of failed) callback(false);
  }

  #writeUnwritten(): void {
    this.#unwritten.write((batch) => this.#commit([], batch).ok);
  }

  #commit(inserts: readonly PendingInsert[], changes: Changes): Result<null, StoreFailure> {
    const written = this.#options.store.commit(batchOf(inserts, changes));
    if (!written.ok) return written;
    this.#options.onDurable([...changes.values()]);
    const [due, others] = partition(this.#waiters, ({ jobId }) => !this.#isPending(jobId));
    this.#waiters = others;
    for (const { callback } of due) callback(true);
    return ok(null);
  }

  /** Sets `isFailing` and `canWriteBehind`, schedules the next try, and reports the recovery. */
  #updateFailing(): void {
    const wasFailing = this.#isFailing;
    this.#isBehind = this.#unwritten.hasNewJob;
    this.#isFailing = this.#isSmallWriteFailing || this.#unwritten.isTooLarge;
    if (this.#isFailing || this.#unwritten.size > 0) this.#retry ??= this.#retryLater();
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
    if (this.#unwritten.size === 0) return;
    this.#writeUnwritten();
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

/** A job that is written behind is inserted with its newest state. */
function batchOf(accepted: readonly PendingInsert[], pending: Changes): JobBatch {
  const inserts = accepted.map(({ insert }) => insert);
  const changes: JobChange[] = [];
  for (const { record, result, unwrittenTask } of pending.values()) {
    const job = toStoredJob(record);
    if (unwrittenTask !== null) inserts.push({ job, task: unwrittenTask, key: null });
    if (unwrittenTask === null || result !== null) changes.push({ job, result });
  }
  return { inserts, changes };
}

function partition<Item>(items: readonly Item[], isFirst: (item: Item) => boolean): [Item[], Item[]] {
  const first: Item[] = [];
  const second: Item[] = [];
  for (const item of items) (isFirst(item) ? first : second).push(item);
  return [first, second];
}
