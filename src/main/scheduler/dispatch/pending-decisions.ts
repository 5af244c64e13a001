// The dispatch decisions that are not yet counted for all nodes. Decisions are numbered and grouped by the requirements of their jobs, so
// that a node is checked once per group. Each node has the number up to which it was counted. Invariant: a caller takes the decisions of
// a node before the record of the node changes, so every decision is counted with the record that the node had at the decision.
import type { JobRequirements } from './job-requirements';

/** The limits bound the memory: one number per decision, and one per node that was counted meanwhile. */
export interface PendingLimits {
  /** Different job requirements. */
  readonly groups: number;
  readonly decisions: number;
}

/** Decisions with the same requirements that were not counted for a node. */
export interface UncountedDecisions {
  readonly job: JobRequirements;
  readonly times: number;
  /** Monotonic ms of the newest of these decisions. */
  readonly newestMonotonicMs: number;
}

interface Group {
  readonly job: JobRequirements;
  /** The numbers of its decisions, ascending. */
  readonly decisions: number[];
  newestMonotonicMs: number;
}

const NONE: readonly UncountedDecisions[] = [];

export class PendingDecisions {
  readonly #limits: PendingLimits;
  readonly #groups = new Map<string, Group>();
  /** By node. A node without an entry was counted for no pending decision. */
  readonly #countedUpTo = new Map<string, number>();
  #newest = 0;
  #dropped = 0;

  constructor(limits: PendingLimits) {
    this.#limits = limits;
  }

  /** The number of the newest decision. */
  get newest(): number {
    return this.#newest;
  }

  /** Number of different job requirements among the decisions. */
  get groups(): number {
    return this.#groups.size;
  }

  /** False: a limit is reached, and the caller must count the decision for all nodes at once. */
  add(job: JobRequirements, nowMonotonicMs: number): boolean {
    if (this.#newest - this.#dropped >= this.#limits.decisions) return false;
    const key = JSON.stringify(job);
    let group = this.#groups.get(key);
    if (group === undefined) {
      if (this.#groups.size >= this.#limits.groups) return false;
      this.#groups.set(key, (group = { job, decisions: [], newestMonotonicMs: nowMonotonicMs }));
    }
    group.decisions.push(++this.#newest);
    group.newestMonotonicMs = nowMonotonicMs;
    return true;
  }

  /** Returns the uncounted decisions of a node and marks them as counted. For a new node this skips all decisions before it joined. */
  take(nodeId: string): readonly UncountedDecisions[] {
    if (this.#groups.size === 0) return NONE;
    const countedUpTo = this.#countedUpTo.get(nodeId) ?? 0;
    if (countedUpTo === this.#newest) return NONE;
    this.#countedUpTo.set(nodeId, this.#newest);
    const uncounted: UncountedDecisions[] = [];
    for (const { job, decisions, newestMonotonicMs } of this.#groups.values()) {
      const times = decisions.length - countUpTo(decisions, countedUpTo);
      if (times > 0) uncounted.push({ job, times, newestMonotonicMs });
    }
    return uncounted;
  }

  /** The decisions up to this number were counted for every node. */
  drop(upTo: number): void {
    for (const [key, { decisions }] of this.#groups) {
      decisions.splice(0, countUpTo(decisions, upTo));
      if (decisions.length === 0) this.#groups.delete(key);
    }
    for (const [nodeId, countedUpTo] of this.#countedUpTo) if (countedUpTo <= upTo) this.#countedUpTo.delete(nodeId);
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
