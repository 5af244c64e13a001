// Pauses between attempts, which the end of their owner ends early.
import type { Clock, Timer } from '../../../platform/clock';

export class Pauses {
  readonly #clock: Clock;
  readonly #open = new Map<Timer, () => void>();
  #isEnded = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  pause(ms: number): Promise<void> {
    if (this.#isEnded) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = this.#clock.setTimer(ms, () => {
        this.#open.delete(timer);
        resolve();
      });
      this.#open.set(timer, resolve);
    });
  }

  /** Ends all pauses, also later ones, at once. */
  end(): void {
    this.#isEnded = true;
    for (const [timer, resolve] of this.#open) {
      timer.cancel();
      resolve();
    }
    this.#open.clear();
  }
}
