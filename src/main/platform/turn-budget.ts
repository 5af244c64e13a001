// The time that one kind of work may take in one turn of the event loop. One poll can return megabytes of small messages: handled all at
// once, they would stop everything else for seconds.

const MAX_TURN_MS = 5;

export class TurnBudget {
  readonly #nextTurn: (callback: () => void) => void;
  #spentMs = 0;
  #isRenewalDue = false;

  constructor(nextTurn: (callback: () => void) => void = setImmediate) {
    this.#nextTurn = nextTurn;
  }

  /** Whether the rest of the work must wait for the next turn. */
  spend(ms: number): boolean {
    this.#spentMs += ms;
    if (!this.#isRenewalDue) {
      this.#isRenewalDue = true;
      this.#nextTurn(() => {
        this.#isRenewalDue = false;
        this.#spentMs = 0;
      });
    }
    return this.#spentMs >= MAX_TURN_MS;
  }
}
