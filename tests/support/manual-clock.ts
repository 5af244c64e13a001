// A clock that the test moves. It fires each timer at its own time, also timers that a fired one sets. Wall and monotonic time
// are far apart, so that code which mixes them fails.
import type { Clock, Timer } from '../../src/main/platform/clock';
import { microtasksDone } from './microtasks';

const WALL_START_MS = 1_700_000_000_000;

interface ManualTimer {
  readonly dueMonotonicMs: number;
  readonly callback: () => void;
}

export class ManualClock implements Clock {
  #nowMonotonicMs = 1000;
  #sleptMs = 0;
  #timers: ManualTimer[] = [];

  wallMs(): number {
    return WALL_START_MS + this.#nowMonotonicMs + this.#sleptMs;
  }

  monotonicMs(): number {
    return this.#nowMonotonicMs;
  }

  setTimer(delayMs: number, callback: () => void): Timer {
    const timer = { dueMonotonicMs: this.#nowMonotonicMs + delayMs, callback };
    this.#timers.push(timer);
    return {
      cancel: () => {
        this.#timers = this.#timers.filter((other) => other !== timer);
      },
    };
  }

  /** The machine sleeps: only wall time passes. */
  sleep(ms: number): void {
    this.#sleptMs += ms;
  }

  /** The program stalls: time passes and no timer fires. Due timers fire late, at the next `advance`. */
  stall(ms: number): void {
    this.#nowMonotonicMs += ms;
  }

  advance(ms: number): void {
    const endMonotonicMs = this.#nowMonotonicMs + ms;
    for (let next = this.#earliest(); next !== undefined && next.dueMonotonicMs <= endMonotonicMs; next = this.#earliest()) {
      this.#timers.splice(this.#timers.indexOf(next), 1);
      this.#nowMonotonicMs = Math.max(this.#nowMonotonicMs, next.dueMonotonicMs);
      next.callback();
    }
    this.#nowMonotonicMs = endMonotonicMs;
  }

  /** As `advance`. The promises of each timer settle before the next timer. */
  async advanceInTurns(ms: number): Promise<void> {
    const endMonotonicMs = this.#nowMonotonicMs + ms;
    for (let next = this.#earliest(); next !== undefined && next.dueMonotonicMs <= endMonotonicMs; next = this.#earliest()) {
      this.advance(Math.max(0, next.dueMonotonicMs - this.#nowMonotonicMs));
      await microtasksDone();
    }
    this.advance(endMonotonicMs - this.#nowMonotonicMs);
  }

  /** The next timer. Of timers with the same time, the first that was set. */
  #earliest(): ManualTimer | undefined {
    let earliest: ManualTimer | undefined;
    for (const timer of this.#timers) if (earliest === undefined || timer.dueMonotonicMs < earliest.dueMonotonicMs) earliest = timer;
    return earliest;
  }

  /** Removes all timers, as the end of a process does. */
  cancelAll(): void {
    this.#timers = [];
  }

  get pending(): number {
    return this.#timers.length;
  }
}
