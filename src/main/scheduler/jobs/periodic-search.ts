// A search in small steps, which begins at an interval. A turn of the event loop does a bounded part of its work, and a later one goes on.
import type { Clock, Timer } from '../../platform/clock';

export interface PeriodicSearchOptions {
  readonly clock: Pick<Clock, 'setTimer'>;
  /** Each step yields its work. Null: there is nothing to search for. */
  readonly begin: () => Generator<number, undefined> | null;
  /** In the unit of the steps: a few milliseconds. */
  readonly maxWorkPerTurn: number;
}

const INTERVAL_MS = 2000;
/** Between two turns of one search. */
const PAUSE_MS = 100;

export class PeriodicSearch {
  readonly #options: PeriodicSearchOptions;
  /** The rest of the search that was begun. */
  #steps: Generator<number, undefined> | null = null;
  #timer: Timer | null = null;

  constructor(options: PeriodicSearchOptions) {
    this.#options = options;
  }

  start(): void {
    this.#timer = this.#options.clock.setTimer(this.#steps === null ? INTERVAL_MS : PAUSE_MS, () => {
      this.#turn();
      this.start();
    });
  }

  stop(): void {
    this.#timer?.cancel();
  }

  #turn(): void {
    const { begin, maxWorkPerTurn } = this.#options;
    this.#steps ??= begin();
    let work = 0;
    while (this.#steps !== null && work < maxWorkPerTurn) {
      const { done, value } = this.#steps.next();
      if (done === true) this.#steps = null;
      else work += value;
    }
  }
}
