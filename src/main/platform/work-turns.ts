// Pieces of work that become ready at the same time, such as the registrations that one commit has stored. They are done in order, at most a few
// milliseconds of them in one turn of the event loop.
import { TurnBudget } from './turn-budget';

export class WorkTurns {
  readonly #nowMonotonicMs: () => number;
  readonly #nextTurn: (callback: () => void) => void;
  readonly #budget: TurnBudget;
  readonly #waiting: (() => void)[] = [];

  constructor(nowMonotonicMs: () => number, nextTurn: (callback: () => void) => void = setImmediate) {
    this.#nowMonotonicMs = nowMonotonicMs;
    this.#nextTurn = nextTurn;
    this.#budget = new TurnBudget(nextTurn);
  }

  /** Does the work at once or, after work that waits already, in a later turn. */
  run<Done>(work: () => Done | Promise<Done>): Promise<Done> {
    return new Promise((resolve) => {
      this.#waiting.push(() => {
        // A promise: an error of the work must not stop those that wait.
        const done = new Promise<Done>((settle) => {
          settle(work());
        });
        resolve(done);
      });
      if (this.#waiting.length === 1) this.#some();
    });
  }

  readonly #some = (): void => {
    for (let work = this.#waiting[0]; work !== undefined; work = this.#waiting[0]) {
      if (this.#budget.spend(0)) {
        this.#nextTurn(this.#some);
        return;
      }
      const begunAtMonotonicMs = this.#nowMonotonicMs();
      work();
      // Until then, new work waits behind it.
      this.#waiting.shift();
      this.#budget.spend(this.#nowMonotonicMs() - begunAtMonotonicMs);
    }
  };
}
