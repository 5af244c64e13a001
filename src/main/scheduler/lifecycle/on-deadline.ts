// The transition at a due deadline (lifecycle §1). Periods of failures and a reading of the load end first. Then comes the heartbeat
// timeout: it makes the node offline, also when a deadline of the status is due.
import { CLOSE_CODES } from '../../../shared/protocol/codes';
import type { RemovalReasonCode } from '../../../shared/protocol/status';
import { isSilent, loadReadingEndMonotonicMs, statusDeadline } from './deadlines';
import type { Effect, Transition } from './events';
import { afterPeriods } from './model-failures';
import type { Instant, NodeRecord } from './node-record';
import { withWakeTimedOut } from './node-wake';
import { withoutReading } from './owner-load';
import type { LifecyclePolicy } from './policy';
import { enter, finishDrainAtDeadline, requeueAssigned } from './status-change';

/** Returns the same record when nothing is due. */
export function onDeadline(before: NodeRecord, graceUntilMonotonicMs: number, now: Instant, policy: LifecyclePolicy): Transition {
  const effects: Effect[] = [];
  const record = withWakeTimedOut(withReadingEnded(withPeriodsEnded(before, now), now), now, effects);
  const [next, others] = onStatusDeadline(record, graceUntilMonotonicMs, now, policy);
  return [next, [...effects, ...others]];
}

function onStatusDeadline(record: NodeRecord, graceUntilMonotonicMs: number, now: Instant, policy: LifecyclePolicy): Transition {
  if (isSilent(record, now.monotonicMs, graceUntilMonotonicMs, policy)) return silent(record, now, policy);
  const deadline = statusDeadline(record, policy);
  if (deadline === null || now.monotonicMs < deadline.atMonotonicMs) return [record, []];
  const effects: Effect[] = [];
  switch (deadline.kind) {
    case 'warmup':
      return [enter(record, 'degraded', 'warmup_timeout', now, effects), effects];
    case 'drain':
      return [finishDrainAtDeadline(record, now, effects), effects];
    case 'retention':
      return removed(record, 'expired');
  }
}

function withPeriodsEnded(record: NodeRecord, now: Instant): NodeRecord {
  const failures = afterPeriods(record.failures, record.profile, now);
  return failures === record.failures ? record : { ...record, failures };
}

/** Heartbeats end the reading too. Between two of them, a waiting job may need the node. */
function withReadingEnded(record: NodeRecord, now: Instant): NodeRecord {
  const endMonotonicMs = loadReadingEndMonotonicMs(record);
  if (record.usage === null || endMonotonicMs === null || endMonotonicMs > now.monotonicMs) return record;
  return { ...record, ownerLoad: withoutReading(record.ownerLoad, record.usage) };
}

/** The node is no longer known. Its jobs in flight are requeued. */
export function removed(record: NodeRecord, reasonCode: RemovalReasonCode): Transition {
  const effects: Effect[] = [{ type: 'removed', reasonCode, record }];
  requeueAssigned(record, reasonCode, effects);
  if (reasonCode === 'removed' && record.online) effects.push({ type: 'close_socket', code: CLOSE_CODES.removed });
  return [null, effects];
}

/** A drained node that is still connected keeps its status. Its silent connection is closed too. */
function silent(record: NodeRecord, now: Instant, policy: LifecyclePolicy): Transition {
  const lateMs = now.monotonicMs - record.lastSeen.monotonicMs - policy.heartbeatTimeoutMs;
  const effects: Effect[] = [{ type: 'heartbeat_timed_out', lastSeenAtWallMs: record.lastSeen.wallMs, lateMs }];
  const disconnected: NodeRecord = record.online ? { ...record, online: false } : record;
  const next = record.status === 'offline' ? disconnected : enter(disconnected, 'offline', 'heartbeat_timeout', now, effects);
  if (record.online) effects.push({ type: 'close_socket', code: CLOSE_CODES.heartbeatTimeout });
  if (next.status !== record.status) requeueAssigned(next, 'heartbeat_timeout', effects);
  return [next, effects];
}
