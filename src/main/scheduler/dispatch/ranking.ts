// The order of the nodes that can run a job (lifecycle §3, Choosing). Total and deterministic.
import { isModelReady } from '../lifecycle/model-readiness';
import { inFlightJobs, type NodeProfile, type NodeRecord } from '../lifecycle/node-record';

/** Everything that the order depends on, besides the speed of a model. While rank and speed stay the same, so does the position. */
export interface Rank {
  /** Jobs in flight, then GPU usage, then memory usage, as one exact integer. Lower comes first. */
  readonly load: number;
  /** Monotonic ms; -Infinity: no job was ever assigned. */
  readonly lastAssignedAtMonotonicMs: number;
  readonly nodeId: string;
}

/** Usage is counted in steps of a thousandth of a percent: 0-100 % is 0-100,000 steps, below 2^17. So 256 jobs need 42 bits of 53. */
const STEPS_PER_PERCENT = 1000;
const USAGE_RANGE_STEPS = 2 ** 17;
const stepsOf = (percent: number): number => Math.round(percent * STEPS_PER_PERCENT);

/** For a node that passes the filters: its GPU usage is within 0-100, or was not measured and counts as 0. */
export const rankOf = (record: NodeRecord): Rank => ({
  load:
    (inFlightJobs(record) * USAGE_RANGE_STEPS + stepsOf(record.usage?.gpuPercent ?? 0)) * USAGE_RANGE_STEPS +
    stepsOf(record.usage?.memoryPercent ?? 0),
  lastAssignedAtMonotonicMs: record.lastAssignedAtMonotonicMs ?? -Infinity,
  nodeId: record.nodeId,
});

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
