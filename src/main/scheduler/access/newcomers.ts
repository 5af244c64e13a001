// New connections and nodes, started one at a time. One poll of the event loop returns all sockets that are ready, and to start each of
// them costs up to some milliseconds. So one turn of the loop starts one newcomer. Between two starts the loop makes some turns more: each
// of them serves all open connections, but accepts one new connection only. The addresses take turns, so one address delays no other.

export interface NewcomerOptions {
  /** Newcomers of one owner that are started and not finished. Further ones wait. */
  readonly maxStartedPerOwner?: number;
  readonly nextTurn?: (work: () => void) => void;
}

export interface Newcomer {
  /** Newcomers of one owner start in their order; owners take turns. For example an address. */
  readonly owner: string;
  /** Known newcomers start before all others. */
  readonly isKnown?: boolean;
  /** From its start to the next one. More for newcomers that cost more. */
  readonly turns: number;
  /** Must not throw. Null: it is finished on return. */
  readonly start: () => Promise<unknown> | null;
}

/** The newcomers of one owner. */
interface Line {
  readonly waiting: Newcomer[];
  started: number;
}

export class Newcomers {
  readonly #maxStarted: number;
  readonly #nextTurn: (work: () => void) => void;
  /** The owner whose turn is next comes first. */
  readonly #known = new Map<string, Line>();
  readonly #others = new Map<string, Line>();
  #isCounting = false;

  constructor({ maxStartedPerOwner = Infinity, nextTurn = setImmediate }: NewcomerOptions = {}) {
    this.#maxStarted = maxStartedPerOwner;
    this.#nextTurn = nextTurn;
  }

  add(newcomer: Newcomer): void {
    const lines = this.#linesOf(newcomer);
    const line = lines.get(newcomer.owner) ?? { waiting: [], started: 0 };
    lines.set(newcomer.owner, line);
    line.waiting.push(newcomer);
    this.#schedule();
  }

  /** Resolves in a turn of its own. */
  turn(newcomer: Omit<Newcomer, 'start'>): Promise<void> {
    return new Promise((resolve) => {
      const start = () => {
        resolve();
        return null;
      };
      this.add({ ...newcomer, start });
    });
  }

  #linesOf({ isKnown }: Newcomer): Map<string, Line> {
    return isKnown === true ? this.#known : this.#others;
  }

  #schedule(): void {
    if (this.#isCounting) return;
    this.#isCounting = true;
    this.#startAfter(1);
  }

  #startAfter(turns: number): void {
    this.#nextTurn(() => {
      if (turns > 1) {
        this.#startAfter(turns - 1);
        return;
      }
      const newcomer = this.#next(this.#known) ?? this.#next(this.#others);
      this.#isCounting = newcomer !== null;
      if (newcomer === null) return;
      this.#startAfter(newcomer.turns);
      this.#start(newcomer);
    });
  }

  #start(newcomer: Newcomer): void {
    const finished = () => {
      this.#finished(newcomer);
    };
    const work = newcomer.start();
    if (work === null) finished();
    else void work.then(finished, finished);
  }

  /** Null: no newcomer waits that may start. */
  #next(lines: Map<string, Line>): Newcomer | null {
    for (const [owner, line] of lines) {
      if (line.started >= this.#maxStarted) continue;
      const newcomer = line.waiting.shift();
      if (newcomer === undefined) continue;
      line.started++;
      lines.delete(owner);
      lines.set(owner, line);
      return newcomer;
    }
    return null;
  }

  #finished(newcomer: Newcomer): void {
    const lines = this.#linesOf(newcomer);
    const line = lines.get(newcomer.owner);
    if (line === undefined) return;
    line.started--;
    if (line.waiting.length > 0) this.#schedule();
    else if (line.started === 0) lines.delete(newcomer.owner);
  }
}
