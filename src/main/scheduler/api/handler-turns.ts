// Requests that arrive in one read of all sockets are handled in one turn of the event loop. Sixty requests of some milliseconds each would stop
// everything else for half a second, so handlers wait for a later turn when those of this turn have taken their time.
import { performance } from 'node:perf_hooks';

const MAX_TURN_MS = 10;

export class HandlerTurns {
  readonly #nowMonotonicMs: () => number;
  /** Null: no handler has started in this turn. */
  #startedAtMonotonicMs: number | null = null;
  readonly #waiting: (() => void)[] = [];

  constructor(nowMonotonicMs: () => number = () => performance.now()) {
    this.#nowMonotonicMs = nowMonotonicMs;
  }

  /** Resolves when the handler may start: at once, or in a turn of its own after those that wait already. */
  async start(): Promise<void> {
    if (this.#mayStart()) return;
    await new Promise<void>((resolve) => {
      this.#waiting.push(resolve);
      if (this.#waiting.length === 1) setImmediate(this.#next);
    });
  }

  #mayStart(): boolean {
    if (this.#waiting.length > 0) return false;
    const nowMonotonicMs = this.#nowMonotonicMs();
    if (this.#startedAtMonotonicMs !== null) return nowMonotonicMs - this.#startedAtMonotonicMs < MAX_TURN_MS;
    this.#startedAtMonotonicMs = nowMonotonicMs;
    setImmediate(() => {
      this.#startedAtMonotonicMs = null;
    });
    return true;
  }

  /** A turn for those that wait: at least one of them. */
  readonly #next = (): void => {
    this.#startNext(this.#nowMonotonicMs());
  };

  #startNext(turnBegunAtMonotonicMs: number): void {
    this.#waiting[0]?.();
    // Behind the microtasks of the handler that has started, and so behind its work. Until then a new one must wait behind it.
    queueMicrotask(() => {
      process.nextTick(() => {
        this.#waiting.shift();
        if (this.#waiting.length === 0) return;
        if (this.#nowMonotonicMs() - turnBegunAtMonotonicMs < MAX_TURN_MS) this.#startNext(turnBegunAtMonotonicMs);
        else setImmediate(this.#next);
      });
    });
  }
}
