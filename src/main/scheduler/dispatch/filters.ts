// The one list of dispatch filters, in the order of lifecycle §3 (before them: the node that a job asks for by id).
// Which filters depend on the node alone is said here too: those decide who is in the candidate index.
import type { Exclusion, JobRequirements } from '../../../shared/api/dispatch';
import type { NodeRecord } from '../lifecycle/node-record';
import { capacity } from './filters/capacity';
import type { DispatchFilter } from './filters/dispatch-filter';
import { gpu } from './filters/gpu';
import { models } from './filters/models';
import { online } from './filters/online';
import { publicPool } from './filters/public-pool';
import { requestedNode } from './filters/requested-node';
import { resourceUse } from './filters/resource-use';
import { statusReady } from './filters/status-ready';
import type { DispatchPolicy } from './policy';

export const FILTERS: readonly DispatchFilter[] = [requestedNode, statusReady, online, publicPool, gpu, models, capacity, resourceUse];

/** They ask nothing of the job when it wants nothing special; `gpu` is in both lists, since a job may want memory. */
const NODE_FILTERS: readonly DispatchFilter[] = [statusReady, online, gpu, capacity, resourceUse];
const JOB_FILTERS: readonly DispatchFilter[] = [requestedNode, publicPool, gpu, models];

const ANY_JOB: JobRequirements = { required_models: [], public: false };

/** May this node get any job at all now? Status, connection, GPU and load joined in one predicate; a drain is in the status. */
export const isSchedulable = (candidate: NodeRecord, policy: DispatchPolicy): boolean =>
  passesAll(NODE_FILTERS, candidate, ANY_JOB, policy);

/** Of a schedulable node: may it get this job? Both predicates together are all of `FILTERS`. */
export const suits = (candidate: NodeRecord, job: JobRequirements, policy: DispatchPolicy): boolean =>
  passesAll(JOB_FILTERS, candidate, job, policy);

/** The first filter that the node does not pass; null when it passes all. */
export function firstExclusion(candidate: NodeRecord, job: JobRequirements, policy: DispatchPolicy): Exclusion | null {
  for (const filter of FILTERS) {
    const exclusion = filter(candidate, job, policy);
    if (exclusion !== null) return exclusion;
  }
  return null;
}

/** Every filter that the node does not pass, in their order. */
export function allExclusions(candidate: NodeRecord, job: JobRequirements, policy: DispatchPolicy): Exclusion[] {
  const exclusions: Exclusion[] = [];
  for (const filter of FILTERS) {
    const exclusion = filter(candidate, job, policy);
    if (exclusion !== null) exclusions.push(exclusion);
  }
  return exclusions;
}

const passesAll = (filters: readonly DispatchFilter[], candidate: NodeRecord, job: JobRequirements, policy: DispatchPolicy): boolean =>
  filters.every((filter) => filter(candidate, job, policy) === null);
