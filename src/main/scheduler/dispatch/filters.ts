// The list of dispatch filters, in the order of lifecycle §3, after the filter for a requested node. Filters that depend on the node alone
// decide which nodes are in the candidate index.
import type { Exclusion } from '../../../shared/api/dispatch';
import type { ExclusionReason } from '../../../shared/protocol/status';
import type { NodeRecord } from '../lifecycle/node-record';
import { capacity } from './filters/capacity';
import type { DispatchFilter } from './filters/dispatch-filter';
import { failing } from './filters/failing';
import { gpu } from './filters/gpu';
import { hasModels, lacksModel, models } from './filters/models';
import { online } from './filters/online';
import { publicPool } from './filters/public-pool';
import { quarantined } from './filters/quarantined';
import { requestedNode } from './filters/requested-node';
import { resourceUse } from './filters/resource-use';
import { statusReady } from './filters/status-ready';
import { vram } from './filters/vram';
import { availabilityStateOf } from './availability';
import type { DispatchPolicy } from './policy';
import type { JobRequirements } from './job-requirements';

export const FILTERS: readonly DispatchFilter[] = [
  requestedNode,
  statusReady,
  online,
  quarantined,
  publicPool,
  gpu,
  models,
  failing,
  vram,
  capacity,
  resourceUse,
];

/** Filters that depend on the job. `gpu` depends on both, because a job can require GPU memory. */
const JOB_FILTERS: readonly DispatchFilter[] = [requestedNode, publicPool, gpu, models, failing, vram];

const startingWith = (...first: readonly DispatchFilter[]): readonly DispatchFilter[] => [...new Set([...first, ...FILTERS])];
const UNREADY = startingWith(requestedNode, publicPool, online);
const UNREADY_WITHOUT_MODEL = startingWith(requestedNode, publicPool, models, online);

/**
 * The order in which exclusions explain a node. A node that gets no jobs at all is explained by what an owner must change, when there is
 * such an exclusion: without the change it does not take the job later either.
 */
function explainingOrder(candidate: NodeRecord, job: JobRequirements): readonly DispatchFilter[] {
  if (candidate.status === 'ready' && candidate.online && candidate.quarantine === null) return FILTERS;
  return lacksModel(candidate.profile, job) ? UNREADY_WITHOUT_MODEL : UNREADY;
}

/** Whether the node can get any job now. */
export const isSchedulable = (candidate: NodeRecord, policy: DispatchPolicy): boolean =>
  availabilityStateOf(candidate, policy) === 'available';

/** Whether a schedulable node can get this job. `isSchedulable` and `suits` together apply all of `FILTERS`. */
export const suits = (candidate: NodeRecord, job: JobRequirements, policy: DispatchPolicy): boolean =>
  passesAll(JOB_FILTERS, candidate, job, policy);

/** The exclusion that explains the node, and by which it is counted. Null: it passes every filter. */
export function firstExclusion(candidate: NodeRecord, job: JobRequirements, policy: DispatchPolicy): Exclusion | null {
  for (const filter of explainingOrder(candidate, job)) {
    const exclusion = filter(candidate, job, policy);
    if (exclusion !== null) return exclusion;
  }
  return null;
}

/** Its code alone, for counts of a whole pool: the details of 64 models on 10,000 nodes take more than 100 ms. */
export function firstExclusionCode(candidate: NodeRecord, job: JobRequirements, policy: DispatchPolicy): ExclusionReason | null {
  for (const filter of explainingOrder(candidate, job)) {
    if (filter === models && hasModels(candidate.profile, job)) continue;
    const code = filter === models ? 'model_not_available' : filter(candidate, job, policy)?.code;
    if (code !== undefined) return code;
  }
  return null;
}

/** Every filter that the node does not pass. The exclusion that explains the node comes first. */
export function allExclusions(candidate: NodeRecord, job: JobRequirements, policy: DispatchPolicy): Exclusion[] {
  const exclusions: Exclusion[] = [];
  for (const filter of explainingOrder(candidate, job)) {
    const exclusion = filter(candidate, job, policy);
    if (exclusion !== null) exclusions.push(exclusion);
  }
  return exclusions;
}

const passesAll = (filters: readonly DispatchFilter[], candidate: NodeRecord, job: JobRequirements, policy: DispatchPolicy): boolean =>
  filters.every((filter) => filter(candidate, job, policy) === null);
