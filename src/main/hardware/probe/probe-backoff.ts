// The delay before a failing driver is probed again: 2 s, doubled with each failure in a row, at most one minute.
import { type BackoffPolicy, backoffMs } from '../../../shared/backoff';

const POLICY: BackoffPolicy = { firstMs: 2000, maxMs: 60_000 };

export class ProbeBackoff {
  #failures = 0;
  #untilMonotonicMs = 0;

  isWaiting(nowMonotonicMs: number): boolean {
    return this.#failures > 0 && nowMonotonicMs < this.#untilMonotonicMs;
  }

  failed(nowMonotonicMs: number): void {
    this.#failures += 1;
    this.#untilMonotonicMs = nowMonotonicMs + backoffMs(POLICY, this.#failures);
  }

  succeeded(): void {
    this.#failures = 0;
  }
}
