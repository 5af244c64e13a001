// Checks at an interval whether the credentials of answers in progress have ended. A timer runs only while there is such an answer.
import type { Clock, Timer } from '../../../platform/clock';

/** An answer goes on for this long, at most, after the key of its client has expired. */
export const ACCESS_CHECK_MS = 15_000;

export class AccessChecks {
  readonly #clock: Clock;
  readonly #checks = new Set<() => void>();
  #timer: Timer | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Returns a function that ends the checks. */
  add(check: () => void): () => void {
    this.#checks.add(check);
    this.#timer ??= this.#checkLater();
    return () => {
      this.#checks.delete(check);
      if (this.#checks.size > 0) return;
      this.#timer?.cancel();
      this.#timer = null;
    };
  }

  #checkLater(): Timer {
    return this.#clock.setTimer(ACCESS_CHECK_MS, () => {
      this.#timer = this.#checkLater();
      for (const check of [...this.#checks]) check();
    });
  }
}
