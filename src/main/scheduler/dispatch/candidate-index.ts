// Sets of schedulable nodes, each in the order of preference: one of all nodes, one for each ready model and the tasks that it takes, and
// one for each kind of ready model. A decision therefore reads a few candidates and never the whole pool (lifecycle §3). In the sets of a
// model, its failures and its reported speed are part of the order. `filters.ts` decides which nodes are schedulable.
import { type TakenTasks, takes } from '../../../shared/protocol/task-kinds';
import { isModelReady } from '../lifecycle/model-readiness';
import type { NodeProfile, NodeRecord } from '../lifecycle/node-record';
import { byRank, type Candidate, type CandidatePlaces, type CandidateSet, type Order, orderFor } from './candidate';
import { isSchedulable } from './filters';
import { ModelGroup } from './model-group';
import { tasksByModel } from './model-tasks';
import type { DispatchPolicy } from './policy';
import { isAnyModelLoading } from './prediction/cost';
import { compareRanks, rankOf, speedsOf } from './ranking';
import { SortedSet } from './sorted-set';
import type { JobRequirements } from './job-requirements';

/** Disjoint sets with the same order. */
interface Walk {
  readonly sets: readonly CandidateSet[];
  readonly order: Order;
}

/** By the tasks that the model takes. A node is in one group of each of its models. */
type TaskGroups = Map<string, ModelGroup>;
/** At most so many candidates are compared one by one. */
const MAX_FEW = 64;
const NO_GROUPS: TaskGroups = new Map();
const inOrder = ({ loadOf, compareTies }: Order): CandidateSet => new SortedSet(loadOf, compareTies);

export class CandidateIndex {
  #policy: DispatchPolicy;
  readonly #candidates = new Map<string, Candidate>();
  #all = inOrder(byRank);
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
    // The order of the sets depends on the strategy.
    if (policy.strategy !== this.#policy.strategy) this.#clear();
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

  /** As `update`, for a record that differs only in when the node was seen. */
  seen(next: NodeRecord): void {
    const candidate = this.#candidates.get(next.nodeId);
    if (candidate === undefined) return;
    if (isAnyModelLoading(next)) this.#move(candidate, next);
    else candidate.record = next;
  }

  /**
   * Candidates for the job, in rank order. They include every node that suits the job: the index takes the smallest set among the kinds of
   * the job and its models without rates. For a model its failures and speed are part of the order. The caller applies the job filters.
   */
  *candidatesFor(job: JobRequirements): IterableIterator<NodeRecord> {
    if (job.nodeId !== undefined) {
      const candidate = this.#candidates.get(job.nodeId);
      if (candidate !== undefined) yield candidate.record;
      return;
    }
    for (const candidate of merged(this.#smallestFor(job))) yield candidate.record;
  }

  /** The candidate with this id. */
  get(nodeId: string): Candidate | undefined {
    return this.#candidates.get(nodeId);
  }

  /** The candidates for which the model may be the one that runs the job. */
  groupsOf(modelId: string, { requiredTask: wanted }: JobRequirements): readonly ModelGroup[] {
    const task = wanted?.modelId === modelId ? wanted.task : null;
    const groups = [...(this.#byModel.get(modelId) ?? NO_GROUPS).values()];
    return groups.filter(({ taken }) => task === null || takes(taken, task));
  }

  /** The nodes that have not run the model, and those that should run it as a trial, in rank order. */
  *untriedFor(modelId: string, job: JobRequirements): IterableIterator<Candidate> {
    const sets = this.groupsOf(modelId, job).map(({ untried }) => untried);
    yield* merged({ sets, order: orderFor(modelId, this.#policy.strategy) });
  }

  /** The candidates with another model or kind that the job requires, if these are few. Null: they are many, or it requires no other. */
  fewestFor({ requiredModels, requiredKinds }: JobRequirements, modelId: string): Iterable<Candidate> | null {
    let fewest: readonly CandidatePlaces[] | null = null;
    let least = MAX_FEW + 1;
    const places = [
      ...requiredModels.filter((other) => other !== modelId).map((other) => [...(this.#byModel.get(other) ?? NO_GROUPS).values()]),
      ...(requiredKinds ?? []).map(({ kind }) => this.#setsOfKind(kind)),
    ];
    for (const sets of places) {
      const size = sets.reduce((sum, set) => sum + set.size, 0);
      if (size < least) [fewest, least] = [sets, size];
    }
    return fewest?.flatMap((set) => [...set]) ?? null;
  }

  #smallestFor(job: JobRequirements): Walk {
    const { strategy } = this.#policy;
    const walks = [
      ...job.requiredModels
        .map((modelId) => ({ modelId, groups: this.groupsOf(modelId, job) }))
        .filter(({ groups }) => groups.every(({ tried }) => tried.size === 0))
        .map(({ modelId, groups }): Walk => ({ sets: groups.map(({ untried }) => untried), order: orderFor(modelId, strategy) })),
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

  #add(record: NodeRecord): void {
    const { profile } = record;
    const candidate: Candidate = {
      record,
      rank: rankOf(record, this.#policy.strategy),
      speeds: speedsOf(profile),
      sets: this.#setsFor(profile),
    };
    this.#candidates.set(record.nodeId, candidate);
    this.#all.add(candidate);
    for (const set of candidate.sets) set.add(candidate);
  }

  #clear(): void {
    this.#all = inOrder(byRank);
    for (const places of [this.#candidates, this.#byModel, this.#byKind]) places.clear();
  }

  #remove(nodeId: string, candidate: Candidate): void {
    this.#candidates.delete(nodeId);
    this.#all.delete(candidate);
    for (const set of candidate.sets) set.delete(candidate);
    this.#forgetEmptySets(candidate.record.profile);
  }

  /** The sets change only when something changed on which the order depends. */
  #move(candidate: Candidate, record: NodeRecord): void {
    const { nodeId } = record;
    if (candidate.record.profile !== record.profile) {
      this.#remove(nodeId, candidate);
      this.#add(record);
      return;
    }
    const rank = rankOf(record, this.#policy.strategy);
    if (compareRanks(candidate.rank, rank) === 0 && isInSamePlaces(candidate.record, record)) {
      candidate.record = record;
      return;
    }
    const moved: Candidate = { ...candidate, record, rank };
    this.#candidates.set(nodeId, moved);
    this.#all.replace(candidate, moved);
    for (const set of candidate.sets) set.replace(candidate, moved);
  }

  #setsFor(profile: NodeProfile): readonly CandidatePlaces[] {
    const sets = new Set<CandidatePlaces>();
    const taken = tasksByModel(profile);
    for (const model of profile.installedModels) {
      if (!isModelReady(profile, model)) continue;
      sets.add(this.#groupOf(model.modelId, taken.get(model.modelId) ?? null));
      sets.add(setOf(this.#byKind, model.kind));
    }
    return [...sets];
  }

  #groupOf(modelId: string, taken: TakenTasks): ModelGroup {
    let groups = this.#byModel.get(modelId);
    if (groups === undefined) this.#byModel.set(modelId, (groups = new Map<string, ModelGroup>()));
    const key = taken === null ? 'any' : taken.join(' ');
    let group = groups.get(key);
    if (group === undefined) groups.set(key, (group = new ModelGroup(modelId, taken, this.#policy.strategy)));
    return group;
  }

  /** Model ids come from nodes, so empty sets are removed: otherwise a node could fill the memory. */
  #forgetEmptySets(profile: NodeProfile): void {
    for (const { modelId } of profile.installedModels) {
      const groups = this.#byModel.get(modelId) ?? NO_GROUPS;
      for (const [key, group] of groups) if (group.size === 0) groups.delete(key);
      if (groups.size === 0) this.#byModel.delete(modelId);
    }
  }
}

/** Whether everything besides the rank and the profile that the order depends on is the same. */
const isInSamePlaces = (a: NodeRecord, b: NodeRecord): boolean =>
  a.failures === b.failures &&
  a.rates === b.rates &&
  a.expectedJobs === b.expectedJobs &&
  (a.lastSeen.monotonicMs === b.lastSeen.monotonicMs || !isAnyModelLoading(a));

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
