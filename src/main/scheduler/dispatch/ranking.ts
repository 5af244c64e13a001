// Who comes first among the nodes that could take a job (lifecycle §3, Choosing). Total and deterministic.
import { inFlightJobs, type NodeRecord } from '../lifecycle/node-record';

/** What the order depends on, and nothing else: while it stays the same, so does the node's place. */
export interface Rank {
  /** Jobs in flight, then GPU use, then memory use, as one exact integer: less comes first. */
  readonly load: number;
  /** Monotonic ms; -Infinity: never assigned, so longest ago. */
  readonly lastAssignedAtMs: number;
  readonly nodeId: string;
}

/** Uses are told apart to a thousandth of a percent: 100,000 of those fit below 2^17, so that 256 jobs need 42 bits of 53. */
const STEPS_PER_PERCENT = 1000;
const USE_RANGE = 2 ** 17;
const stepsOf = (percent: number): number => Math.round(percent * STEPS_PER_PERCENT);

/** For a node that passes the filters: its GPU use is within 0-100 or was not measured, which counts as 0. */
export const rankOf = (record: NodeRecord): Rank => ({
  load: (inFlightJobs(record) * USE_RANGE + stepsOf(record.usage?.gpu_percent ?? 0)) * USE_RANGE + stepsOf(record.usage?.mem_percent ?? 0),
  lastAssignedAtMs: record.lastAssignedAtMs ?? -Infinity,
  nodeId: record.nodeId,
});

/** Negative: `a` comes before `b`. 0 only for the same node. */
export const compareRanks = (a: Rank, b: Rank): number => (a.load === b.load ? compareEquallyLoaded(a, b) : a.load - b.load);

/** The order of nodes of the same load. */
export function compareEquallyLoaded(a: Rank, b: Rank): number {
  if (a.lastAssignedAtMs !== b.lastAssignedAtMs) return a.lastAssignedAtMs < b.lastAssignedAtMs ? -1 : 1;
  return a.nodeId < b.nodeId ? -1 : a.nodeId > b.nodeId ? 1 : 0;
}
