// Which deadlines a record has (lifecycle §1, Triggers), in monotonic ms: at most one for the next heartbeat and one that its
// status sets. Both follow from the record alone. What happens at a deadline is `transition`'s.
import type { NodeRecord } from './node-record';
import type { LifecyclePolicy } from './policy';

export interface StatusDeadline {
  readonly kind: 'warmup' | 'drain' | 'retention';
  readonly atMs: number;
}

/** When the node's silence becomes a timeout. Null when nobody waits for it: offline, and its connection gone. */
export const heartbeatDeadlineMs = (record: NodeRecord, policy: LifecyclePolicy): number | null =>
  record.online || record.status !== 'offline' ? record.lastSeen.monotonicMs + policy.heartbeatTimeoutMs : null;

/** Silent past its deadline, and past the grace that all nodes have (see liveness-grace). */
export function isSilent(record: NodeRecord, nowMs: number, graceUntilMs: number, policy: LifecyclePolicy): boolean {
  const deadlineMs = heartbeatDeadlineMs(record, policy);
  return deadlineMs !== null && nowMs >= Math.max(deadlineMs, graceUntilMs);
}

/** For the periodic scan over all records, which must find nothing that the queue did not. */
export const isDue = (record: NodeRecord, nowMs: number, graceUntilMs: number, policy: LifecyclePolicy): boolean =>
  isSilent(record, nowMs, graceUntilMs, policy) || (statusDeadline(record, policy)?.atMs ?? Infinity) <= nowMs;

/** The deadline that the record's status sets; null when it sets none. */
export function statusDeadline(record: NodeRecord, policy: LifecyclePolicy): StatusDeadline | null {
  switch (record.status) {
    case 'registering':
      // A node whose last check passed is on its way up: only a failing check ends its warm-up, and that check is a heartbeat.
      return record.health.lastCheck?.ok === true ? null : { kind: 'warmup', atMs: warmupDeadlineMs(record, policy) };
    case 'draining':
      return record.drain === null ? null : { kind: 'drain', atMs: record.drain.requestedAt.monotonicMs + record.drain.timeoutMs };
    case 'offline':
      return expires(record) ? { kind: 'retention', atMs: lastSignMs(record) + policy.offlineRetentionMs } : null;
    case 'ready':
    case 'degraded':
      return null;
  }
}

export const warmupDeadlineMs = (record: NodeRecord, policy: LifecyclePolicy): number =>
  record.registeredAt.monotonicMs + policy.warmupTimeoutMs;

/** An operator's wish to drain lasts until resumed, so the record that holds it stays. */
const expires = (record: NodeRecord): boolean => !record.online && record.drain?.by !== 'operator';

/** A drained node may have stayed connected long after it went offline: its retention begins when it fell silent. */
const lastSignMs = (record: NodeRecord): number => Math.max(record.since.monotonicMs, record.lastSeen.monotonicMs);
