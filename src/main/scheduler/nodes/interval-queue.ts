// Keys that become due at one fixed interval (pings, status pushes, registration timeouts). `due` reads only the keys that are due. The
// interval is the same for all keys, so the order of insertion is the order of deadlines.

export class IntervalQueue<Key> {
  readonly #intervalMs: number;
  readonly #startedAtMs = new Map<Key, number>();

  constructor(intervalMs: number) {
    this.#intervalMs = intervalMs;
  }

  get size(): number {
    return this.#startedAtMs.size;
  }

  /** Starts or restarts the interval of the key. */
  start(key: Key, nowMs: number): void {
    this.#startedAtMs.delete(key);
    this.#startedAtMs.set(key, nowMs);
  }

  stop(key: Key): void {
    this.#startedAtMs.delete(key);
  }

  /** Keys whose interval has passed. They stay due until `start` or `stop`. */
  due(nowMs: number): Key[] {
    const keys: Key[] = [];
    for (const [key, startedAtMs] of this.#startedAtMs) {
      if (nowMs - startedAtMs < this.#intervalMs) break;
      keys.push(key);
    }
    return keys;
  }
}
