// Schedules the removal of finished jobs, by age, number and size, and of expired idempotency keys. The store decides which ones
// (`Retention`).
import type { Clock, Timer } from '../../platform/clock';
import type { Logger } from '../../platform/logger';
import type { JobStore, Retention } from './job-store';

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
  #nothingToPruneUntilMonotonicMs = -Infinity;

  constructor(options: JobPruningOptions) {
    this.#options = options;
    this.#retention = options.retention;
    this.#timer = this.#after(PAUSE_MS);
  }

  /** For the next removal. */
  configure(retention: Retention): void {
    this.#retention = retention;
  }

  stop(): void {
    this.#timer.cancel();
  }

  /** Removes one batch at once, and the rest soon. Does nothing when there was nothing to remove a moment ago. */
  now(): void {
    if (this.#options.clock.monotonicMs() < this.#nothingToPruneUntilMonotonicMs) return;
    this.#timer.cancel();
    this.#prune();
  }

  #after(ms: number): Timer {
    return this.#options.clock.setTimer(ms, () => {
      this.#prune();
    });
  }

  /** Runs again soon when more may be due. */
  #prune(): void {
    const { store, clock, logger } = this.#options;
    const pruned = store.prune(this.#retention, clock.wallMs(), BATCH_SIZE);
    if (!pruned.ok) logger.log('error', 'job_store_write_failed', { reason: pruned.error.reason });
    const isDone = !pruned.ok || pruned.value === 0;
    if (isDone) this.#nothingToPruneUntilMonotonicMs = clock.monotonicMs() + PAUSE_MS;
    this.#timer = this.#after(isDone ? INTERVAL_MS : PAUSE_MS);
  }
}
