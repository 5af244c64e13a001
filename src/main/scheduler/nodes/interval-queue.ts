// Things that come round at one fixed interval (pings, status pushes, registration timeouts): a visit looks at those that
// are due and at no others. The interval is the same for all, so that the order of insertion is the order of deadlines.

export class IntervalQueue<Key> {
  readonly #intervalMs: number;
  readonly #startedAtMs = new Map<Key, number>();

  constructor(intervalMs: number) {
    this.#intervalMs = intervalMs;
  }

  get size(): number {
    return this.#startedAtMs.size;
  }

  /** The key's interval begins (again) now. */
  start(key: Key, nowMs: number): void {
    this.#startedAtMs.delete(key);
    this.#startedAtMs.set(key, nowMs);
  }

  stop(key: Key): void {
    this.#startedAtMs.delete(key);
  }

  /** Keys whose interval has passed. They stay due until they are started again or stopped. */
  due(nowMs: number): Key[] {
    const keys: Key[] = [];
    for (const [key, startedAtMs] of this.#startedAtMs) {
      if (nowMs - startedAtMs < this.#intervalMs) break;
      keys.push(key);
    }
    return keys;
  }
}
