// The deadlines of a record (lifecycle §1, Triggers), in monotonic ms: for the next heartbeat, one that the status sets, the ends of
// periods of failures, and the end of a reading of the load. All follow from the record alone. `on-deadline.ts` decides the transition
// when a deadline is due.
import { inFlightJobs, type NodeRecord } from './node-record';
import { readingEndMonotonicMs } from './owner-load';
import type { LifecyclePolicy } from './policy';

export interface StatusDeadline {
  readonly kind: 'warmup' | 'drain' | 'retention';
  readonly atMonotonicMs: number;
}

/** When the heartbeat timeout is reached. Null for a node that is offline and not connected: no heartbeat is expected. */
export const heartbeatDeadlineMonotonicMs = (record: NodeRecord, policy: LifecyclePolicy): number | null =>
  record.online || record.status !== 'offline' ? record.lastSeen.monotonicMs + policy.heartbeatTimeoutMs : null;

/** The heartbeat timeout and the grace period of all nodes (see liveness-grace) have both passed. */
export function isSilent(record: NodeRecord, nowMonotonicMs: number, graceUntilMonotonicMs: number, policy: LifecyclePolicy): boolean {
  const deadlineMonotonicMs = heartbeatDeadlineMonotonicMs(record, policy);
  return deadlineMonotonicMs !== null && nowMonotonicMs >= Math.max(deadlineMonotonicMs, graceUntilMonotonicMs);
}

/** For the periodic scan of all records. The scan must find no record that the queue did not find. */
export const isNodeDeadlineDue = (
  record: NodeRecord,
  nowMonotonicMs: number,
  graceUntilMonotonicMs: number,
  policy: LifecyclePolicy,
): boolean =>
  isSilent(record, nowMonotonicMs, graceUntilMonotonicMs, policy) ||
  (otherDeadlineMonotonicMs(record, policy) ?? Infinity) <= nowMonotonicMs;

/** The earliest deadline besides that of the next heartbeat: of the status, of a period of failures, or of a reading of the load. */
export function otherDeadlineMonotonicMs(record: NodeRecord, policy: LifecyclePolicy): number | null {
  const statusMonotonicMs = statusDeadline(record, policy)?.atMonotonicMs ?? null;
  return earlierOf(statusMonotonicMs, earlierOf(record.failures.nextEndMonotonicMs, loadReadingEndMonotonicMs(record)));
}

const earlierOf = (a: number | null, b: number | null): number | null => (a === null || b === null ? (a ?? b) : Math.min(a, b));

/** When the reading of the load without a job is too old to count while a job is in flight. */
export const loadReadingEndMonotonicMs = (record: NodeRecord): number | null =>
  readingEndMonotonicMs(record.ownerLoad, record.usage, inFlightJobs(record));

/** The deadline that the record's status sets; null when it sets none. */
export function statusDeadline(record: NodeRecord, policy: LifecyclePolicy): StatusDeadline | null {
  switch (record.status) {
    case 'registering':
      // After a passed check only a failed check can end the warm-up, and checks run on heartbeats. So no deadline is needed.
      return record.health.lastCheck?.ok === true ? null : { kind: 'warmup', atMonotonicMs: warmupDeadlineMonotonicMs(record, policy) };
    case 'draining': {
      const atMonotonicMs = drainDeadlineMonotonicMs(record);
      return atMonotonicMs === null ? null : { kind: 'drain', atMonotonicMs };
    }
    case 'offline':
      return expires(record) ? { kind: 'retention', atMonotonicMs: retentionStartMonotonicMs(record) + retentionMs(record, policy) } : null;
    case 'ready':
    case 'degraded':
      return null;
  }
}

/** When the jobs in flight are requeued: the earlier deadline of drain and pause. */
export const drainDeadlineMonotonicMs = ({ drain, pause }: Pick<NodeRecord, 'drain' | 'pause'>): number | null =>
  earlierOf(
    drain === null ? null : drain.requestedAt.monotonicMs + drain.timeoutMs,
    pause === null ? null : pause.startedAt.monotonicMs + pause.timeoutMs,
  );

export const warmupDeadlineMonotonicMs = (record: NodeRecord, policy: LifecyclePolicy): number =>
  record.registeredAt.monotonicMs + policy.warmupTimeoutMs;

/**
 * A drain or quarantine by an operator lasts until the operator ends it, so the record must not expire. A pause needs no record: the node
 * reports it again.
 */
const expires = ({ online, drain, quarantine }: NodeRecord): boolean => !online && drain?.by !== 'operator' && quarantine === null;

const retentionMs = ({ hasBeenReady }: NodeRecord, { offlineRetentionMs, neverReadyRetentionMs }: LifecyclePolicy): number =>
  hasBeenReady ? offlineRetentionMs : Math.min(offlineRetentionMs, neverReadyRetentionMs);

/** Whether a new node may take the place of this one when the maximum is reached: it has never been ready, and is not connected. */
export const isDisplaceable = (record: NodeRecord): boolean => expires(record) && !record.hasBeenReady;

/** A drained node can stay connected long after it is offline. Its retention begins with its last heartbeat. */
const retentionStartMonotonicMs = (record: NodeRecord): number => Math.max(record.since.monotonicMs, record.lastSeen.monotonicMs);
