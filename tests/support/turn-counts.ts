// Counts work by turns of the event loop, for tests of work that must not be done all at once. It measures no time.

export class TurnCounts {
  readonly #counts: number[] = [0];
  #isStopped = false;

  constructor() {
    this.#nextTurn();
  }

  /** The most work of one turn. */
  get most(): number {
    return Math.max(...this.#counts);
  }

  get total(): number {
    return this.#counts.reduce((sum, count) => sum + count, 0);
  }

  count(work = 1): void {
    this.#counts[this.#counts.length - 1] = (this.#counts.at(-1) ?? 0) + work;
  }

  stop(): void {
    this.#isStopped = true;
  }

  #nextTurn(): void {
    setImmediate(() => {
      this.#counts.push(0);
      if (!this.#isStopped) this.#nextTurn();
    });
  }
}
