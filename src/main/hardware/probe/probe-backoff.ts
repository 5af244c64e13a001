// The delay before a failing driver is probed again, doubled with each failure in a row. Default: 2 s to one minute.
import { type BackoffPolicy, backoffMs } from '../../../shared/backoff';

const POLICY: BackoffPolicy = { firstMs: 2000, maxMs: 60_000 };

export class ProbeBackoff {
  readonly #policy: BackoffPolicy;
  #failures = 0;
  #untilMonotonicMs = 0;

  constructor(policy = POLICY) {
    this.#policy = policy;
  }

  isWaiting(nowMonotonicMs: number): boolean {
    return this.#failures > 0 && nowMonotonicMs < this.#untilMonotonicMs;
  }

  failed(nowMonotonicMs: number): void {
    this.#failures += 1;
    this.#untilMonotonicMs = nowMonotonicMs + backoffMs(this.#policy, this.#failures);
  }

  succeeded(): void {
    this.#failures = 0;
  }
}
