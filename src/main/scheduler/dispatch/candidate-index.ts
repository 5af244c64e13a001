// The schedulable nodes in the order of preference: over all, by each ready model and the tasks that it takes there (with its
// measured speed), and by the kind of each ready model. So a decision looks at a few candidates and never at the pool (lifecycle
// §3). Who is schedulable is decided in `filters.ts`.
import type { JobRequirements } from '../../../shared/api/dispatch';
import { type TakenTasks, takes } from '../../../shared/protocol/task-kinds';
import { isModelReady } from '../lifecycle/model-readiness';
import type { NodeProfile, NodeRecord } from '../lifecycle/node-record';
import { isSchedulable } from './filters';
import { tasksByModel } from './model-tasks';
import type { DispatchPolicy } from './policy';
import { compareEquallyLoaded, compareRanks, compareSpeeds, type Rank, rankOf, type Speeds, speedsOf } from './ranking';
import { SortedSet } from './sorted-set';

interface Candidate {
  /** The newest record of this rank. */
  record: NodeRecord;
  readonly rank: Rank;
  readonly speeds: Speeds;
  /** The sets that this node belongs to besides the one over all; as the speeds, they follow from `record.profile` alone. */
  readonly sets: readonly CandidateSet[];
}
type CandidateSet = SortedSet<Candidate>;

/** An order of candidates of the same load. */
type TieBreak = (a: Candidate, b: Candidate) => number;
const byRank: TieBreak = (a, b) => compareEquallyLoaded(a.rank, b.rank);
/** For jobs on this model its speed comes first. */
const bySpeedOf =
  (modelId: string): TieBreak =>
  (a, b) =>
    compareSpeeds(a.speeds, b.speeds, modelId) || byRank(a, b);
const inOrder = (tieBreak: TieBreak): CandidateSet => new SortedSet(({ rank }) => rank.load, tieBreak);

/** Sets in the same order that have no candidate in common. */
interface Walk {
  readonly sets: readonly CandidateSet[];
  readonly tieBreak: TieBreak;
}

/** Those on which a model takes the same tasks. */
interface TaskGroup {
  readonly taken: TakenTasks;
  readonly set: CandidateSet;
}
type TaskGroups = Map<string, TaskGroup>;
const NO_GROUPS: TaskGroups = new Map();

export class CandidateIndex {
  readonly policy: DispatchPolicy;
  readonly #candidates = new Map<string, Candidate>();
  readonly #all = inOrder(byRank);
  /** By model, then by what it takes; a node is in one group of each of its models. */
  readonly #byModel = new Map<string, TaskGroups>();
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
   * In rank order, candidates among which is every node that suits the job, and as few as the index has: those of the rarest of
   * its models and kinds; speed counts where that is a model. The caller asks the job's own filters.
   */
  *candidatesFor(job: JobRequirements): IterableIterator<NodeRecord> {
    if (job.node_id !== undefined) {
      const candidate = this.#candidates.get(job.node_id);
      if (candidate !== undefined) yield candidate.record;
      return;
    }
    for (const candidate of merged(this.#fewestFor(job))) yield candidate.record;
  }

  #fewestFor(job: JobRequirements): Walk {
    let fewest: Walk | null = null;
    const consider = (walk: Walk): void => {
      if (fewest === null || sizeOf(walk) < sizeOf(fewest)) fewest = walk;
    };
    for (const modelId of job.required_models) consider({ sets: this.#setsOf(modelId, job), tieBreak: bySpeedOf(modelId) });
    for (const { kind } of job.required_kinds ?? [])
      consider({ sets: [this.#byKind.get(kind)].filter((set) => set !== undefined), tieBreak: byRank });
    return fewest ?? { sets: [this.#all], tieBreak: byRank };
  }

  #setsOf(modelId: string, { required_task: wanted }: JobRequirements): readonly CandidateSet[] {
    const task = wanted?.model_id === modelId ? wanted.task : null;
    const groups = [...(this.#byModel.get(modelId) ?? NO_GROUPS).values()];
    return groups.filter(({ taken }) => task === null || takes(taken, task)).map(({ set }) => set);
  }

  #add(record: NodeRecord): void {
    const { profile } = record;
    const candidate: Candidate = { record, rank: rankOf(record), speeds: speedsOf(profile), sets: this.#setsFor(profile) };
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
    const moved: Candidate = { ...candidate, record, rank };
    this.#candidates.set(nodeId, moved);
    this.#all.replace(candidate, moved);
    for (const set of candidate.sets) set.replace(candidate, moved);
  }

  #setsFor(profile: NodeProfile): readonly CandidateSet[] {
    const sets = new Set<CandidateSet>();
    const taken = tasksByModel(profile);
    for (const model of profile.installedModels) {
      if (!isModelReady(profile, model)) continue;
      sets.add(groupOf(this.#byModel, model.model_id, taken.get(model.model_id) ?? null));
      sets.add(setOf(this.#byKind, model.kind));
    }
    return [...sets];
  }

  /** Model ids come from nodes, so a set that nobody is in any more must not stay. */
  #forgetEmptySets(profile: NodeProfile): void {
    for (const { model_id: modelId } of profile.installedModels) {
      const groups = this.#byModel.get(modelId) ?? NO_GROUPS;
      for (const [key, { set }] of groups) if (set.size === 0) groups.delete(key);
      if (groups.size === 0) this.#byModel.delete(modelId);
    }
  }
}

function groupOf(byModel: Map<string, TaskGroups>, modelId: string, taken: TakenTasks): CandidateSet {
  let groups = byModel.get(modelId);
  if (groups === undefined) byModel.set(modelId, (groups = new Map()));
  const key = taken === null ? 'any' : taken.join(' ');
  let group = groups.get(key);
  if (group === undefined) groups.set(key, (group = { taken, set: inOrder(bySpeedOf(modelId)) }));
  return group.set;
}

const sizeOf = ({ sets }: Walk): number => sets.reduce((sum, { size }) => sum + size, 0);

/** Several sets as one, in their order. There are as many as ways in which nodes serve one model: one, seldom two. */
function* merged({ sets, tieBreak }: Walk): IterableIterator<Candidate> {
  const [only, ...others] = sets;
  if (only !== undefined && others.length === 0) {
    yield* only;
    return;
  }
  const queues = sets.map((set) => set[Symbol.iterator]());
  const heads = queues.map(nextOf);
  for (;;) {
    let first = -1;
    for (const [i, head] of heads.entries()) {
      const best = heads[first];
      if (head !== null && (best == null || (head.rank.load - best.rank.load || tieBreak(head, best)) < 0)) first = i;
    }
    const [candidate, queue] = [heads[first], queues[first]];
    if (candidate == null || queue === undefined) return;
    yield candidate;
    heads[first] = nextOf(queue);
  }
}

function nextOf(queue: Iterator<Candidate, unknown>): Candidate | null {
  const step = queue.next();
  return step.done === true ? null : step.value;
}

function setOf(sets: Map<string, CandidateSet>, key: string): CandidateSet {
  let set = sets.get(key);
  if (set === undefined) sets.set(key, (set = inOrder(byRank)));
  return set;
}
