// The order of the nodes that can run a job (lifecycle §3, Choosing). Total and deterministic. The reports of a node do not
// change its place: only jobs in flight and turns count. Its speed and load change how soon its next turn comes (fair-turns.ts).
import { isModelReady } from '../lifecycle/model-readiness';
import { addedLoad } from '../lifecycle/model-failures';
import { inFlightJobs, type NodeFailures, type NodeProfile, type NodeRecord } from '../lifecycle/node-record';

/** Everything that the order depends on, besides the speed and the failures of a model. */
export interface Rank {
  /** Jobs in flight, then the turn, as one exact integer. Lower comes first. */
  readonly load: number;
  /** Monotonic ms; -Infinity: no job was ever assigned. */
  readonly lastAssignedAtMonotonicMs: number;
  readonly nodeId: string;
}

/** Turns are counted in steps of 1/1024. Nine bits of 53 are left for the jobs in flight. */
const STEPS_PER_TURN = 1024;
const TURN_RANGE_STEPS = 2 ** 44;
const turnStepsOf = (turn: number): number => Math.min(TURN_RANGE_STEPS - 1, Math.round(turn * STEPS_PER_TURN));

export const rankOf = (record: NodeRecord): Rank => ({
  load: inFlightJobs(record) * TURN_RANGE_STEPS + turnStepsOf(record.turn),
  lastAssignedAtMonotonicMs: record.lastAssignedAtMonotonicMs ?? -Infinity,
  nodeId: record.nodeId,
});

/** The load for a job on this model: a recent failure counts as one more job in flight. */
export const loadFor = ({ load }: Rank, failures: NodeFailures, modelId: string): number =>
  load + addedLoad(failures, modelId) * TURN_RANGE_STEPS;

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
