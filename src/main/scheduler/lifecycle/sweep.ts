// Plans one sweep (lifecycle §1, Triggers): which nodes have a deadline due, and whether evictions must pause after a mass loss. When
// nothing is due and evictions are not paused, no record is read.
import { isSilent } from './deadlines';
import type { DeadlineQueue } from './deadline-queue';
import { type MassLossState, noteLosses, suspiciousSilenceMs } from './mass-loss';
import type { NodeRecord } from './node-record';
import type { LifecyclePolicy } from './policy';

export interface SweepInput {
  readonly queue: DeadlineQueue;
  readonly massLoss: MassLossState;
  readonly recordOf: (nodeId: string) => NodeRecord | undefined;
  /** Nodes that are not offline. */
  readonly live: number;
  readonly nowMonotonicMs: number;
  readonly graceUntilMonotonicMs: number;
}

export interface SweepPlan {
  /** The sweeper applies `deadline_reached` to these nodes, in this order. */
  readonly due: readonly string[];
  readonly massLoss: MassLossState;
}

export function planSweep(
  { queue, massLoss, recordOf, live, nowMonotonicMs, graceUntilMonotonicMs }: SweepInput,
  policy: LifecyclePolicy,
): SweepPlan {
  const due = queue.due(nowMonotonicMs, graceUntilMonotonicMs);
  const isLive = (record: NodeRecord | undefined): record is NodeRecord => record !== undefined && record.status !== 'offline';
  const lost = due.filter((nodeId) => {
    const record = recordOf(nodeId);
    return isLive(record) && isSilent(record, nowMonotonicMs, graceUntilMonotonicMs, policy);
  });
  const silent =
    lost.length === 0 ? [] : queue.silentFor(suspiciousSilenceMs(policy), nowMonotonicMs).filter((nodeId) => isLive(recordOf(nodeId)));
  const seenSince = (nodeId: string, sinceMonotonicMs: number): boolean => {
    const record = recordOf(nodeId);
    return record?.online === true && record.lastSeen.monotonicMs > sinceMonotonicMs;
  };
  return { due, massLoss: noteLosses(massLoss, { lost, silent, live, seenSince }, nowMonotonicMs, policy) };
}
