// Brings jobs to the disk: everything that happened in one turn of the event loop is one batch, and callers go on after its
// commit. When the disk takes nothing, new jobs are refused and changes of known ones are kept and tried again (api §1).
import type { JobResultView } from '../../../shared/api/job';
import { fail, type Result } from '../../../shared/result';
import type { Clock, Timer } from '../../platform/clock';
import type { Logger } from '../../platform/logger';
import type { IdempotencyKey, JobChange, JobInsert, JobStore, StoreFailure } from './job-store';
import type { JobRecord } from './machine/job-record';
import { storedJobFrom } from './machine/stored-job';

const RETRY_MS = 1000;

interface PendingInsert {
  readonly insert: JobInsert;
  readonly resolve: (written: Result<null, StoreFailure>) => void;
}

interface PendingChange {
  record: JobRecord;
  result: JobResultView | null;
}

interface Waiting {
  readonly jobId: string;
  readonly callback: () => void;
}

/** What is written together, and who waits for it, in the order in which they began to: a slot is freed before it is given away. */
interface Batch {
  readonly changes: Map<string, PendingChange>;
  readonly waiting: readonly Waiting[];
}

export interface JobWriterParts {
  readonly store: JobStore;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Calls back when this turn of the event loop is over. */
  readonly defer: (callback: () => void) => void;
  /** What was written, each with its newest durable record. */
  readonly onDurable: (records: readonly JobRecord[]) => void;
  /** The disk takes changes again after it did not. */
  readonly onRecovered: () => void;
}

export class JobWriter {
  readonly #parts: JobWriterParts;
  #loggedAtMs = -Infinity;
  #inserts: PendingInsert[] = [];
  #changes = new Map<string, PendingChange>();
  #waiting: Waiting[] = [];
  #isScheduled = false;
  #retry: Timer | null = null;
  #isClosed = false;

  constructor(parts: JobWriterParts) {
    this.#parts = parts;
  }

  /** The last batch could not be written: nothing new should be begun. */
  get isFailing(): boolean {
    return this.#retry !== null;
  }

  /** Resolves when the job, and what happens to it in this turn, is durable; or when nothing of it is. */
  insert(record: JobRecord, task: string, key: IdempotencyKey | null): Promise<Result<null, StoreFailure>> {
    if (this.#isClosed) return Promise.resolve(fail({ isFull: false, reason: 'the store is closed' }));
    return new Promise((resolve) => {
      this.#inserts.push({ insert: { job: storedJobFrom(record), task, key }, resolve });
      this.#schedule();
    });
  }

  changed(record: JobRecord, result: JobResultView | null): void {
    const pending = this.#changes.get(record.facts.jobId);
    if (pending === undefined) this.#changes.set(record.facts.jobId, { record, result });
    else {
      pending.record = record;
      pending.result = result ?? pending.result;
    }
    this.#schedule();
  }

  /** Calls back when what is known of the job now is durable: at once if it is. Never for a job whose insert is refused. */
  whenDurable(jobId: string, callback: () => void): void {
    if (this.#changes.has(jobId)) this.#waiting.push({ jobId, callback });
    else callback();
  }

  /** Writes what is pending now. */
  flush(): void {
    this.#isScheduled = false;
    if (this.#inserts.length === 0 && this.#changes.size === 0) return;
    const inserts = this.#inserts;
    const batch: Batch = { changes: this.#changes, waiting: this.#waiting };
    this.#inserts = [];
    this.#changes = new Map();
    this.#waiting = [];
    const written = this.#parts.store.commit({
      inserts: inserts.map(({ insert }) => insert),
      changes: [...batch.changes.values()].map(asChange),
    });
    if (written.ok) this.#succeeded(batch);
    else this.#failed(written.error, inserts, batch);
    for (const { resolve } of inserts) resolve(written);
  }

  /** Writes what is pending; later changes are not kept. */
  close(): void {
    this.flush();
    this.#retry?.cancel();
    this.#isClosed = true;
  }

  #schedule(): void {
    if (this.#isScheduled || this.#isClosed) return;
    this.#isScheduled = true;
    this.#parts.defer(() => {
      if (!this.#isClosed) this.flush();
    });
  }

  #succeeded({ changes, waiting }: Batch): void {
    const wasFailing = this.isFailing;
    this.#retry?.cancel();
    this.#retry = null;
    this.#parts.onDurable([...changes.values()].map(({ record }) => record));
    for (const { callback } of waiting) callback();
    if (wasFailing) this.#parts.onRecovered();
  }

  /** The jobs that were refused are no more; the changes of the others are tried without them, then again and again. */
  #failed(error: StoreFailure, inserts: readonly PendingInsert[], batch: Batch): void {
    const { changes } = batch;
    this.#logFailure(error, inserts.length, changes.size);
    for (const { insert } of inserts) changes.delete(insert.job.facts.jobId);
    const waiting = batch.waiting.filter(({ jobId }) => changes.has(jobId));
    if (
      changes.size > 0 &&
      inserts.length > 0 &&
      this.#parts.store.commit({ inserts: [], changes: [...changes.values()].map(asChange) }).ok
    ) {
      this.#succeeded({ changes, waiting });
      return;
    }
    this.#changes = changes;
    this.#waiting = waiting;
    if (changes.size === 0) return;
    this.#retry?.cancel();
    this.#retry = this.#parts.clock.setTimer(RETRY_MS, () => {
      this.flush();
    });
  }

  /** Once a second is enough: under load every turn of the event loop fails. */
  #logFailure({ reason }: StoreFailure, refusedJobs: number, changes: number): void {
    const nowMs = this.#parts.clock.monotonicMs();
    if (nowMs - this.#loggedAtMs < RETRY_MS) return;
    this.#loggedAtMs = nowMs;
    this.#parts.logger.log('error', 'job_store_write_failed', { reason, refused_jobs: refusedJobs, changes });
  }
}

const asChange = ({ record, result }: PendingChange): JobChange => ({ job: storedJobFrom(record), result });
