// Which models are loaded for waiting jobs, on which nodes, and which idle models make space for them (ADR 0025). Only for servers where a
// model must be loaded before it can serve: there a model that is not loaded is not ready, and the job waits.
import type { ExclusionReason } from '../../../shared/protocol/status';
import { isBusy } from './exclusion-aggregates';
import type { JobRequirements } from './job-requirements';
import { modelState } from '../lifecycle/model-readiness';
import { installedModel, isIdle, residenceLeftMs, residencyOf } from '../lifecycle/model-residency';
import { inFlightJobs, type NodeProfile, type NodeRecord } from '../lifecycle/node-record';
import type { InstalledModel } from '../lifecycle/node-report';

export interface ModelLoad {
  readonly nodeId: string;
  readonly modelId: string;
  /** Idle models of the node that are unloaded first. */
  readonly unload: readonly string[];
}

/** What the records do not show. */
export interface LoadFacts {
  /** Whether the model is being loaded for waiting jobs on any node. */
  isLoading(modelId: string): boolean;
  /** Whether an automatic load runs on the node. */
  isActing(nodeId: string): boolean;
  /** Whether the last load of the model on the node failed, and the time for another one has not come. */
  isBackedOff(nodeId: string, modelId: string): boolean;
  /** Jobs of the model that are assigned to the node. */
  jobsOn(nodeId: string, modelId: string): number;
}

/**
 * The model that must be loaded on the node before it can take the job, if nothing else keeps the job away. Null: none, or a load does not
 * help. `takes`: whether the node could take the job now, with this record.
 */
export function modelToLoad(
  record: NodeRecord,
  job: JobRequirements,
  takes: (record: NodeRecord, job: JobRequirements) => boolean,
): string | null {
  if (!mayHaveCold(record, job)) return null;
  const { profile } = record;
  const missing = job.requiredModels.filter((id) => modelState(profile, id) !== 'ready');
  const [first] = missing;
  if (first === undefined || !missing.every((id) => isLoadable(profile, id))) return null;
  return takes(withReady(record, missing), job) ? first : null;
}

/** Quick for most nodes: whether one of the models may be not in memory there. */
const mayHaveCold = (record: NodeRecord, { requiredModels }: JobRequirements): boolean => {
  if (!mayBeLoadedOn(record)) return false;
  const residency = record.profile.modelResidency ?? null;
  return residency === null || requiredModels.some((id) => residencyOf(record.profile, id) === 'cold');
};

/**
 * The work of one check of a node, in models that are compared (about 5 ns each). Required models are compared with installed ones, so
 * the work depends on what nodes report and clients require.
 */
export const checkWorkOf = ({ profile: { installedModels } }: NodeRecord, job: JobRequirements): number =>
  300 + (job.requiredModels.length + (job.requiredKinds?.length ?? 0) + 2) * installedModels.length;

/** The work of `modelToLoad`. */
export const loadWorkOf = (record: NodeRecord, job: JobRequirements): number =>
  mayHaveCold(record, job) ? 3 * checkWorkOf(record, job) : 30 + job.requiredModels.length;

/** A node without any ready model is registering or degraded for this reason alone: a loaded model makes it ready. */
export function mayBeLoadedOn({ online, profile, status, health }: NodeRecord): boolean {
  if (!online || profile.allowsModelControl !== true) return false;
  if (status === 'ready') return true;
  const failed = health.lastCheck?.failedChecks ?? [];
  return (status === 'registering' || status === 'degraded') && failed.length > 0 && failed.every(({ check }) => check === 'models');
}

/** Installed, enabled, not in memory, and not ready for this reason. */
function isLoadable(profile: NodeProfile, modelId: string): boolean {
  const model = installedModel(profile, modelId);
  return (
    model?.actions?.includes('load') === true &&
    modelState(profile, modelId) === 'not_installed' &&
    residencyOf(profile, modelId) === 'cold'
  );
}

const withReady = (record: NodeRecord, modelIds: readonly string[]): NodeRecord => {
  const ready = Object.fromEntries(modelIds.map((id) => [id, 'ready' as const]));
  return { ...record, status: 'ready', profile: { ...record.profile, capabilityState: { ...record.profile.capabilityState, ...ready } } };
};

/**
 * `now`: the node can take the job now, or only jobs that this scheduler assigned to it keep the job away. `when_idle`: its owner's load,
 * or jobs that only the node claims, keep the job away.
 */
export type Serving = 'now' | 'when_idle';

/** Whether the node is a reason not to load the model elsewhere. Null: it is none. */
export function servingOf(
  record: NodeRecord,
  job: JobRequirements,
  exclusionOf: (record: NodeRecord, job: JobRequirements) => ExclusionReason | null,
): Serving | null {
  const reason = exclusionOf(record, job);
  if (reason === null) return 'now';
  if (!isBusy(reason)) return null;
  return record.assignedJobs > 0 && exclusionOf(withoutAssigned(record), job) === null ? 'now' : 'when_idle';
}

const withoutAssigned = (record: NodeRecord): NodeRecord => {
  const { usage, assignedJobs } = record;
  return {
    ...record,
    assignedJobs: 0,
    usage: usage === null ? null : { ...usage, runningJobs: Math.max(0, usage.runningJobs - assignedJobs) },
  };
};

export interface PossibleLoad extends ModelLoad {
  readonly inFlight: number;
}

/** The better one: fewest models unloaded, then fewest jobs, then by id. */
export function betterLoad(a: PossibleLoad | null, b: PossibleLoad | null): PossibleLoad | null {
  if (a === null || b === null) return a ?? b;
  return (a.unload.length - b.unload.length || a.inFlight - b.inFlight || (a.nodeId < b.nodeId ? -1 : 1)) < 0 ? a : b;
}

/** How the model could be loaded on the node. Null: not now. At most one load for each model, and one on each node. */
export function loadOn(record: NodeRecord, modelId: string, facts: LoadFacts, nowMonotonicMs: number): PossibleLoad | null {
  const { nodeId, profile } = record;
  if (facts.isLoading(modelId) || facts.isActing(nodeId) || facts.isBackedOff(nodeId, modelId) || isAnyLoading(profile)) return null;
  const unload = spaceFor(record, modelId, facts, nowMonotonicMs);
  return unload === null ? null : { nodeId, modelId, unload, inFlight: inFlightJobs(record) };
}

const isAnyLoading = (profile: NodeProfile): boolean => Object.values(profile.modelResidency ?? {}).includes('loading');

/**
 * The idle models to unload, those first that were loaded first. Null: the model does not fit now. Where the need or the free memory is
 * unknown, the server may replace a model itself. So nothing may run there, and no model may be younger than its minimum residence.
 */
function spaceFor(record: NodeRecord, modelId: string, facts: LoadFacts, nowMonotonicMs: number): readonly string[] | null {
  const { profile, nodeId } = record;
  const [needGb, freeGb] = [installedModel(profile, modelId)?.vramGb ?? null, freeGbOf(record)];
  const isYoung = (id: string): boolean => residenceLeftMs(record, id, nowMonotonicMs) > 0;
  if (needGb === null || freeGb === null) {
    const isAnyYoung = [...(record.loadedSince?.keys() ?? [])].some(isYoung);
    return isIdle(record) && !isAnyYoung ? [] : null;
  }
  const unload: string[] = [];
  let left = needGb - freeGb;
  const removable = profile.installedModels
    .filter((model): model is InstalledModel & { readonly vramGb: number } => (model.vramGb ?? 0) > 0)
    .filter(({ modelId: id, actions }) => residencyOf(profile, id) === 'loaded' && actions?.includes('unload') === true && !isYoung(id))
    .sort((a, b) => sinceOf(record, a) - sinceOf(record, b));
  for (const { modelId: id, vramGb } of removable) {
    if (left <= 0) break;
    if (facts.jobsOn(nodeId, id) > 0) continue;
    unload.push(id);
    left -= vramGb;
  }
  return left <= 0 ? unload : null;
}

const sinceOf = ({ loadedSince }: NodeRecord, { modelId }: InstalledModel): number => loadedSince?.get(modelId)?.monotonicMs ?? 0;

/** The free memory of the available GPUs. Null: a GPU does not report its memory. */
function freeGbOf({ gpus }: NodeRecord): number | null {
  const readings = gpus?.filter(({ available }) => available) ?? [];
  if (readings.length === 0) return null;
  let freeGb = 0;
  for (const { memoryTotalGb, memoryUsedGb } of readings) {
    if (memoryTotalGb === null || memoryUsedGb === null) return null;
    freeGb += Math.max(0, memoryTotalGb - memoryUsedGb);
  }
  return freeGb;
}
