// A clock that moves when told and fires each timer at its own time, also those that a fired one sets. Wall and monotonic time
// are far apart, so that code which mixes them fails.
import type { Clock, Timer } from '../../src/main/platform/clock';

const WALL_START_MS = 1_700_000_000_000;

export class ManualClock implements Clock {
  private nowMs = 1000;
  private sleptMs = 0;
  private timers: { readonly dueMs: number; readonly callback: () => void }[] = [];

  wallMs(): number {
    return WALL_START_MS + this.nowMs + this.sleptMs;
  }

  monotonicMs(): number {
    return this.nowMs;
  }

  setTimer(delayMs: number, callback: () => void): Timer {
    const timer = { dueMs: this.nowMs + delayMs, callback };
    this.timers.push(timer);
    return {
      cancel: () => {
        this.timers = this.timers.filter((other) => other !== timer);
      },
    };
  }

  /** The machine sleeps: only wall time passes. */
  sleep(ms: number): void {
    this.sleptMs += ms;
  }

  /** The program stands still: time passes and no timer fires; those that are due are late at the next `advance`. */
  stall(ms: number): void {
    this.nowMs += ms;
  }

  advance(ms: number): void {
    const endMs = this.nowMs + ms;
    for (;;) {
      const [next] = this.timers.filter(({ dueMs }) => dueMs <= endMs).sort((a, b) => a.dueMs - b.dueMs);
      if (next === undefined) break;
      this.timers = this.timers.filter((timer) => timer !== next);
      this.nowMs = Math.max(this.nowMs, next.dueMs);
      next.callback();
    }
    this.nowMs = endMs;
  }

  /** As when a process dies. */
  cancelAll(): void {
    this.timers = [];
  }

  get pending(): number {
    return this.timers.length;
  }
}
