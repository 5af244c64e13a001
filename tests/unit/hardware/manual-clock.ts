// A clock that moves when told, and fires what came due.
import type { Clock, Timer } from '../../../src/main/platform/clock';

export class ManualClock implements Clock {
  private nowMs = 1000;
  private timers: { readonly dueMs: number; readonly callback: () => void }[] = [];

  wallMs(): number {
    return this.nowMs;
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

  advance(ms: number): void {
    this.nowMs += ms;
    const due = this.timers.filter((timer) => timer.dueMs <= this.nowMs);
    this.timers = this.timers.filter((timer) => timer.dueMs > this.nowMs);
    for (const { callback } of due) callback();
  }

  get pending(): number {
    return this.timers.length;
  }
}
