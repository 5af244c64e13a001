// Plans one sweep (lifecycle §1, Triggers): which nodes have a deadline due, and whether evictions must pause. When nothing is due
// and evictions are not paused, no record is read.
import { isSilent } from './deadlines';
import type { DeadlineQueue } from './deadline-queue';
import { type EvictionPauseState, noteLosses, suspiciousSilenceMs } from './eviction-pause';
import type { NodeRecord } from './node-record';
import type { LifecyclePolicy } from './policy';

export interface SweepInput {
  readonly queue: DeadlineQueue;
  readonly pauseState: EvictionPauseState;
  readonly recordOf: (nodeId: string) => NodeRecord | undefined;
  /** Nodes that are not offline. */
  readonly live: number;
  readonly nowMonotonicMs: number;
  readonly graceUntilMonotonicMs: number;
}

export interface SweepPlan {
  /** The sweeper applies `deadline_reached` to these nodes, in this order. */
  readonly due: readonly string[];
  readonly pauseState: EvictionPauseState;
}

export function planSweep(
  { queue, pauseState, recordOf, live, nowMonotonicMs, graceUntilMonotonicMs }: SweepInput,
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
  return { due, pauseState: noteLosses(pauseState, { lost, silent, live, seenSince }, nowMonotonicMs, policy) };
}
