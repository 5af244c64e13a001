// The pace at which one connection may change the profile of its node. Each change of 1,024 models replaces the node in as many sets. A
// connection that exceeds the pace is not read for some time: nothing is lost, and the other nodes are served.
import type { Clock, Timer } from '../../platform/clock';

/** Entries of lists, before and after each change. Eight changes of the longest lists of models and states at once. */
const MAX_CREDIT = 32_768;
const CREDIT_PER_SECOND = 4_096;

export class ProfilePace {
  readonly #clock: Clock;
  #credit = MAX_CREDIT;
  #atMonotonicMs: number;
  #pause: Timer | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#atMonotonicMs = clock.monotonicMs();
  }

  /** Counts a change of so many entries. Resolves when the next message may be read. Null: now. */
  changed(entries: number): Promise<void> | null {
    if (entries === 0) return null;
    const nowMonotonicMs = this.#clock.monotonicMs();
    const earned = ((nowMonotonicMs - this.#atMonotonicMs) / 1000) * CREDIT_PER_SECOND;
    this.#credit = Math.min(MAX_CREDIT, this.#credit + earned) - entries;
    this.#atMonotonicMs = nowMonotonicMs;
    if (this.#credit >= 0) return null;
    return new Promise((resolve) => {
      this.#pause = this.#clock.setTimer(Math.ceil((-this.#credit / CREDIT_PER_SECOND) * 1000), () => {
        this.#pause = null;
        resolve();
      });
    });
  }

  /** The connection has ended. Returns whether it was paused. */
  end(): boolean {
    const isPaused = this.#pause !== null;
    this.#pause?.cancel();
    this.#pause = null;
    return isPaused;
  }
}
