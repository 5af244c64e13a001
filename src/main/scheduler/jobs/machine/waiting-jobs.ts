// The waiting jobs in groups with equal requirements. When the first job of a group suits no node, none of the group does. So a decision reads
// groups and not jobs, and a job that cannot run blocks no other job. Groups are indexed by node, model or kind: an event of a node reads only
// the groups that it can help. The order is by priority, then by the shares of the keys, then by age (waiting-group.ts).
import type { NodeRecord } from '../../lifecycle/node-record';
import type { JobFacts } from './job-record';
import type { JobRequirements } from '../../dispatch/job-requirements';
import { KeyShares } from './key-shares';
import { QueuePlaces } from './queue-places';
import { compareHeads, type Head, WaitingGroup } from './waiting-group';

const ANY = 'any';

export class WaitingJobs {
  /** What the keys have used. Its caller charges attempts. */
  readonly shares = new KeyShares();
  readonly #groups = new Map<string, WaitingGroup>();
  /** Index key -> groups. Each group has one key: a node, a model or a kind that it requires. */
  readonly #index = new Map<string, Set<WaitingGroup>>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** Number of waiting jobs with the same requirements. */
  countWithSameRequirements(job: JobFacts): number {
    return this.#groups.get(groupKey(job.requirements))?.size ?? 0;
  }

  /** The places of waiting jobs, as they wait now. Its first place reads all keys of the groups that may take the same nodes: for views. */
  places(): QueuePlaces {
    return new QueuePlaces({
      shares: this.shares,
      indexKeyOf: ({ requirements }) => indexKeyOf(requirements),
      indexKeysOfNode,
      groupsAt: (keys) => this.#groupsAt(keys),
    });
  }

  add(job: JobFacts): void {
    const key = groupKey(job.requirements);
    let group = this.#groups.get(key);
    if (group === undefined) {
      group = new WaitingGroup(key, job.requirements, this.shares);
      this.#groups.set(key, group);
      setAt(this.#index, indexKeyOf(job.requirements)).add(group);
    }
    const before = group.size;
    group.add(job);
    this.#size += group.size - before;
  }

  /** A node takes the job. */
  take(job: JobFacts): void {
    this.#remove(job, true);
  }

  /** Does nothing when the job does not wait. */
  delete(job: JobFacts): void {
    this.#remove(job, false);
  }

  #remove(job: JobFacts, isServed: boolean): void {
    const group = this.#groups.get(groupKey(job.requirements));
    if (group === undefined) return;
    const before = group.size;
    group.delete(job, isServed);
    this.#size += group.size - before;
    if (group.size > 0) return;
    this.#groups.delete(group.key);
    const key = indexKeyOf(group.requirements);
    const groups = this.#index.get(key);
    groups?.delete(group);
    if (groups?.size === 0) this.#index.delete(key);
  }

  /** The first job, over all groups that are indexed for this node and pass `accepts`. */
  firstFor(node: NodeRecord, accepts: (requirements: JobRequirements) => boolean): JobFacts | null {
    let first: Head | null = null;
    for (const group of this.groupsFor(node)) {
      const head = group.first();
      if (head !== null && (first === null || compareHeads(head, first) < 0) && accepts(group.requirements)) first = head;
    }
    return first?.job ?? null;
  }

  /** The groups that are indexed for this node. Jobs may be added and deleted while a caller reads them. */
  groupsFor(node: NodeRecord): Generator<WaitingGroup, undefined> {
    return this.#groupsAt(indexKeysOfNode(node));
  }

  *#groupsAt(keys: ReadonlySet<string>): Generator<WaitingGroup, undefined> {
    for (const key of keys) yield* this.#index.get(key) ?? [];
  }

  /** The groups in sets: those of one set require the same node, model or kind. Jobs may be added and deleted while a caller reads them. */
  groupSets(): IterableIterator<ReadonlySet<WaitingGroup>> {
    return this.#index.values();
  }
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
