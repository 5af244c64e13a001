// Works that need much memory: a few at once, others wait in a bounded queue. Equal ones that have not ended are one.

export interface WorkLimits {
  readonly maxAtOnce: number;
  readonly maxWaiting: number;
}

export class BoundedWork<Result> {
  readonly #limits: WorkLimits;
  /** Those that run and those that wait, by their key. */
  readonly #works = new Map<string, Promise<Result>>();
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(limits: WorkLimits) {
    this.#limits = limits;
  }

  /** Null: too many wait. */
  run(key: string, work: () => Promise<Result>): Promise<Result> | null {
    const same = this.#works.get(key);
    if (same !== undefined) return same;
    if (this.#running === this.#limits.maxAtOnce && this.#waiting.length >= this.#limits.maxWaiting) return null;
    const result = this.#inTurn(work).finally(() => this.#works.delete(key));
    this.#works.set(key, result);
    return result;
  }

  async #inTurn(work: () => Promise<Result>): Promise<Result> {
    // A work that ends hands its place to the next one.
    if (this.#running < this.#limits.maxAtOnce) this.#running++;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#running--;
      else next();
    }
  }
}
