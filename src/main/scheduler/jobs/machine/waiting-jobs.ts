// The waiting jobs by priority, then age, in groups with equal requirements. When the first job of a group suits no node, none of the group
// does. So a decision reads groups and not jobs, and a job that cannot run blocks no other job. Groups are indexed by node, model or kind:
// an event of a node reads only the groups that it can help.
import type { NodeRecord } from '../../lifecycle/node-record';
import { SortedSet } from '../../dispatch/sorted-set';
import type { JobFacts } from './job-record';
import type { JobRequirements } from '../../dispatch/job-requirements';

/** Waiting jobs with the same requirements. */
export interface WaitingGroup {
  readonly key: string;
  readonly requirements: JobRequirements;
  readonly jobs: SortedSet<JobFacts>;
}

const ANY = 'any';

export class WaitingJobs {
  readonly #groups = new Map<string, WaitingGroup>();
  /** Index key -> groups. Each group has one key: a node, a model or a kind that it requires. */
  readonly #index = new Map<string, Set<WaitingGroup>>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** Number of waiting jobs with the same requirements. */
  countWithSameRequirements(job: JobFacts): number {
    return this.#groups.get(groupKey(job.requirements))?.jobs.size ?? 0;
  }

  /** Number of waiting jobs with the same requirements before this one. */
  aheadInGroup(job: JobFacts): number {
    return this.#groups.get(groupKey(job.requirements))?.jobs.countBefore(job) ?? 0;
  }

  add(job: JobFacts): void {
    const key = groupKey(job.requirements);
    let group = this.#groups.get(key);
    if (group === undefined) {
      group = {
        key,
        requirements: job.requirements,
        jobs: new SortedSet(
          ({ priority }) => -priority,
          (a, b) => a.seq - b.seq,
        ),
      };
      this.#groups.set(key, group);
      setAt(this.#index, indexKeyOf(job.requirements)).add(group);
    }
    const before = group.jobs.size;
    group.jobs.add(job);
    this.#size += group.jobs.size - before;
  }

  /** Does nothing when the job does not wait. */
  delete(job: JobFacts): void {
    const group = this.#groups.get(groupKey(job.requirements));
    if (group === undefined) return;
    const before = group.jobs.size;
    group.jobs.delete(job);
    this.#size += group.jobs.size - before;
    if (group.jobs.size > 0) return;
    this.#groups.delete(group.key);
    const key = indexKeyOf(group.requirements);
    const groups = this.#index.get(key);
    groups?.delete(group);
    if (groups?.size === 0) this.#index.delete(key);
  }

  /** The first job, over all groups that are indexed for this node and pass `accepts`. */
  firstFor(node: NodeRecord, accepts: (requirements: JobRequirements) => boolean): JobFacts | null {
    let first: JobFacts | null = null;
    for (const group of this.groupsFor(node)) {
      const head = firstOf(group);
      if (head !== null && (first === null || comesBefore(head, first)) && accepts(group.requirements)) first = head;
    }
    return first;
  }

  /** The groups that are indexed for this node. Jobs may be added and deleted while a caller reads them. */
  *groupsFor(node: NodeRecord): Generator<WaitingGroup, undefined> {
    for (const key of indexKeysOfNode(node)) yield* this.#index.get(key) ?? [];
  }

  /** The groups in sets: those of one set require the same node, model or kind. Jobs may be added and deleted while a caller reads them. */
  groupSets(): IterableIterator<ReadonlySet<WaitingGroup>> {
    return this.#index.values();
  }

  /** Number of waiting jobs before this one. Reads all groups: for views, not for decisions. */
  ahead(job: JobFacts): number {
    let ahead = 0;
    for (const { jobs } of this.#groups.values()) ahead += jobs.countBefore(job);
    return ahead;
  }
}

export const comesBefore = (a: JobFacts, b: JobFacts): boolean => (a.priority === b.priority ? a.seq < b.seq : a.priority > b.priority);

export function firstOf(group: WaitingGroup): JobFacts | null {
  for (const job of group.jobs) return job;
  return null;
}

/** `factsOf` normalizes requirements, so equal ones have equal JSON. */
export const groupKey = (requirements: JobRequirements): string => JSON.stringify(requirements);

function indexKeyOf({ nodeId, requiredModels: models, requiredKinds: kinds }: JobRequirements): string {
  if (nodeId !== undefined) return `node:${nodeId}`;
  if (models[0] !== undefined) return `model:${models[0]}`;
  return kinds?.[0] === undefined ? ANY : `kind:${kinds[0].kind}`;
}

function indexKeysOfNode({ nodeId, profile }: NodeRecord): Set<string> {
  const keys = new Set([`node:${nodeId}`, ANY]);
  for (const { modelId, kind } of profile.installedModels) keys.add(`model:${modelId}`).add(`kind:${kind}`);
  return keys;
}

function setAt(index: Map<string, Set<WaitingGroup>>, key: string): Set<WaitingGroup> {
  let groups = index.get(key);
  if (groups === undefined) index.set(key, (groups = new Set()));
  return groups;
}
