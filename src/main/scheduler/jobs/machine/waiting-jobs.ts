// The jobs that wait for a node: by priority, then age, in groups that need the same. Where the first of a group fits nowhere
// none of it does, so that a decision looks at groups and not at jobs, and a job that cannot run is in nobody's way. Groups are
// found by the model, kind or node they need: an event at a node looks at those that the node could help and at no others.
import type { JobRequirements } from '../../../../shared/api/dispatch';
import type { NodeRecord } from '../../lifecycle/node-record';
import { SortedSet } from '../../dispatch/sorted-set';
import type { JobFacts } from './job-record';

interface WaitingGroup {
  readonly key: string;
  readonly requirements: JobRequirements;
  readonly jobs: SortedSet<JobFacts>;
}

const ANY = 'any';

export class WaitingJobs {
  readonly #groups = new Map<string, WaitingGroup>();
  /** Where a group is found -> the groups there. Each is in one place: a node, a model or a kind that it cannot do without. */
  readonly #places = new Map<string, Set<WaitingGroup>>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** How many wait that need the same. */
  countAlike(job: JobFacts): number {
    return this.#groups.get(groupKey(job.requirements))?.jobs.size ?? 0;
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
      setAt(this.#places, placeOf(job.requirements)).add(group);
    }
    const before = group.jobs.size;
    group.jobs.add(job);
    this.#size += group.jobs.size - before;
  }

  /** Nothing when it does not wait. */
  delete(job: JobFacts): void {
    const group = this.#groups.get(groupKey(job.requirements));
    if (group === undefined) return;
    const before = group.jobs.size;
    group.jobs.delete(job);
    this.#size += group.jobs.size - before;
    if (group.jobs.size > 0) return;
    this.#groups.delete(group.key);
    const place = placeOf(group.requirements);
    const groups = this.#places.get(place);
    groups?.delete(group);
    if (groups?.size === 0) this.#places.delete(place);
  }

  /** Of the groups that this node could be of use to and `accepts` takes, the one whose first job comes first. */
  firstFor(node: NodeRecord, accepts: (requirements: JobRequirements) => boolean): JobFacts | null {
    let first: JobFacts | null = null;
    for (const place of placesOfNode(node)) {
      for (const group of this.#places.get(place) ?? []) {
        const head = firstOf(group);
        if (head !== null && (first === null || comesBefore(head, first)) && accepts(group.requirements)) first = head;
      }
    }
    return first;
  }

  /** How many would be tried before this one. Looks at all groups: for a person who asks, not for a decision. */
  ahead(job: JobFacts): number {
    let ahead = 0;
    for (const { jobs } of this.#groups.values()) ahead += jobs.countBefore(job);
    return ahead;
  }
}

const comesBefore = (a: JobFacts, b: JobFacts): boolean => (a.priority === b.priority ? a.seq < b.seq : a.priority > b.priority);

function firstOf(group: WaitingGroup): JobFacts | null {
  for (const job of group.jobs) return job;
  return null;
}

/** Requirements are normalized when a job is made (see submission-mapping), so that equal ones read alike. */
const groupKey = (requirements: JobRequirements): string => JSON.stringify(requirements);

function placeOf({ node_id: nodeId, required_models: models, required_kinds: kinds }: JobRequirements): string {
  if (nodeId !== undefined) return `node:${nodeId}`;
  if (models[0] !== undefined) return `model:${models[0]}`;
  return kinds?.[0] === undefined ? ANY : `kind:${kinds[0].kind}`;
}

function placesOfNode({ nodeId, profile }: NodeRecord): Set<string> {
  const places = new Set([`node:${nodeId}`, ANY]);
  for (const { model_id: modelId, kind } of profile.installedModels) places.add(`model:${modelId}`).add(`kind:${kind}`);
  return places;
}

function setAt(places: Map<string, Set<WaitingGroup>>, place: string): Set<WaitingGroup> {
  let groups = places.get(place);
  if (groups === undefined) places.set(place, (groups = new Set()));
  return groups;
}
