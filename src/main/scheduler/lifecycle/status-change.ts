// The steps that transitions share: entering a status, and completing a drain when nothing is in flight or its deadline has passed. Each step appends its effects in
// the order in which they happen.
import type { NodeStatus, StatusReasonCode } from '../../../shared/protocol/status';
import { drainDeadlineMonotonicMs } from './deadlines';
import type { Effect, RefusalCode, RequeueCause, Transition } from './events';
import { woken } from './node-wake';
import { inFlightJobs, type Instant, type NodeRecord } from './node-record';

const LOSS_REASONS: ReadonlySet<StatusReasonCode> = new Set(['warmup_timeout', 'health_check_failed', 'heartbeat_timeout']);

/** Whether the pool lost the node by a fault. A person asks for a drain, a pause or sleep. */
export const isLoss = (reasonCode: StatusReasonCode): boolean => LOSS_REASONS.has(reasonCode);

export function enter(record: NodeRecord, to: NodeStatus, reasonCode: StatusReasonCode, now: Instant, effects: Effect[]): NodeRecord {
  const hasBeenReady = record.hasBeenReady || to === 'ready';
  const next: NodeRecord = { ...record, status: to, reasonCode, previousStatus: record.status, hasBeenReady, since: now };
  const msInPrevious = now.monotonicMs - record.since.monotonicMs;
  effects.push({ type: 'status_changed', from: record.status, to, reasonCode, msInPrevious, record: next });
  return to === 'ready' ? woken(next, now, effects) : next;
}

/** For a record with a drain or a pause. Ends at once when nothing is in flight, or when the jobs in flight must move now. */
export const startDraining = (record: NodeRecord, now: Instant, effects: Effect[]): NodeRecord =>
  finishDrainAtDeadline(finishDrainWhenIdle(enter(record, 'draining', 'drain_requested', now, effects), now, effects), now, effects);

export function finishDrainWhenIdle(record: NodeRecord, now: Instant, effects: Effect[]): NodeRecord {
  if (record.status !== 'draining' || inFlightJobs(record) > 0) return record;
  return enter(record, 'offline', 'drain_complete', now, effects);
}

/** The deadline of drain or pause has passed: the remaining jobs are requeued. */
export function finishDrainAtDeadline(record: NodeRecord, now: Instant, effects: Effect[]): NodeRecord {
  const deadlineMonotonicMs = drainDeadlineMonotonicMs(record);
  if (record.status !== 'draining' || deadlineMonotonicMs === null || now.monotonicMs < deadlineMonotonicMs) return record;
  const drained = enter(record, 'offline', 'drain_timeout', now, effects);
  requeueAssigned(drained, 'drain_timeout', effects);
  return drained;
}

/** Only jobs that the scheduler has assigned can be requeued. */
export function requeueAssigned(record: NodeRecord, cause: RequeueCause, effects: Effect[]): void {
  if (record.assignedJobs > 0) effects.push({ type: 'requeue_jobs', cause, jobs: record.assignedJobs });
}

export const refused = (record: NodeRecord | null, code: RefusalCode): Transition => [record, [{ type: 'refused', code }]];
