// Sets of schedulable nodes, each in the order of preference: one of all nodes, one for each ready model and the tasks that it takes, and
// one for each kind of ready model. A decision therefore reads a few candidates and never the whole pool (lifecycle §3). In the sets of a
// model, its failures and its reported speed are part of the order. `filters.ts` decides which nodes are schedulable.
import { type TakenTasks, takes } from '../../../shared/protocol/task-kinds';
import { isModelReady } from '../lifecycle/model-readiness';
import type { NodeProfile, NodeRecord } from '../lifecycle/node-record';
import { isSchedulable } from './filters';
import { tasksByModel } from './model-tasks';
import type { DispatchPolicy } from './policy';
import { compareEquallyLoaded, compareRanks, compareSpeeds, loadFor, type Rank, rankOf, type Speeds, speedsOf } from './ranking';
import { SortedSet } from './sorted-set';
import type { JobRequirements } from './job-requirements';

interface Candidate {
  /** The newest record with this rank. */
  record: NodeRecord;
  readonly rank: Rank;
  readonly speeds: Speeds;
  /** The sets of this node besides `#all`. Like the speeds, they follow from `record.profile` alone. */
  readonly sets: readonly CandidateSet[];
}
type CandidateSet = SortedSet<Candidate>;

/** An order of candidates: by load, then by comparison. */
interface Order {
  readonly loadOf: (candidate: Candidate) => number;
  readonly compareTies: (a: Candidate, b: Candidate) => number;
}
const byRank: Order = { loadOf: ({ rank }) => rank.load, compareTies: (a, b) => compareEquallyLoaded(a.rank, b.rank) };
/** For jobs on this model: its failures count as load, and its reported speed decides between nodes with the same load. */
const byRankFor = (modelId: string): Order => ({
  loadOf: ({ rank, record }) => loadFor(rank, record.failures, modelId),
  compareTies: (a, b) => compareSpeeds(a.speeds, b.speeds, modelId) || byRank.compareTies(a, b),
});
const inOrder = ({ loadOf, compareTies }: Order): CandidateSet => new SortedSet(loadOf, compareTies);

/** Disjoint sets with the same order. */
interface Walk {
  readonly sets: readonly CandidateSet[];
  readonly order: Order;
}

/** The candidates on which a model takes the same tasks. */
interface TaskGroup {
  readonly taken: TakenTasks;
  readonly set: CandidateSet;
}
type TaskGroups = Map<string, TaskGroup>;
const NO_GROUPS: TaskGroups = new Map();

export class CandidateIndex {
  #policy: DispatchPolicy;
  readonly #candidates = new Map<string, Candidate>();
  readonly #all = inOrder(byRank);
  /** By model, then by the tasks that it takes. A node is in one group of each of its models. */
  readonly #byModel = new Map<string, TaskGroups>();
  readonly #byKind = new Map<string, CandidateSet>();

  constructor(policy: DispatchPolicy) {
    this.#policy = policy;
  }

  get policy(): DispatchPolicy {
    return this.#policy;
  }

  /** Judges all nodes again. A node that is not connected is no candidate under any policy. */
  setPolicy(policy: DispatchPolicy, records: Iterable<NodeRecord>): void {
    this.#policy = policy;
    for (const record of records) if (record.online) this.update(record, record);
  }

  /** Number of schedulable nodes. */
  get size(): number {
    return this.#candidates.size;
  }

  /** Number of models that are ready on a candidate. */
  get modelCount(): number {
    return this.#byModel.size;
  }

  /** Whether the node is schedulable. */
  has(nodeId: string): boolean {
    return this.#candidates.has(nodeId);
  }

  /** Must be called with every changed record: `previous` is null for a new node, `next` for a removed one. */
  update(previous: NodeRecord | null, next: NodeRecord | null): void {
    const nodeId = (next ?? previous)?.nodeId;
    if (nodeId === undefined) return;
    const candidate = this.#candidates.get(nodeId);
    if (next === null || !isSchedulable(next, this.#policy)) {
      if (candidate !== undefined) this.#remove(nodeId, candidate);
    } else if (candidate === undefined) this.#add(next);
    else this.#move(candidate, next);
  }

  /**
   * Candidates for the job, in rank order. They include every node that suits the job: the index takes the smallest set among the models
   * and kinds of the job. For a model its failures and speed are part of the order. The caller applies the job filters.
   */
  *candidatesFor(job: JobRequirements): IterableIterator<NodeRecord> {
    if (job.nodeId !== undefined) {
      const candidate = this.#candidates.get(job.nodeId);
      if (candidate !== undefined) yield candidate.record;
      return;
    }
    for (const candidate of merged(this.#smallestFor(job))) yield candidate.record;
  }

  #smallestFor(job: JobRequirements): Walk {
    const walks = [
      ...job.requiredModels.map((modelId): Walk => ({ sets: this.#setsOf(modelId, job), order: byRankFor(modelId) })),
      ...(job.requiredKinds ?? []).map(({ kind }): Walk => ({ sets: this.#setsOfKind(kind), order: byRank })),
    ];
    let smallest = walks[0] ?? { sets: [this.#all], order: byRank };
    for (const walk of walks) if (sizeOf(walk) < sizeOf(smallest)) smallest = walk;
    return smallest;
  }

  #setsOfKind(kind: string): readonly CandidateSet[] {
    const set = this.#byKind.get(kind);
    return set === undefined ? [] : [set];
  }

  #setsOf(modelId: string, { requiredTask: wanted }: JobRequirements): readonly CandidateSet[] {
    const task = wanted?.modelId === modelId ? wanted.task : null;
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

  /** The sets change only when the rank, the failures or the profile has changed. */
  #move(candidate: Candidate, record: NodeRecord): void {
    const { nodeId } = record;
    if (candidate.record.profile !== record.profile) {
      this.#remove(nodeId, candidate);
      this.#add(record);
      return;
    }
    const rank = rankOf(record);
    if (compareRanks(candidate.rank, rank) === 0 && candidate.record.failures === record.failures) {
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
      sets.add(groupOf(this.#byModel, model.modelId, taken.get(model.modelId) ?? null));
      sets.add(setOf(this.#byKind, model.kind));
    }
    return [...sets];
  }

  /** Model ids come from nodes, so empty sets are removed: otherwise a node could fill the memory. */
  #forgetEmptySets(profile: NodeProfile): void {
    for (const { modelId } of profile.installedModels) {
      const groups = this.#byModel.get(modelId) ?? NO_GROUPS;
      for (const [key, { set }] of groups) if (set.size === 0) groups.delete(key);
      if (groups.size === 0) this.#byModel.delete(modelId);
    }
  }
}

function groupOf(byModel: Map<string, TaskGroups>, modelId: string, taken: TakenTasks): CandidateSet {
  let groups = byModel.get(modelId);
  if (groups === undefined) byModel.set(modelId, (groups = new Map<string, TaskGroup>()));
  const key = taken === null ? 'any' : taken.join(' ');
  let group = groups.get(key);
  if (group === undefined) groups.set(key, (group = { taken, set: inOrder(byRankFor(modelId)) }));
  return group.set;
}

const sizeOf = ({ sets }: Walk): number => sets.reduce((sum, { size }) => sum + size, 0);

/** Merges several sets in their order. There is one set for each combination of tasks that nodes take for a model: one or two. */
function* merged({ sets, order: { loadOf, compareTies } }: Walk): IterableIterator<Candidate> {
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
      if (head !== null && (best == null || (loadOf(head) - loadOf(best) || compareTies(head, best)) < 0)) first = i;
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
