// Which nodes do not pass for a job, by their first failing filter, kept up to date while someone asks: the first question about a need
// looks at the whole pool, later ones cost what they return. A need is dropped when its upkeep since the last question has cost as much
// as looking at the pool again would, so that needs without questions cost nothing in the long run.
import type { JobRequirements } from '../../../shared/api/dispatch';
import { EXCLUSION_REASONS, type ExclusionReason } from '../../../shared/protocol/status';
import type { NodeRecord } from '../lifecycle/node-record';
import { type ExclusionTally, MAX_EXAMPLES } from './exclusion-aggregates';
import { firstExclusion } from './filters';
import { hasSameDispatchOutcome } from './judged-alike';
import type { DispatchPolicy } from './policy';

/** They bound the memory: each holds the ids of the nodes that do not pass. */
const MAX_NEEDS = 32;
/** A change of a node asks the filters for the node before and after. */
const CHECKS_PER_CHANGE = 2;
/** In a small pool looking again costs little, and dropping a need would gain nothing. */
const LEAST_CHECKS = 256;

interface Need {
  readonly job: JobRequirements;
  readonly failing: ReadonlyMap<ExclusionReason, Set<string>>;
  /** All nodes, those that pass too. */
  nodes: number;
  /** Filters asked since the last question. */
  checks: number;
}

export class LiveTallies {
  readonly #policy: DispatchPolicy;
  /** The need whose last question is oldest comes first. */
  readonly #needs = new Map<string, Need>();

  constructor(policy: DispatchPolicy) {
    this.#policy = policy;
  }

  /** How many needs are kept up to date. */
  get size(): number {
    return this.#needs.size;
  }

  /** To be called for every record that a transition changed: `previous` null for a new node, `next` null for one removed. */
  update(previous: NodeRecord | null, next: NodeRecord | null): void {
    if (this.#needs.size === 0) return;
    if (previous !== null && next !== null && hasSameDispatchOutcome(previous, next, this.#policy)) return;
    for (const [key, need] of this.#needs) {
      need.checks += CHECKS_PER_CHANGE;
      if (need.checks > Math.max(LEAST_CHECKS, need.nodes)) this.#needs.delete(key);
      else this.#move(need, previous, next);
    }
  }

  /** Counts each node once, by the first filter that it does not pass. `records`: every node, for a need that is not known. */
  of(job: JobRequirements, records: Iterable<NodeRecord>): ExclusionTally {
    const key = JSON.stringify(job);
    const need = this.#needs.get(key) ?? this.#lookAt(job, records);
    need.checks = 0;
    this.#needs.delete(key);
    this.#needs.set(key, need);
    for (const oldest of this.#needs.keys()) {
      if (this.#needs.size <= MAX_NEEDS) break;
      this.#needs.delete(oldest);
    }
    return tallyOf(need);
  }

  #lookAt(job: JobRequirements, records: Iterable<NodeRecord>): Need {
    const failing = new Map(EXCLUSION_REASONS.map((code): [ExclusionReason, Set<string>] => [code, new Set()]));
    const need: Need = { job, failing, nodes: 0, checks: 0 };
    for (const record of records) this.#move(need, null, record);
    return need;
  }

  #move(need: Need, previous: NodeRecord | null, next: NodeRecord | null): void {
    const before = this.#reasonOf(need.job, previous);
    const after = this.#reasonOf(need.job, next);
    need.nodes += (next === null ? 0 : 1) - (previous === null ? 0 : 1);
    if (before === after) return;
    if (previous !== null && before !== null) need.failing.get(before)?.delete(previous.nodeId);
    if (next !== null && after !== null) need.failing.get(after)?.add(next.nodeId);
  }

  #reasonOf(job: JobRequirements, record: NodeRecord | null): ExclusionReason | null {
    return record === null ? null : (firstExclusion(record, job, this.#policy)?.code ?? null);
  }
}

function tallyOf({ failing }: Need): ExclusionTally {
  const tally: ExclusionTally = {};
  for (const [code, nodeIds] of failing) {
    if (nodeIds.size > 0) tally[code] = { count: nodeIds.size, examples: firstOf(nodeIds, MAX_EXAMPLES) };
  }
  return tally;
}

function firstOf(nodeIds: ReadonlySet<string>, count: number): string[] {
  const first: string[] = [];
  for (const nodeId of nodeIds) {
    if (first.length === count) break;
    first.push(nodeId);
  }
  return first;
}
