// The order of the nodes that can run a job (lifecycle §3, Choosing). Total and deterministic. The reports of a node do not
// change its place: only jobs in flight and turns count. Its speed and load change how soon its next turn comes (fair-turns.ts).
import { isModelReady } from '../lifecycle/model-readiness';
import { addedLoad } from '../lifecycle/model-failures';
import type { Strategy } from './policy';
import { inFlightJobs, type NodeProfile, type NodeRecord } from '../lifecycle/node-record';

/** Everything that the order depends on, besides the speed and the failures of a model. */
export interface Rank {
  /** Jobs in flight, then the turn, as one exact integer. Lower comes first. 0 when nodes are chosen in turn. */
  readonly load: number;
  /** Monotonic ms; -Infinity: no job was ever assigned. */
  readonly lastAssignedAtMonotonicMs: number;
  readonly nodeId: string;
}

/** Turns are counted in steps of 1/1024. Nine bits of 53 are left for the jobs in flight. */
const STEPS_PER_TURN = 1024;
const TURN_RANGE_STEPS = 2 ** 44;
const turnStepsOf = (turn: number): number => Math.min(TURN_RANGE_STEPS - 1, Math.round(turn * STEPS_PER_TURN));

export const rankOf = (record: NodeRecord, strategy: Strategy = 'predicted'): Rank => ({
  load: strategy === 'round_robin' ? 0 : inFlightJobs(record) * TURN_RANGE_STEPS + turnStepsOf(record.turn),
  lastAssignedAtMonotonicMs: record.lastAssignedAtMonotonicMs ?? -Infinity,
  nodeId: record.nodeId,
});

/**
 * The load for a job on this model: a recent failure counts as one more job in flight. So does a load of the model that is still needed, with
 * the strategy `predicted`; the others do not look at memory.
 */
export function loadFor({ load }: Rank, { failures, profile }: NodeRecord, modelId: string, strategy: Strategy = 'predicted'): number {
  const added = addedLoad(failures, modelId) + (strategy === 'predicted' && isNotInMemory(profile, modelId) ? 1 : 0);
  return load + added * TURN_RANGE_STEPS;
}

/** Unknown is not cold. */
function isNotInMemory({ modelResidency }: NodeProfile, modelId: string): boolean {
  const residency = modelResidency?.[modelId];
  return residency === 'cold' || residency === 'loading';
}

/** Negative: `a` comes before `b`. 0 only for the same node. */
export const compareRanks = (a: Rank, b: Rank): number => (a.load === b.load ? compareEquallyLoaded(a, b) : a.load - b.load);

/** The order of nodes with the same load. */
export function compareEquallyLoaded(a: Rank, b: Rank): number {
  if (a.lastAssignedAtMonotonicMs !== b.lastAssignedAtMonotonicMs)
    return a.lastAssignedAtMonotonicMs < b.lastAssignedAtMonotonicMs ? -1 : 1;
  return a.nodeId < b.nodeId ? -1 : a.nodeId > b.nodeId ? 1 : 0;
}

/** Tokens per second by model id, for models that are ready and were measured. */
export type Speeds = ReadonlyMap<string, number>;

const NONE: Speeds = new Map();

export function speedsOf(profile: NodeProfile): Speeds {
  let speeds: Map<string, number> | null = null;
  for (const model of profile.installedModels) {
    if (model.tokensPerSecond === null || !isModelReady(profile, model)) continue;
    speeds ??= new Map();
    if (!speeds.has(model.modelId)) speeds.set(model.modelId, model.tokensPerSecond);
  }
  return speeds ?? NONE;
}

/** For nodes with the same load and a job on this model: faster first, then nodes without a measurement. 0: the ranks decide. */
export const compareSpeeds = (a: Speeds, b: Speeds, modelId: string): number => (b.get(modelId) ?? 0) - (a.get(modelId) ?? 0);
