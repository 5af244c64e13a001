// Persists jobs with group commit: all changes of one turn of the event loop are one batch, and callers continue after its commit. One batch
// is written at a time; changes that come meanwhile are the next one. Changes of interactive jobs are written behind: with the next batch,
// at the latest after WRITE_BEHIND_MS (ADR 0019). When a write fails, new jobs are refused, and changes of known jobs stay in memory and are
// retried (api §1). Small changes are written first, so a large task or result that does not fit blocks no other change.
import type { JobResultView } from '../../../shared/api/job';
import { fail, ok, type Result } from '../../../shared/result';
import type { Clock, Timer } from '../../platform/clock';
import type { Logger } from '../../platform/logger';
import { type DurabilityWaiter, DurabilityWaiters } from './durability-waiters';
import type { JobSettings } from './job-settings';
import type { IdempotencyKey, JobStore, StoreFailure } from './job-store';
import type { JobRecord } from './machine/job-record';
import { withoutAnswer } from './machine/stored-result';
import { batchOf } from './pending-batch';
import { type PendingInsert, PendingInserts } from './pending-inserts';
import { resultText } from './result-json';
import { SerialPasses } from './serial-passes';
import { type Changes, type PendingChange, UnwrittenChanges } from './unwritten-changes';

const RETRY_MS = 1000;
/** Most short requests end within this time, so that their record is one write. */
const WRITE_BEHIND_MS = 100;

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
  readonly #inserts = new PendingInserts();
  #changes: Changes = new Map();
  /** The changes in the batch that is being written, until they are durable or have another place. */
  #inFlight: Changes = new Map();
  readonly #unwritten = new UnwrittenChanges();
  /** The jobs that the present pass has written. */
  readonly #written = new Set<string>();
  readonly #waiters = new DurabilityWaiters();
  readonly #passes = new SerialPasses(() => this.#pass());
  #isScheduled = false;
  /** The next pass also tries the changes whose write failed. */
  #isRetryDue = false;
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
    return this.#inserts.isUndecided(jobId);
  }

  /** The result that ended the job as it will be stored, while it is not durable. */
  pendingResult(jobId: string): JobResultView | null {
    return this.#pendingChange(jobId)?.result ?? null;
  }

  /** Resolves when the job is durable with all its changes of this turn, or when the insert has failed and nothing was written. */
  insert(record: JobRecord, task: string, key: IdempotencyKey | null): Promise<Result<null, StoreFailure>> {
    if (this.#isClosed) return Promise.resolve(fail({ isFull: false, reason: 'the store is closed' }));
    this.hurry();
    return this.#inserts.add(record, task, key);
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
    const unwrittenTask = this.#changes.get(jobId)?.unwrittenTask ?? this.#unwritten.get(jobId)?.unwrittenTask ?? null;
    const stored = result !== null && interactive && !this.#keepsAnswers ? withoutAnswer(result) : result;
    // To encode a large result takes as long as to write it, so the turn of the write does not do both.
    if (stored !== null) resultText(stored);
    this.#unwritten.delete(jobId);
    this.#changes.set(jobId, { record, result: stored, unwrittenTask });
    if (interactive) this.#scheduleBehind();
    else this.hurry();
  }

  /** A refused job does not exist: its changes are not written, and `whenDurable` never calls back for it. */
  forget(jobId: string): void {
    for (const changes of [this.#changes, this.#inFlight, this.#unwritten]) changes.delete(jobId);
    this.#waiters.drop(jobId);
  }

  /** Pending changes are written at the end of this turn. */
  hurry(): void {
    if (this.#isScheduled || this.#isClosed) return;
    this.#isScheduled = true;
    this.#options.defer(() => void (this.#isClosed || this.flush()));
  }

  /** Calls back when the current state of the job is durable: at once if it is. Never for a job whose insert is refused. */
  whenDurable(jobId: string, callback: () => void): void {
    this.#wait({ jobId, callback, isFirstTryOnly: false });
  }

  /** Resolves to whether the current state of the job became durable at the next try. False if there is none. */
  isDurableSoon(jobId: string): Promise<boolean> {
    return new Promise((resolve) => {
      this.#wait({ jobId, callback: resolve, isFirstTryOnly: true });
      this.hurry();
    });
  }

  /** Writes pending changes now, or after the batch that is being written. Resolves when they were tried. */
  flush(): Promise<void> {
    this.#isScheduled = false;
    this.#behind?.cancel();
    this.#behind = null;
    return this.#passes.run();
  }

  /** Writes pending changes. Later jobs are refused, and later changes are not written. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#isRetryDue = true;
    await this.flush();
    this.#retry?.cancel();
  }

  async #pass(): Promise<void> {
    const isRetry = this.#isRetryDue;
    this.#isRetryDue = false;
    const inserts = this.#inserts.take();
    const changes = this.#changes;
    if (inserts.length + changes.size === 0 && !(isRetry && this.#unwritten.size > 0)) return;
    this.#changes = new Map();
    const waiters = this.#waiters.present();
    const unwrittenBefore = this.#unwritten.size;
    this.#written.clear();
    if (inserts.length + changes.size > 0) await this.#writeAll(inserts, changes);
    if (isRetry || this.#unwritten.size > unwrittenBefore) await this.#writeUnwritten();
    this.#inFlight = new Map();
    this.#updateFailing();
    this.#waiters.callFailed(waiters, (jobId) => this.#written.has(jobId));
  }

  #wait(waiter: DurabilityWaiter): void {
    if (!this.#isPending(waiter.jobId)) waiter.callback(true);
    else if (this.#isClosed && waiter.isFirstTryOnly) waiter.callback(false);
    else this.#waiters.add(waiter);
  }

  #isPending(jobId: string): boolean {
    return this.#pendingChange(jobId) !== undefined;
  }

  #pendingChange(jobId: string): PendingChange | undefined {
    return this.#changes.get(jobId) ?? this.#inFlight.get(jobId) ?? this.#unwritten.get(jobId);
  }

  #scheduleBehind(): void {
    if (this.#isClosed) return;
    this.#behind ??= this.#options.clock.setTimer(WRITE_BEHIND_MS, () => {
      void this.flush();
    });
  }

  /**
   * Tries all of the batch, then all but tasks written behind and results, then only the changes of known jobs. Keeps changes that were not
   * written. Inserts are decided before anything else is written.
   */
  async #writeAll(inserts: readonly PendingInsert[], changes: Changes): Promise<void> {
    this.#isSmallWriteFailing = false;
    const whole = await this.#commit(inserts, changes);
    if (whole.ok) {
      this.#inserts.decide(inserts, whole);
      return;
    }
    this.#logFailure(whole.error, inserts.length, changes.size);
    const small: Changes = new Map();
    for (const [jobId, change] of changes) {
      if (change.result === null && change.unwrittenTask === null) small.set(jobId, change);
      else if (!this.#isSuperseded(jobId, change)) this.#unwritten.keep(jobId, change);
    }
    if (inserts.length + small.size === 0) return;
    if (small.size < changes.size && (await this.#commit(inserts, small)).ok) {
      this.#inserts.decide(inserts, ok(null));
      return;
    }
    for (const { insert } of inserts) {
      small.delete(insert.job.facts.jobId);
      this.forget(insert.job.facts.jobId);
    }
    this.#inserts.decide(inserts, whole);
    this.#isSmallWriteFailing = small.size > 0 && !(inserts.length > 0 && (await this.#commit([], small)).ok);
    if (this.#isSmallWriteFailing)
      for (const [jobId, change] of small) if (!this.#isSuperseded(jobId, change)) this.#changes.set(jobId, change);
  }

  /** A newer change came while this one was being written, and has its place from now on. An ended job never changes again. */
  #isSuperseded(jobId: string, { unwrittenTask }: PendingChange): boolean {
    const newer = this.#changes.get(jobId);
    if (newer === undefined) return false;
    this.#changes.set(jobId, { ...newer, unwrittenTask: newer.unwrittenTask ?? unwrittenTask });
    return true;
  }

  async #writeUnwritten(): Promise<void> {
    await this.#unwritten.write(async (batch) => (await this.#commit([], batch)).ok);
    for (const [jobId] of this.#changes) {
      const older = this.#unwritten.get(jobId);
      if (older === undefined) continue;
      this.#isSuperseded(jobId, older);
      this.#unwritten.delete(jobId);
    }
  }

  async #commit(inserts: readonly PendingInsert[], changes: Changes): Promise<Result<null, StoreFailure>> {
    this.#inFlight = changes;
    const written = await this.#options.store.commit(
      batchOf(
        inserts.map(({ insert }) => insert),
        changes,
      ),
    );
    if (!written.ok) return written;
    this.#inFlight = new Map();
    for (const jobId of changes.keys()) this.#written.add(jobId);
    this.#options.onDurable([...changes.values()]);
    this.#waiters.callDurable((jobId) => this.#isPending(jobId));
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
      this.#isRetryDue = true;
      void this.flush();
    });
  }

  /** Logs once a second: under load every turn of the event loop fails. */
  #logFailure({ reason }: StoreFailure, refusedJobs: number, changes: number): void {
    const nowMonotonicMs = this.#options.clock.monotonicMs();
    if (nowMonotonicMs - this.#loggedAtMonotonicMs < RETRY_MS) return;
    this.#loggedAtMonotonicMs = nowMonotonicMs;
    this.#options.logger.log('error', 'job_store_write_failed', { reason, refused_jobs: refusedJobs, changes });
  }
}
