// One sweep (lifecycle §1, Triggers): who has a deadline due, and whether so many are lost that their jobs must wait.
// The service then sends `deadline_reached` to each; while nothing is due and no brake is on, no record is looked at.
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
  readonly nowMs: number;
  readonly graceUntilMs: number;
}

export interface SweepPlan {
  /** To be sent `deadline_reached`, in this order. */
  readonly due: readonly string[];
  readonly massLoss: MassLossState;
}

export function planSweep({ queue, massLoss, recordOf, live, nowMs, graceUntilMs }: SweepInput, policy: LifecyclePolicy): SweepPlan {
  const due = queue.due(nowMs, graceUntilMs);
  const isLive = (record: NodeRecord | undefined): record is NodeRecord => record !== undefined && record.status !== 'offline';
  const lost = due.filter((nodeId) => {
    const record = recordOf(nodeId);
    return isLive(record) && isSilent(record, nowMs, graceUntilMs, policy);
  });
  const silent = lost.length === 0 ? [] : queue.silentFor(suspiciousSilenceMs(policy), nowMs).filter((nodeId) => isLive(recordOf(nodeId)));
  const seenSince = (nodeId: string, sinceMs: number): boolean => {
    const record = recordOf(nodeId);
    return record?.online === true && record.lastSeen.monotonicMs > sinceMs;
  };
  return { due, massLoss: noteLosses(massLoss, { lost, silent, live, seenSince }, nowMs, policy) };
}
