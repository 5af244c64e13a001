// The job machine (api §1, issue "Jobs"), total over status x event: queued -> assigned -> running -> succeeded | failed |
// cancelled | expired, and back to queued while attempts are left. Fenced: only the live attempt, on its node, moves a job.
import { assertNever } from '../../../../shared/assert-never';
import type { AttemptOutcome, JobError } from '../../../../shared/api/job';
import type { Instant } from '../../lifecycle/node-record';
import { isDue } from './job-deadline';
import type { JobEffect, JobMachineEvent, JobPolicy, JobTransition } from './job-events';
import { type Attempt, attemptsUsed, hasEnded, type JobRecord, liveAttempt } from './job-record';

type ResultEvent = Extract<JobMachineEvent, { type: 'result' }>;

/** Returns the same record, by identity, when nothing changed. */
export function transition(record: JobRecord, event: JobMachineEvent, now: Instant, policy: JobPolicy): JobTransition {
  const live = liveAttempt(record);
  switch (event.type) {
    case 'assigned':
      return record.status === 'queued' && record.notBefore === null ? assigned(record, event.nodeId, now) : unchanged(record);
    case 'accepted':
      if (live === null || !isOf(live, event)) return stale(record);
      return record.status === 'assigned'
        ? [{ ...withLive(record, { ...live, startedAt: now }), status: 'running' }, []]
        : unchanged(record);
    case 'result':
      return live === null || !isOf(live, event) ? stale(record) : onResult(record, event, now, policy);
    case 'node_lost':
    case 'drain_timeout':
      return live?.nodeId === event.nodeId ? onLost(record, live, event.type, now) : unchanged(record);
    case 'not_delivered':
      return record.status === 'assigned' && live?.attempt === event.attempt ? notDelivered(record, now) : unchanged(record);
    case 'cancel_requested':
      return hasEnded(record) ? [record, [{ type: 'already_ended' }]] : cancelled(record, event.reason, now);
    case 'attempt_deadline':
      return live !== null && isDue(record, event.type, now.monotonicMs) ? timedOut(record, live, now, policy) : unchanged(record);
    case 'queue_deadline': {
      if (!isDue(record, event.type, now.monotonicMs)) return unchanged(record);
      const details = { queue_timeout_seconds: record.facts.queueTimeoutMs / 1000 };
      return finished(record, 'expired', { code: 'queue_timeout', message: 'no node took it in time', details }, now, []);
    }
    case 'total_deadline':
      return isDue(record, event.type, now.monotonicMs) ? outOfTime(record, now) : unchanged(record);
    case 'retry_due':
      return isDue(record, event.type, now.monotonicMs) ? [{ ...record, notBefore: null }, []] : unchanged(record);
    default:
      return assertNever(event);
  }
}

const unchanged = (record: JobRecord): JobTransition => [record, []];
const stale = (record: JobRecord): JobTransition => [record, [{ type: 'stale' }]];

/** The fence: what a node says counts only for the live attempt on that very node. */
const isOf = (live: Attempt, event: { readonly attempt: number; readonly nodeId: string }): boolean =>
  live.attempt === event.attempt && live.nodeId === event.nodeId;

const withLive = (record: JobRecord, live: Attempt): JobRecord => ({ ...record, attempts: [...record.attempts.slice(0, -1), live] });

function assigned(record: JobRecord, nodeId: string, now: Instant): JobTransition {
  const attempt = record.lastAttempt + 1;
  const live: Attempt = { attempt, nodeId, assignedAt: now, startedAt: null, endedAt: null, outcome: null, error: null };
  const next: JobRecord = { ...record, status: 'assigned', lastAttempt: attempt, attempts: [...record.attempts, live] };
  return [next, [{ type: 'send_assign', nodeId, attempt }]];
}

/** The live attempt ends, and its node is free of it. */
function ended(record: JobRecord, outcome: AttemptOutcome, error: JobError | null, now: Instant, effects: JobEffect[]): JobRecord {
  const live = liveAttempt(record);
  if (live === null) return record;
  effects.push({ type: 'slot_freed', nodeId: live.nodeId });
  return withLive(record, { ...live, endedAt: now, outcome, error });
}

function finished(
  record: JobRecord,
  status: 'succeeded' | 'failed' | 'cancelled' | 'expired',
  error: JobError | null,
  now: Instant,
  effects: JobEffect[],
): JobTransition {
  return [{ ...record, status, error, notBefore: null, finishedAt: now }, [...effects, { type: 'finished' }]];
}

function onResult(record: JobRecord, { error, retryable }: ResultEvent, now: Instant, policy: JobPolicy): JobTransition {
  const effects: JobEffect[] = [];
  if (error === null) return finished(ended(record, 'succeeded', null, now, effects), 'succeeded', null, now, effects);
  const next = ended(record, 'failed', error, now, effects);
  return retryable ? retried(next, error, backoffMs(next, policy), now, effects) : finished(next, 'failed', error, now, effects);
}

/** Nobody's fault: it goes back at once. A node that is still there is told to stop. */
function onLost(record: JobRecord, live: Attempt, outcome: 'node_lost' | 'drain_timeout', now: Instant): JobTransition {
  const effects: JobEffect[] = [];
  if (outcome === 'drain_timeout') effects.push(cancelOn(live, outcome));
  const error: JobError = {
    code: outcome,
    message: outcome === 'node_lost' ? 'its node was lost' : 'its node was drained',
    details: { node_id: live.nodeId },
  };
  return retried(ended(record, outcome, error, now, effects), error, null, now, effects);
}

function timedOut(record: JobRecord, live: Attempt, now: Instant, policy: JobPolicy): JobTransition {
  const effects: JobEffect[] = [cancelOn(live, 'attempt_timeout')];
  const details = { node_id: live.nodeId, timeout_seconds: record.facts.timeoutMs / 1000 };
  const error: JobError = { code: 'attempt_timeout', message: 'it took too long', details };
  const next = ended(record, 'attempt_timeout', error, now, effects);
  return retried(next, error, backoffMs(next, policy), now, effects);
}

/** Its place in the queue is the old one, and so is its time there. Of such attempts only the newest is remembered. */
function notDelivered(record: JobRecord, now: Instant): JobTransition {
  const effects: JobEffect[] = [];
  const attempts = record.attempts.filter(({ outcome }) => outcome !== 'not_delivered');
  const next = ended({ ...record, attempts }, 'not_delivered', null, now, effects);
  return [{ ...next, status: 'queued' }, effects];
}

function cancelled(record: JobRecord, reason: string, now: Instant): JobTransition {
  return stopped(record, 'cancelled', reason, { code: 'cancelled', message: reason, details: null }, now);
}

/** Whatever it does now: nobody wants its result any more. */
function outOfTime(record: JobRecord, now: Instant): JobTransition {
  const details = { total_timeout_seconds: (record.facts.totalTimeoutMs ?? 0) / 1000 };
  return stopped(record, 'expired', 'total_timeout', { code: 'total_timeout', message: 'it was not done in time', details }, now);
}

/** Over at once; a node that has it is told to stop. */
function stopped(record: JobRecord, status: 'cancelled' | 'expired', reason: string, error: JobError, now: Instant): JobTransition {
  const live = liveAttempt(record);
  const effects: JobEffect[] = live === null ? [] : [cancelOn(live, reason)];
  return finished(ended(record, 'cancelled', null, now, effects), status, error, now, effects);
}

const cancelOn = (live: Attempt, reason: string): JobEffect => ({
  type: 'cancel_on_node',
  nodeId: live.nodeId,
  attempt: live.attempt,
  reason,
});

/** Back to the queue while attempts are left, `delayMs` null: at once; else the job has failed with its last error. */
function retried(record: JobRecord, error: JobError, delayMs: number | null, now: Instant, effects: JobEffect[]): JobTransition {
  if (attemptsUsed(record) >= record.facts.maxAttempts) return finished(record, 'failed', error, now, effects);
  const notBefore = delayMs === null ? null : { wallMs: now.wallMs + delayMs, monotonicMs: now.monotonicMs + delayMs };
  return [{ ...record, status: 'queued', queuedAt: now, notBefore }, effects];
}

function backoffMs(record: JobRecord, policy: JobPolicy): number {
  const failures = record.attempts.filter(({ outcome }) => outcome === 'failed' || outcome === 'attempt_timeout').length;
  return Math.min(policy.retryMaxMs, policy.retryBaseMs * 2 ** (failures - 1));
}
