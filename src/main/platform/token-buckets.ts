// Token buckets by key: each key may act `capacity` times at once, and `perSecond` times a second in the long run. A full bucket is not
// kept, and the number of kept buckets is bounded, so that many keys cannot fill the memory.

export interface BucketOptions {
  readonly capacity: number;
  readonly perSecond: number;
  readonly maxKeys?: number;
}

interface Bucket {
  tokens: number;
  atMonotonicMs: number;
}

const MAX_KEYS = 10_000;

export class TokenBuckets {
  readonly #options: BucketOptions;
  /** In the order of their last use, so the first bucket is the one that was not used for longest. */
  readonly #buckets = new Map<string, Bucket>();

  constructor(options: BucketOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#buckets.size;
  }

  /** Takes a token. 0: taken; else the milliseconds until the next token. */
  take(key: string, nowMonotonicMs: number): number {
    const { capacity, perSecond, maxKeys = MAX_KEYS } = this.#options;
    const known = this.#buckets.get(key);
    const tokens =
      known === undefined ? capacity : Math.min(capacity, known.tokens + ((nowMonotonicMs - known.atMonotonicMs) / 1000) * perSecond);
    const isTaken = tokens >= 1;
    this.#buckets.delete(key);
    this.#buckets.set(key, { tokens: isTaken ? tokens - 1 : tokens, atMonotonicMs: nowMonotonicMs });
    if (this.#buckets.size > maxKeys) this.#forgetOne();
    return isTaken ? 0 : Math.ceil(((1 - tokens) / perSecond) * 1000);
  }

  #forgetOne(): void {
    for (const oldest of this.#buckets.keys()) {
      this.#buckets.delete(oldest);
      return;
    }
  }
}
