// The steps that transitions are made of: entering a status, and ending a drain that has nothing left in flight.
// Each appends its effects in the order in which they happen.
import type { NodeStatus, StatusReasonCode } from '../../../shared/protocol/status';
import type { Effect, RequeueCause } from './events';
import { inFlightJobs, type Instant, type NodeRecord } from './node-record';

export function enter(record: NodeRecord, to: NodeStatus, reasonCode: StatusReasonCode, now: Instant, effects: Effect[]): NodeRecord {
  const next: NodeRecord = { ...record, status: to, reasonCode, previousStatus: record.status, since: now };
  const msInPrevious = now.monotonicMs - record.since.monotonicMs;
  effects.push({ type: 'status_changed', from: record.status, to, reasonCode, msInPrevious, record: next });
  return next;
}

/** For a record that holds the wish to drain: with nothing in flight it is drained at once. */
export const startDraining = (record: NodeRecord, now: Instant, effects: Effect[]): NodeRecord =>
  finishDrainWhenIdle(enter(record, 'draining', 'drain_requested', now, effects), now, effects);

export function finishDrainWhenIdle(record: NodeRecord, now: Instant, effects: Effect[]): NodeRecord {
  if (record.status !== 'draining' || inFlightJobs(record) > 0) return record;
  return enter(record, 'offline', 'drain_complete', now, effects);
}

/** Only what the scheduler has assigned can be queued again. */
export function requeueAssigned(record: NodeRecord, cause: RequeueCause, effects: Effect[]): void {
  if (record.assignedJobs > 0) effects.push({ type: 'requeue_jobs', cause, jobs: record.assignedJobs });
}
