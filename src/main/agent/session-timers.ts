// The timers of the session. Each message of the scheduler postpones a timer, so that only its time changes, and no timer of the system.
import type { Clock, Timer } from '../platform/clock';
import type { SessionTimer } from './session/session-state';

interface SetTimer {
  readonly handle: Timer;
  readonly firesAtMonotonicMs: number;
  /** Later than `firesAtMonotonicMs` when the timer was postponed. */
  dueAtMonotonicMs: number;
}

export class SessionTimers {
  readonly #clock: Clock;
  readonly #onDue: (timer: SessionTimer) => void;
  readonly #timers = new Map<SessionTimer, SetTimer>();

  constructor(clock: Clock, onDue: (timer: SessionTimer) => void) {
    this.#clock = clock;
    this.#onDue = onDue;
  }

  /** A pending timer that fires earlier is kept, and set again when it fires. */
  set(timer: SessionTimer, delayMs: number): void {
    const dueAtMonotonicMs = this.#clock.monotonicMs() + delayMs;
    const pending = this.#timers.get(timer);
    if (pending !== undefined && pending.firesAtMonotonicMs <= dueAtMonotonicMs) {
      pending.dueAtMonotonicMs = dueAtMonotonicMs;
      return;
    }
    pending?.handle.cancel();
    const handle = this.#clock.setTimer(delayMs, () => {
      const restMs = (this.#timers.get(timer)?.dueAtMonotonicMs ?? dueAtMonotonicMs) - this.#clock.monotonicMs();
      this.#timers.delete(timer);
      if (restMs > 0) this.set(timer, restMs);
      else this.#onDue(timer);
    });
    this.#timers.set(timer, { handle, firesAtMonotonicMs: dueAtMonotonicMs, dueAtMonotonicMs });
  }

  clear(timer: SessionTimer): void {
    this.#timers.get(timer)?.handle.cancel();
    this.#timers.delete(timer);
  }

  clearAll(): void {
    for (const { handle } of this.#timers.values()) handle.cancel();
    this.#timers.clear();
  }
}
