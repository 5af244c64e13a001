// Keys that become due at one fixed interval (pings, status pushes, registration timeouts). `due` reads only the keys that are due. The
// interval is the same for all keys, so the order of insertion is the order of deadlines.

export class IntervalQueue<Key> {
  readonly #intervalMs: number;
  readonly #startedAtMonotonicMs = new Map<Key, number>();

  constructor(intervalMs: number) {
    this.#intervalMs = intervalMs;
  }

  get size(): number {
    return this.#startedAtMonotonicMs.size;
  }

  /** Starts or restarts the interval of the key. */
  start(key: Key, nowMonotonicMs: number): void {
    this.#startedAtMonotonicMs.delete(key);
    this.#startedAtMonotonicMs.set(key, nowMonotonicMs);
  }

  stop(key: Key): void {
    this.#startedAtMonotonicMs.delete(key);
  }

  /** Keys whose interval has passed. They stay due until `start` or `stop`. */
  due(nowMonotonicMs: number): Key[] {
    const keys: Key[] = [];
    for (const [key, startedAtMonotonicMs] of this.#startedAtMonotonicMs) {
      if (nowMonotonicMs - startedAtMonotonicMs < this.#intervalMs) break;
      keys.push(key);
    }
    return keys;
  }
}
