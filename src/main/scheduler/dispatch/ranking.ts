// Who comes first among the nodes that could take a job (lifecycle §3, Choosing). Total and deterministic.
import { inFlightJobs, type NodeRecord } from '../lifecycle/node-record';

/** What the order depends on, and nothing else: while it stays the same, so does the node's place. */
export interface Rank {
  readonly inFlightJobs: number;
  readonly gpuPercent: number;
  readonly memPercent: number;
  /** Monotonic ms; -Infinity: never assigned, so longest ago. */
  readonly lastAssignedAtMs: number;
  readonly nodeId: string;
}

/** For a node that passes the filters: its GPU use is a number or was not measured, which counts as 0. */
export const rankOf = (record: NodeRecord): Rank => ({
  inFlightJobs: inFlightJobs(record),
  gpuPercent: record.usage?.gpu_percent ?? 0,
  memPercent: record.usage?.mem_percent ?? 0,
  lastAssignedAtMs: record.lastAssignedAtMs ?? -Infinity,
  nodeId: record.nodeId,
});

/** Negative: `a` comes before `b`. 0 only for the same node. */
export function compareRanks(a: Rank, b: Rank): number {
  if (a.inFlightJobs !== b.inFlightJobs) return a.inFlightJobs - b.inFlightJobs;
  if (a.gpuPercent !== b.gpuPercent) return a.gpuPercent - b.gpuPercent;
  if (a.memPercent !== b.memPercent) return a.memPercent - b.memPercent;
  if (a.lastAssignedAtMs !== b.lastAssignedAtMs) return a.lastAssignedAtMs < b.lastAssignedAtMs ? -1 : 1;
  return a.nodeId < b.nodeId ? -1 : a.nodeId > b.nodeId ? 1 : 0;
}
