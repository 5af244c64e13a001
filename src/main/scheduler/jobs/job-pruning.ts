// Finished jobs make room, by age, number and size, and idempotency keys expire: which of them, the store says (`Retention`); here is when.
import type { Clock, Timer } from '../../platform/clock';
import type { Logger } from '../../platform/logger';
import type { JobStore, Retention } from './job-store';

const INTERVAL_MS = 60_000;
/** A prune holds up the event loop: it is done in bites. */
const BITE = 500;
const PAUSE_MS = 250;

export interface JobPruningParts {
  readonly store: Pick<JobStore, 'prune'>;
  readonly retention: Retention;
  readonly clock: Clock;
  readonly logger: Logger;
}

export class JobPruning {
  readonly #parts: JobPruningParts;
  #timer: Timer;
  #barrenUntilMs = -Infinity;

  constructor(parts: JobPruningParts) {
    this.#parts = parts;
    this.#timer = this.#after(PAUSE_MS);
  }

  stop(): void {
    this.#timer.cancel();
  }

  /** One bite at once, and the rest soon; nothing where there was nothing to remove a moment ago. */
  now(): void {
    if (this.#parts.clock.monotonicMs() < this.#barrenUntilMs) return;
    this.#timer.cancel();
    this.#prune();
  }

  #after(ms: number): Timer {
    return this.#parts.clock.setTimer(ms, () => {
      this.#prune();
    });
  }

  /** Soon again where more may be due. */
  #prune(): void {
    const { store, clock, retention, logger } = this.#parts;
    const pruned = store.prune(retention, clock.wallMs(), BITE);
    if (!pruned.ok) logger.log('error', 'job_store_write_failed', { reason: pruned.error.reason });
    const isBarren = !pruned.ok || pruned.value === 0;
    if (isBarren) this.#barrenUntilMs = clock.monotonicMs() + PAUSE_MS;
    this.#timer = this.#after(isBarren ? INTERVAL_MS : PAUSE_MS);
  }
}
