// Exclusion tallies that are kept up to date while they are used. The first request for some requirements reads the whole pool; later
// requests read only the tally. A tally is dropped when its updates since the last request have cost as much as reading the pool again, so
// tallies without requests cost nothing in the long run.
import { EXCLUSION_REASONS, type ExclusionReason } from '../../../shared/protocol/status';
import type { NodeRecord } from '../lifecycle/node-record';
import { type ExclusionTally, MAX_EXAMPLES } from './exclusion-aggregates';
import { firstExclusionCode } from './filters';
import { hasSameDispatchOutcome } from './requeue-hint';
import type { DispatchPolicy } from './policy';
import type { JobRequirements } from './job-requirements';

/** Bounds the memory: each tally holds the ids of the excluded nodes. */
const MAX_TALLIES = 32;
/** A change of a node checks the filters for its record before and after. */
const CHECKS_PER_CHANGE = 2;
/** In a small pool a new tally costs little, so tallies are kept longer there. */
const MIN_CHECKS = 256;

interface Tally {
  readonly job: JobRequirements;
  readonly failing: ReadonlyMap<ExclusionReason, Set<string>>;
  /** All nodes, including those that pass. */
  nodes: number;
  /** Filter checks since the last request. */
  checks: number;
}

export class LiveTallies {
  #policy: DispatchPolicy;
  /** The tally whose last request is oldest comes first. */
  readonly #tallies = new Map<string, Tally>();

  constructor(policy: DispatchPolicy) {
    this.#policy = policy;
  }

  /** Drops the tallies of another policy. */
  setPolicy(policy: DispatchPolicy): void {
    this.#policy = policy;
    this.#tallies.clear();
  }

  /** Number of tallies that are kept up to date. */
  get size(): number {
    return this.#tallies.size;
  }

  /** Must be called with every changed record: `previous` is null for a new node, `next` for a removed one. */
  update(previous: NodeRecord | null, next: NodeRecord | null): void {
    if (this.#tallies.size === 0) return;
    if (previous !== null && next !== null && hasSameDispatchOutcome(previous, next, this.#policy)) return;
    for (const [key, tally] of this.#tallies) {
      tally.checks += CHECKS_PER_CHANGE;
      if (tally.checks > Math.max(MIN_CHECKS, tally.nodes)) this.#tallies.delete(key);
      else this.#move(tally, previous, next);
    }
  }

  /** Counts each node once, by its first reason. Reads `records`, which are all nodes, when there is no tally yet. */
  of(job: JobRequirements, records: Iterable<NodeRecord>): ExclusionTally {
    const key = JSON.stringify(job);
    const tally = this.#tallies.get(key) ?? this.#newTally(job, records);
    tally.checks = 0;
    this.#tallies.delete(key);
    this.#tallies.set(key, tally);
    for (const oldest of this.#tallies.keys()) {
      if (this.#tallies.size <= MAX_TALLIES) break;
      this.#tallies.delete(oldest);
    }
    return countsOf(tally);
  }

  #newTally(job: JobRequirements, records: Iterable<NodeRecord>): Tally {
    const failing = new Map(EXCLUSION_REASONS.map((code): [ExclusionReason, Set<string>] => [code, new Set()]));
    const tally: Tally = { job, failing, nodes: 0, checks: 0 };
    for (const record of records) this.#move(tally, null, record);
    return tally;
  }

  #move(tally: Tally, previous: NodeRecord | null, next: NodeRecord | null): void {
    const before = this.#reasonOf(tally.job, previous);
    const after = this.#reasonOf(tally.job, next);
    tally.nodes += (next === null ? 0 : 1) - (previous === null ? 0 : 1);
    if (before === after) return;
    if (previous !== null && before !== null) tally.failing.get(before)?.delete(previous.nodeId);
    if (next !== null && after !== null) tally.failing.get(after)?.add(next.nodeId);
  }

  #reasonOf(job: JobRequirements, record: NodeRecord | null): ExclusionReason | null {
    return record === null ? null : firstExclusionCode(record, job, this.#policy);
  }
}

function countsOf({ failing }: Tally): ExclusionTally {
  const counts: ExclusionTally = {};
  for (const [code, nodeIds] of failing) {
    if (nodeIds.size > 0) counts[code] = { count: nodeIds.size, examples: firstOf(nodeIds, MAX_EXAMPLES) };
  }
  return counts;
}

function firstOf(nodeIds: ReadonlySet<string>, count: number): string[] {
  const first: string[] = [];
  for (const nodeId of nodeIds) {
    if (first.length === count) break;
    first.push(nodeId);
  }
  return first;
}
