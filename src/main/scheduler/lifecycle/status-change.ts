// The steps that transitions share: entering a status, and completing a drain when nothing is in flight. Each step appends its effects in
// the order in which they happen.
import type { NodeStatus, StatusReasonCode } from '../../../shared/protocol/status';
import type { Effect, RequeueCause } from './events';
import { inFlightJobs, type Instant, type NodeRecord } from './node-record';

export function enter(record: NodeRecord, to: NodeStatus, reasonCode: StatusReasonCode, now: Instant, effects: Effect[]): NodeRecord {
  const hasBeenReady = record.hasBeenReady || to === 'ready';
  const next: NodeRecord = { ...record, status: to, reasonCode, previousStatus: record.status, hasBeenReady, since: now };
  const msInPrevious = now.monotonicMs - record.since.monotonicMs;
  effects.push({ type: 'status_changed', from: record.status, to, reasonCode, msInPrevious, record: next });
  return next;
}

/** For a record with a drain request. The drain completes at once when nothing is in flight. */
export const startDraining = (record: NodeRecord, now: Instant, effects: Effect[]): NodeRecord =>
  finishDrainWhenIdle(enter(record, 'draining', 'drain_requested', now, effects), now, effects);

export function finishDrainWhenIdle(record: NodeRecord, now: Instant, effects: Effect[]): NodeRecord {
  if (record.status !== 'draining' || inFlightJobs(record) > 0) return record;
  return enter(record, 'offline', 'drain_complete', now, effects);
}

/** Only jobs that the scheduler has assigned can be requeued. */
export function requeueAssigned(record: NodeRecord, cause: RequeueCause, effects: Effect[]): void {
  if (record.assignedJobs > 0) effects.push({ type: 'requeue_jobs', cause, jobs: record.assignedJobs });
}
