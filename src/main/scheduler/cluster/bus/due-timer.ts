// One timer for a state machine that knows when it is next due. The due time of a busy stream moves with each message, so a timer that fires
// too early is set again, and only an earlier due time replaces it.
import type { Clock, Timer } from '../../../platform/clock';

export class DueTimer {
  readonly #clock: Clock;
  readonly #fire: () => void;
  #timer: Timer | null = null;
  #setForMonotonicMs = Infinity;

  constructor(clock: Clock, fire: () => void) {
    this.#clock = clock;
    this.#fire = fire;
  }

  /** Null: never. */
  set(dueMonotonicMs: number | null): void {
    if (dueMonotonicMs === null) {
      this.#timer?.cancel();
      this.#timer = null;
      this.#setForMonotonicMs = Infinity;
      return;
    }
    if (dueMonotonicMs >= this.#setForMonotonicMs) return;
    this.#timer?.cancel();
    this.#setForMonotonicMs = dueMonotonicMs;
    this.#timer = this.#clock.setTimer(Math.max(0, dueMonotonicMs - this.#clock.monotonicMs()), () => {
      this.#timer = null;
      this.#setForMonotonicMs = Infinity;
      this.#fire();
    });
  }
}
