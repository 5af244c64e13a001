// Which decisions the nodes have not been told of yet. They are numbered, and gathered by what their jobs need, so that of many alike
// a node is asked once; of each node it is known up to which number it was told. Whoever takes what is untold before the node's
// record changes judges every decision by the record that the node had at it.
import type { JobRequirements } from '../../../shared/api/dispatch';

/** They bound the memory, together with the pool: a number is kept for each decision, and for each node that was told meanwhile. */
export interface PendingLimits {
  readonly needs: number;
  readonly decisions: number;
}

/** Decisions that ask the same of a node. */
export interface Untold {
  readonly job: JobRequirements;
  readonly times: number;
  /** Monotonic ms of the newest of them. */
  readonly newestMs: number;
}

interface Need {
  readonly job: JobRequirements;
  /** The numbers of its decisions, ascending. */
  readonly decisions: number[];
  newestMs: number;
}

const NOTHING: readonly Untold[] = [];

export class PendingDecisions {
  readonly #limits: PendingLimits;
  readonly #needs = new Map<string, Need>();
  /** By node; who is not in it was told of nothing that is here. */
  readonly #toldUpTo = new Map<string, number>();
  #newest = 0;
  #dropped = 0;

  constructor(limits: PendingLimits) {
    this.#limits = limits;
  }

  /** The number of the newest decision. */
  get newest(): number {
    return this.#newest;
  }

  /** How many different needs the decisions have. */
  get needs(): number {
    return this.#needs.size;
  }

  /** `nowMs` monotonic. False: there is no room, and the nodes are to be told at once. */
  add(job: JobRequirements, nowMs: number): boolean {
    if (this.#newest - this.#dropped >= this.#limits.decisions) return false;
    const key = JSON.stringify(job);
    let need = this.#needs.get(key);
    if (need === undefined) {
      if (this.#needs.size >= this.#limits.needs) return false;
      this.#needs.set(key, (need = { job, decisions: [], newestMs: nowMs }));
    }
    need.decisions.push(++this.#newest);
    need.newestMs = nowMs;
    return true;
  }

  /** What the node has not been told; from here on it has. So a node that joins takes, and is told nothing of what was before it. */
  take(nodeId: string): readonly Untold[] {
    if (this.#needs.size === 0) return NOTHING;
    const toldUpTo = this.#toldUpTo.get(nodeId) ?? 0;
    if (toldUpTo === this.#newest) return NOTHING;
    this.#toldUpTo.set(nodeId, this.#newest);
    const untold: Untold[] = [];
    for (const { job, decisions, newestMs } of this.#needs.values()) {
      const times = decisions.length - countUpTo(decisions, toldUpTo);
      if (times > 0) untold.push({ job, times, newestMs });
    }
    return untold;
  }

  /** Every node has been told of the decisions up to this one. */
  drop(upTo: number): void {
    for (const [key, { decisions }] of this.#needs) {
      decisions.splice(0, countUpTo(decisions, upTo));
      if (decisions.length === 0) this.#needs.delete(key);
    }
    for (const [nodeId, toldUpTo] of this.#toldUpTo) if (toldUpTo <= upTo) this.#toldUpTo.delete(nodeId);
    this.#dropped = upTo;
  }
}

/** How many of the ascending numbers are not above the limit. */
function countUpTo(numbers: readonly number[], limit: number): number {
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((numbers[middle] ?? Infinity) <= limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
