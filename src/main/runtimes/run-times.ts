// When each runtime last ran a task.
import type { Clock } from '../platform/clock';

interface Runs {
  readonly running: number;
  readonly endedAtMonotonicMs: number | null;
}

export class RunTimes {
  readonly #clock: Clock;
  readonly #byRuntime = new Map<string, Runs>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async during<Outcome>(runtimeId: string, run: () => Promise<Outcome>): Promise<Outcome> {
    const { running, endedAtMonotonicMs } = this.#runsOf(runtimeId);
    this.#byRuntime.set(runtimeId, { running: running + 1, endedAtMonotonicMs });
    try {
      return await run();
    } finally {
      const now = this.#runsOf(runtimeId);
      this.#byRuntime.set(runtimeId, { running: now.running - 1, endedAtMonotonicMs: this.#clock.monotonicMs() });
    }
  }

  /** Now, while a task runs. Null: the runtime has run no task. */
  lastAtMonotonicMs(runtimeId: string): number | null {
    const { running, endedAtMonotonicMs } = this.#runsOf(runtimeId);
    return running > 0 ? this.#clock.monotonicMs() : endedAtMonotonicMs;
  }

  #runsOf(runtimeId: string): Runs {
    return this.#byRuntime.get(runtimeId) ?? { running: 0, endedAtMonotonicMs: null };
  }
}
