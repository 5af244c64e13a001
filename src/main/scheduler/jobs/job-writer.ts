// Brings jobs to the disk: everything that happened in one turn of the event loop is one batch, and callers go on after its
// commit. When the disk does not take all of it, new jobs are refused, and changes of known ones are kept and tried again (api §1):
// small ones first, so that one large result that does not fit keeps nothing else from the disk.
import type { JobResultView } from '../../../shared/api/job';
import { fail, ok, type Result } from '../../../shared/result';
import type { Clock, Timer } from '../../platform/clock';
import type { Logger } from '../../platform/logger';
import type { IdempotencyKey, JobChange, JobInsert, JobStore, StoreFailure } from './job-store';
import type { JobRecord } from './machine/job-record';
import { storedJobFrom } from './machine/stored-job';

const RETRY_MS = 1000;
/** Results that do not fit are held in memory. With more than this of them nothing new is begun that would bring more. */
const MAX_HELD_CHARACTERS = 64 * 1024 * 1024;

interface PendingInsert {
  readonly insert: JobInsert;
  readonly resolve: (written: Result<null, StoreFailure>) => void;
}

export interface PendingChange {
  readonly record: JobRecord;
  readonly result: JobResultView | null;
}

/** A change with a result that did not fit where others did. */
interface HeldChange extends PendingChange {
  readonly characters: number;
}

interface Waiting {
  readonly jobId: string;
  /** `isDurable` false: it was tried and is not, yet. */
  readonly callback: (isDurable: boolean) => void;
  /** Told of the first try, whatever came of it; else of the success alone. */
  readonly isImpatient: boolean;
}

type Changes = Map<string, PendingChange>;

export interface JobWriterParts {
  readonly store: Pick<JobStore, 'commit'>;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Calls back when this turn of the event loop is over. */
  readonly defer: (callback: () => void) => void;
  /** The changes that were written, each with the newest durable record of its job, and the result that ended it. */
  readonly onDurable: (changes: readonly PendingChange[]) => void;
  /** The disk takes changes again after it did not. */
  readonly onRecovered: () => void;
}

export class JobWriter {
  readonly #parts: JobWriterParts;
  #loggedAtMs = -Infinity;
  #inserts: PendingInsert[] = [];
  #changes: Changes = new Map();
  readonly #held = new Map<string, HeldChange>();
  /** In the order in which they began to wait: a slot is freed before it is given away. */
  #waiting: Waiting[] = [];
  #isScheduled = false;
  /** The last batch left changes without results behind. */
  #isSmallRefused = false;
  #isFailing = false;
  #retry: Timer | null = null;
  #isClosed = false;

  constructor(parts: JobWriterParts) {
    this.#parts = parts;
  }

  /** The disk takes not even small changes, or too many results are held: nothing new should be begun. */
  get isFailing(): boolean {
    return this.#isFailing;
  }

  /** Resolves when the job, and what happens to it in this turn, is durable; or when nothing of it is. */
  insert(record: JobRecord, task: string, key: IdempotencyKey | null): Promise<Result<null, StoreFailure>> {
    if (this.#isClosed) return Promise.resolve(fail({ isFull: false, reason: 'the store is closed' }));
    return new Promise((resolve) => {
      this.#inserts.push({ insert: { job: storedJobFrom(record), task, key }, resolve });
      this.#schedule();
    });
  }

  /** `result` is what ended the job: nothing of it changes any more. */
  changed(record: JobRecord, result: JobResultView | null): void {
    this.#changes.set(record.facts.jobId, { record, result });
    this.#schedule();
  }

  /** Calls back when what is known of the job now is durable: at once if it is. Never for a job whose insert is refused. */
  whenDurable(jobId: string, callback: () => void): void {
    this.#wait({ jobId, callback, isImpatient: false });
  }

  /** Resolves to whether what is known of the job now became durable with the next try. */
  isDurableSoon(jobId: string): Promise<boolean> {
    return new Promise((resolve) => {
      this.#wait({ jobId, callback: resolve, isImpatient: true });
    });
  }

  /** Writes what is pending now. */
  flush(): void {
    this.#isScheduled = false;
    const inserts = this.#inserts;
    const changes = this.#changes;
    if (inserts.length + changes.size === 0) return;
    this.#inserts = [];
    this.#changes = new Map();
    const heldBefore = this.#held.size;
    const accepted = this.#writeAll(inserts, changes);
    if (this.#held.size > heldBefore) this.#writeHeld();
    this.#judge();
    for (const { resolve } of inserts) resolve(accepted);
  }

  /** Writes what is pending; later changes are not kept. */
  close(): void {
    this.#tryAgain();
    this.#retry?.cancel();
    this.#isClosed = true;
  }

  #wait(waiting: Waiting): void {
    if (this.#isPending(waiting.jobId)) this.#waiting.push(waiting);
    else waiting.callback(true);
  }

  #isPending(jobId: string): boolean {
    return this.#changes.has(jobId) || this.#held.has(jobId);
  }

  #schedule(): void {
    if (this.#isScheduled || this.#isClosed) return;
    this.#isScheduled = true;
    this.#parts.defer(() => {
      if (!this.#isClosed) this.flush();
    });
  }

  /** All of it; else all but the results, which are held; else the changes of known jobs alone. What is not written is kept. */
  #writeAll(inserts: readonly PendingInsert[], changes: Changes): Result<null, StoreFailure> {
    this.#isSmallRefused = false;
    const whole = this.#commit(inserts, changes);
    if (whole.ok) return whole;
    this.#logFailure(whole.error, inserts.length, changes.size);
    const small: Changes = new Map();
    for (const [jobId, change] of changes) {
      if (change.result === null) small.set(jobId, change);
      else this.#hold(jobId, change);
    }
    if (small.size < changes.size && this.#commit(inserts, small).ok) return ok(null);
    this.#refuse(inserts, small);
    this.#isSmallRefused = small.size > 0 && !(inserts.length > 0 && this.#commit([], small).ok);
    if (this.#isSmallRefused) this.#keep(small);
    return whole;
  }

  /** The jobs that were refused are no more, and nobody is called back for them. */
  #refuse(inserts: readonly PendingInsert[], changes: Changes): void {
    const refused = new Set(inserts.map(({ insert }) => insert.job.facts.jobId));
    for (const jobId of refused) changes.delete(jobId);
    this.#waiting = this.#waiting.filter(({ jobId }) => !refused.has(jobId));
  }

  #keep(changes: Changes): void {
    for (const [jobId, change] of changes) this.#changes.set(jobId, change);
    const [impatient, patient] = partition(this.#waiting, ({ jobId, isImpatient }) => isImpatient && this.#isPending(jobId));
    this.#waiting = patient;
    for (const { callback } of impatient) callback(false);
  }

  #hold(jobId: string, change: PendingChange): void {
    this.#held.set(jobId, { ...change, characters: JSON.stringify(change.result).length });
  }

  /** The smallest first, in batches that grow until one does not fit and shrink from there: where one alone does not, no larger one does. */
  #writeHeld(): void {
    let bySize = [...this.#held].sort(([, a], [, b]) => a.characters - b.characters);
    let [count, growth] = [1, 2];
    while (bySize.length > 0 && count >= 1) {
      const batch = bySize.slice(0, count);
      for (const [jobId] of batch) this.#held.delete(jobId);
      if (this.#commit([], new Map(batch)).ok) {
        bySize = bySize.slice(count);
        count *= growth;
        continue;
      }
      for (const [jobId, change] of batch) this.#held.set(jobId, change);
      growth = 1;
      count = Math.floor(batch.length / 2);
    }
  }

  #commit(inserts: readonly PendingInsert[], changes: Changes): Result<null, StoreFailure> {
    const written = this.#parts.store.commit({
      inserts: inserts.map(({ insert }) => insert),
      changes: [...changes.values()].map(asChange),
    });
    if (!written.ok) return written;
    this.#parts.onDurable([...changes.values()]);
    const [due, others] = partition(this.#waiting, ({ jobId }) => !this.#isPending(jobId));
    this.#waiting = others;
    for (const { callback } of due) callback(true);
    return ok(null);
  }

  /** What was not written is tried again, and whoever waited for a better disk goes on with it. */
  #judge(): void {
    const wasFailing = this.#isFailing;
    const heldCharacters = [...this.#held.values()].reduce((sum, { characters }) => sum + characters, 0);
    this.#isFailing = this.#isSmallRefused || heldCharacters > MAX_HELD_CHARACTERS;
    if (this.#isFailing || this.#held.size > 0) this.#retry ??= this.#retryLater();
    else {
      this.#retry?.cancel();
      this.#retry = null;
    }
    if (wasFailing && !this.#isFailing) this.#parts.onRecovered();
  }

  #retryLater(): Timer {
    return this.#parts.clock.setTimer(RETRY_MS, () => {
      this.#retry = null;
      this.#tryAgain();
    });
  }

  #tryAgain(): void {
    this.flush();
    if (this.#held.size === 0) return;
    this.#writeHeld();
    this.#judge();
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

function partition<Item>(items: readonly Item[], isFirst: (item: Item) => boolean): [Item[], Item[]] {
  const first: Item[] = [];
  const second: Item[] = [];
  for (const item of items) (isFirst(item) ? first : second).push(item);
  return [first, second];
}
