// Schedules the removal of finished jobs, by age, number and size, and of expired idempotency keys. The store decides which ones
// (`Retention`).
import { messageOfError } from '../../../shared/errors';
import { fail, type Result } from '../../../shared/result';
import type { Clock, Timer } from '../../platform/clock';
import type { Logger } from '../../platform/logger';
import type { JobStore, Retention, StoreFailure } from './job-store';

const INTERVAL_MS = 60_000;
/** Pruning blocks the event loop, so it runs in batches. */
const BATCH_SIZE = 500;
const PAUSE_MS = 250;

export interface JobPruningOptions {
  readonly store: Pick<JobStore, 'prune'>;
  readonly retention: Retention;
  readonly clock: Clock;
  readonly logger: Logger;
}

export class JobPruning {
  readonly #options: JobPruningOptions;
  #retention: Retention;
  #timer: Timer;
  #running: Promise<void> | null = null;
  #nothingToPruneUntilMonotonicMs = -Infinity;
  #isStopped = false;

  constructor(options: JobPruningOptions) {
    this.#options = options;
    this.#retention = options.retention;
    this.#timer = this.#after(PAUSE_MS);
  }

  /** For the next removal. */
  configure(retention: Retention): void {
    this.#retention = retention;
  }

  /** Resolves when no removal runs any more. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#timer.cancel();
    await this.#running;
  }

  /** Removes one batch at once, and the rest soon. Does nothing when there was nothing to remove a moment ago. */
  async now(): Promise<void> {
    if (this.#isStopped || this.#options.clock.monotonicMs() < this.#nothingToPruneUntilMonotonicMs) return;
    this.#timer.cancel();
    await (this.#running ??= this.#prune());
  }

  #after(ms: number): Timer {
    return this.#options.clock.setTimer(ms, () => {
      this.#running ??= this.#prune();
    });
  }

  /** Runs again soon when more may be due. */
  async #prune(): Promise<void> {
    const { clock, logger } = this.#options;
    const pruned = await this.#pruned();
    if (!pruned.ok) logger.log('error', 'job_store_write_failed', { reason: pruned.error.reason });
    const isDone = !pruned.ok || pruned.value === 0;
    if (isDone) this.#nothingToPruneUntilMonotonicMs = clock.monotonicMs() + PAUSE_MS;
    this.#running = null;
    if (!this.#isStopped) this.#timer = this.#after(isDone ? INTERVAL_MS : PAUSE_MS);
  }

  /** A database that cannot be read has the same consequence as one that cannot be written. */
  async #pruned(): Promise<Result<number, StoreFailure>> {
    try {
      return await this.#options.store.prune(this.#retention, this.#options.clock.wallMs(), BATCH_SIZE);
    } catch (error) {
      return fail({ isFull: false, reason: messageOfError(error) });
    }
  }
}
