// The delay before a failing driver is probed again: 2 s, doubled with each failure in a row, at most one minute.

const FIRST_MS = 2000;
const MAX_MS = 60_000;

export class ProbeBackoff {
  #failures = 0;
  #untilMonotonicMs = 0;

  isWaiting(nowMonotonicMs: number): boolean {
    return this.#failures > 0 && nowMonotonicMs < this.#untilMonotonicMs;
  }

  failed(nowMonotonicMs: number): void {
    this.#untilMonotonicMs = nowMonotonicMs + Math.min(MAX_MS, FIRST_MS * 2 ** this.#failures);
    this.#failures = Math.min(this.#failures + 1, 16);
  }

  succeeded(): void {
    this.#failures = 0;
  }
}
