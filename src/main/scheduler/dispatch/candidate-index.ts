// The schedulable nodes in the order of preference: over all, by each ready model and by the kind of each ready model. So a
// decision looks at a few candidates and never at the pool (lifecycle §3). Who is schedulable is decided in `filters.ts`.
import type { JobRequirements } from '../../../shared/api/dispatch';
import { isModelReady } from '../lifecycle/model-readiness';
import type { NodeProfile, NodeRecord } from '../lifecycle/node-record';
import { isSchedulable } from './filters';
import type { DispatchPolicy } from './policy';
import { compareEquallyLoaded, compareRanks, type Rank, rankOf } from './ranking';
import { SortedSet } from './sorted-set';

interface Candidate {
  /** The newest record of this rank. */
  record: NodeRecord;
  readonly rank: Rank;
  /** The sets that this node belongs to besides the one over all; they follow from `record.profile` alone. */
  readonly sets: readonly CandidateSet[];
}
type CandidateSet = SortedSet<Candidate>;

const inRankOrder = (): CandidateSet =>
  new SortedSet(
    ({ rank }) => rank.load,
    (a, b) => compareEquallyLoaded(a.rank, b.rank),
  );
const EMPTY = inRankOrder();

export class CandidateIndex {
  readonly policy: DispatchPolicy;
  readonly #candidates = new Map<string, Candidate>();
  readonly #all = inRankOrder();
  readonly #byModel = new Map<string, CandidateSet>();
  readonly #byKind = new Map<string, CandidateSet>();

  constructor(policy: DispatchPolicy) {
    this.policy = policy;
  }

  /** Nodes that could get some job now. */
  get size(): number {
    return this.#candidates.size;
  }

  /** Models that some candidate has ready. */
  get modelCount(): number {
    return this.#byModel.size;
  }

  /** Could this node get some job now? */
  has(nodeId: string): boolean {
    return this.#candidates.has(nodeId);
  }

  /** To be told of every record that a transition changed: `previous` null for a new node, `next` null for one removed. */
  update(previous: NodeRecord | null, next: NodeRecord | null): void {
    const nodeId = (next ?? previous)?.nodeId;
    if (nodeId === undefined) return;
    const candidate = this.#candidates.get(nodeId);
    if (next === null || !isSchedulable(next, this.policy)) {
      if (candidate !== undefined) this.#remove(nodeId, candidate);
    } else if (candidate === undefined) this.#add(next);
    else this.#move(candidate, next);
  }

  /**
   * In rank order, a set of candidates that holds every node which suits the job, and the smallest that the index has: that
   * of the rarest of its models and kinds. The caller asks the job's own filters.
   */
  *candidatesFor(job: JobRequirements): IterableIterator<NodeRecord> {
    if (job.node_id !== undefined) {
      const candidate = this.#candidates.get(job.node_id);
      if (candidate !== undefined) yield candidate.record;
      return;
    }
    for (const candidate of this.#smallestSetFor(job)) yield candidate.record;
  }

  #smallestSetFor(job: JobRequirements): CandidateSet {
    let smallest = this.#all;
    const consider = (set: CandidateSet = EMPTY): void => {
      if (set.size < smallest.size) smallest = set;
    };
    for (const modelId of job.required_models) consider(this.#byModel.get(modelId));
    for (const { kind } of job.required_kinds ?? []) consider(this.#byKind.get(kind));
    return smallest;
  }

  #add(record: NodeRecord): void {
    const candidate: Candidate = { record, rank: rankOf(record), sets: this.#setsFor(record.profile) };
    this.#candidates.set(record.nodeId, candidate);
    this.#all.add(candidate);
    for (const set of candidate.sets) set.add(candidate);
  }

  #remove(nodeId: string, candidate: Candidate): void {
    this.#candidates.delete(nodeId);
    this.#all.delete(candidate);
    for (const set of candidate.sets) set.delete(candidate);
    this.#forgetEmptySets(candidate.record.profile);
  }

  /** The sets are touched only when the rank or the profile changed. */
  #move(candidate: Candidate, record: NodeRecord): void {
    const { nodeId } = record;
    if (candidate.record.profile !== record.profile) {
      this.#remove(nodeId, candidate);
      this.#add(record);
      return;
    }
    const rank = rankOf(record);
    if (compareRanks(candidate.rank, rank) === 0) {
      candidate.record = record;
      return;
    }
    const moved: Candidate = { record, rank, sets: candidate.sets };
    this.#candidates.set(nodeId, moved);
    this.#all.replace(candidate, moved);
    for (const set of candidate.sets) set.replace(candidate, moved);
  }

  #setsFor(profile: NodeProfile): readonly CandidateSet[] {
    const sets = new Set<CandidateSet>();
    for (const model of profile.installedModels) {
      if (!isModelReady(profile, model)) continue;
      sets.add(setOf(this.#byModel, model.model_id));
      sets.add(setOf(this.#byKind, model.kind));
    }
    return [...sets];
  }

  /** Model ids come from nodes, so a set that nobody is in any more must not stay. */
  #forgetEmptySets(profile: NodeProfile): void {
    for (const { model_id } of profile.installedModels) if (this.#byModel.get(model_id)?.size === 0) this.#byModel.delete(model_id);
  }
}

function setOf(sets: Map<string, CandidateSet>, key: string): CandidateSet {
  let set = sets.get(key);
  if (set === undefined) sets.set(key, (set = inRankOrder()));
  return set;
}
