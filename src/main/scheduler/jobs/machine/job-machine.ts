// The state machine of a job (api §1, docs/jobs.md), total over status x event: queued -> assigned -> running -> succeeded | failed |
// cancelled | expired, and back to queued while attempts are left. Fence: only the live attempt, on its node, changes a job. An error that is
// not retryable is confirmed by another node, if there is one (ADR 0018).
import type { PredictionView } from '../../../../shared/api/prediction';
import { assertNever } from '../../../../shared/assert-never';
import { backoffMs } from '../../../../shared/backoff';
import type { AttemptOutcome, CancelReason, JobError, StopReason } from '../../../../shared/api/job';
import type { ExclusionTally } from '../../dispatch/exclusion-aggregates';
import type { Instant } from '../../lifecycle/node-record';
import { excusedNode, hasShortTimeout, isTriedFailure, verdictOf } from './attempt-verdict';
import { isJobDeadlineDue } from './job-deadline';
import { jobError, REFUSED_CODE } from './job-error';
import type { JobEffect, JobMachineEvent, JobPolicy, JobTransition } from './job-events';
import { type Attempt, attemptsUsed, hasEnded, type JobRecord, liveAttempt } from './job-record';

type ResultEvent = Extract<JobMachineEvent, { type: 'result' }>;
type QueueDeadline = Extract<JobMachineEvent, { type: 'queue_deadline' }>;
type TotalDeadline = Extract<JobMachineEvent, { type: 'total_deadline' }>;

type Reported = Pick<ResultEvent, 'retryable' | 'isRefusal' | 'isUnknownForm'> & {
  /** For a final error: no other node judges it. */
  readonly isAlone?: boolean;
};

interface Context {
  readonly now: Instant;
  readonly policy: JobPolicy;
}

/** Returns the same object when nothing changed. */
export function jobTransition(record: JobRecord, event: JobMachineEvent, now: Instant, policy: JobPolicy): JobTransition {
  const live = liveAttempt(record);
  const context = { now, policy };
  switch (event.type) {
    case 'assigned':
      return record.status === 'queued' && record.notBefore === null
        ? assigned(record, event.nodeId, event.prediction ?? null, now)
        : unchanged(record);
    case 'accepted':
      if (live === null || !isOf(live, event)) return stale(record);
      return record.status === 'assigned'
        ? [{ ...withLive(record, { ...live, startedAt: now }), status: 'running' }, []]
        : unchanged(record);
    case 'result':
      return live === null || !isOf(live, event) ? stale(record) : onResult(record, live, event, context);
    case 'node_lost':
    case 'drain_timeout':
    case 'quarantined':
      return live?.nodeId === event.nodeId ? onLost(record, live, event.type, context) : unchanged(record);
    case 'not_delivered':
      return record.status === 'assigned' && live?.attempt === event.attempt ? notDelivered(record, live, context) : unchanged(record);
    case 'cancel_requested':
      return hasEnded(record) ? [record, [{ type: 'already_ended' }]] : cancelled(record, live, event.reason, context);
    case 'attempt_deadline':
      return live !== null && isJobDeadlineDue(record, event.type, now.monotonicMs) ? timedOut(record, live, context) : unchanged(record);
    case 'queue_deadline': {
      if (!isJobDeadlineDue(record, event.type, now.monotonicMs)) return unchanged(record);
      if (record.unconfirmed !== null) return finished(unchanged(record), 'failed', record.unconfirmed.error, context);
      const details = { queue_timeout_seconds: record.facts.queueTimeoutMs / 1000, ...exclusionDetails(event) };
      return finished(unchanged(record), 'expired', jobError('queue_timeout', 'timed out in the queue', details), context);
    }
    case 'total_deadline':
      return isJobDeadlineDue(record, event.type, now.monotonicMs) ? expired(record, live, event, context) : unchanged(record);
    case 'retry_due':
      return isJobDeadlineDue(record, event.type, now.monotonicMs) ? [{ ...record, notBefore: null }, []] : unchanged(record);
    default:
      return assertNever(event);
  }
}

const unchanged = (record: JobRecord): JobTransition => [record, []];
const stale = (record: JobRecord): JobTransition => [record, [{ type: 'stale' }]];

/** The fence: a message of a node counts only for the live attempt on that node. */
const isOf = (live: Attempt, event: { readonly attempt: number; readonly nodeId: string }): boolean =>
  live.attempt === event.attempt && live.nodeId === event.nodeId;

const withLive = (record: JobRecord, live: Attempt): JobRecord => ({ ...record, attempts: [...record.attempts.slice(0, -1), live] });

function assigned(record: JobRecord, nodeId: string, prediction: PredictionView | null, now: Instant): JobTransition {
  const attempt = record.lastAttempt + 1;
  const live: Attempt = { attempt, nodeId, assignedAt: now, startedAt: null, endedAt: null, outcome: null, error: null, prediction };
  const next: JobRecord = { ...record, status: 'assigned', lastAttempt: attempt, attempts: [...record.attempts, live] };
  return [next, [{ type: 'send_assign', nodeId, attempt }]];
}

/** Ends the live attempt and frees the slot of its node. `reported`: for an attempt that the node ended or broke. */
function ended(
  record: JobRecord,
  live: Attempt,
  outcome: AttemptOutcome,
  error: JobError | null,
  context: Context,
  reported: Reported | null = null,
): JobTransition {
  const { retryable = false, isRefusal = false, isUnknownForm = false, isAlone = false } = reported ?? {};
  const hasFailedBefore = record.attempts.some(isTriedFailure);
  const verdict = verdictOf({
    outcome,
    error,
    retryable,
    isRefusal,
    isUnknownForm,
    isAlone,
    hasShortTimeout: hasShortTimeout(record, context.policy),
    hasFailedBefore,
  });
  return [withLive(record, { ...live, endedAt: context.now, outcome, error }), [{ type: 'slot_freed', nodeId: live.nodeId, verdict }]];
}

/** Ends an attempt that may still run: its node must stop it. */
function stopped(live: Attempt, reason: StopReason, [record, effects]: JobTransition): JobTransition {
  return [record, [{ type: 'cancel_on_node', nodeId: live.nodeId, attempt: live.attempt, reason }, ...effects]];
}

function finished(
  [record, effects]: JobTransition,
  status: 'succeeded' | 'failed' | 'cancelled' | 'expired',
  error: JobError | null,
  context: Context,
): JobTransition {
  const excused = status === 'succeeded' ? null : excusedNode(record, context.policy);
  const all: readonly JobEffect[] = excused === null ? effects : [...effects, { type: 'excused', nodeId: excused }];
  return [{ ...record, status, error, notBefore: null, finishedAt: context.now, unconfirmed: null }, [...all, { type: 'finished' }]];
}

function onResult(record: JobRecord, live: Attempt, event: ResultEvent, context: Context): JobTransition {
  const { error, retryable } = event;
  if (error === null) return succeeded(record, live, event, context);
  const isAlone = record.unconfirmed === null && !isConfirmable(record, event);
  const failed = ended(record, live, 'failed', error, context, { ...event, isAlone });
  if (retryable) return retried(failed, error, retryDelayMs(failed[0], context.policy), context);
  if (record.unconfirmed !== null || event.isServedElsewhere !== true) return finished(failed, 'failed', error, context);
  // One node alone is not believed: it may refuse every job. Another node confirms the error at once, or disproves it.
  return retried([{ ...failed[0], unconfirmed: { nodeId: live.nodeId, error } }, failed[1]], error, null, context);
}

const isConfirmable = (record: JobRecord, { isServedElsewhere }: ResultEvent): boolean =>
  isServedElsewhere === true && attemptsUsed(record) < record.facts.maxAttempts;

/** The failure of a node whose error this success disproves is counted. A refusal disproves nothing, nor does an output of an unknown form. */
function succeeded(record: JobRecord, live: Attempt, event: ResultEvent, context: Context): JobTransition {
  const { refusal = null } = event;
  if (refusal !== null && record.unconfirmed === null && isConfirmable(record, event)) {
    const [refused, freed] = ended(record, live, 'failed', refusal, context, event);
    return retried([{ ...refused, unconfirmed: { nodeId: live.nodeId, error: refusal } }, freed], refusal, null, context);
  }
  const [next, effects] = ended(record, live, 'succeeded', null, context, event);
  const { unconfirmed } = record;
  // Nodes may refuse different requests, for example by the length of their context.
  const isCounted = unconfirmed !== null && unconfirmed.error.code !== REFUSED_CODE;
  if (!isCounted || event.isRefusal === true || event.isUnknownForm === true) return finished([next, effects], 'succeeded', null, context);
  const { code, message } = unconfirmed.error;
  return finished(
    [next, [...effects, { type: 'not_confirmed', nodeId: unconfirmed.nodeId, error: { code, message } }]],
    'succeeded',
    null,
    context,
  );
}

/** Not the fault of the job, so it is requeued without a delay. */
function onLost(record: JobRecord, live: Attempt, outcome: keyof typeof LOSSES, context: Context): JobTransition {
  const error = jobError(outcome, LOSSES[outcome], { node_id: live.nodeId });
  const lost = ended(record, live, outcome, error, context);
  return retried(outcome === 'node_lost' ? lost : stopped(live, outcome, lost), error, null, context);
}

const LOSSES = { node_lost: 'the node was lost', drain_timeout: 'the node was drained', quarantined: 'the node was quarantined' } as const;

function timedOut(record: JobRecord, live: Attempt, context: Context): JobTransition {
  const details = { node_id: live.nodeId, timeout_seconds: record.facts.timeoutMs / 1000 };
  const error = jobError('attempt_timeout', 'the attempt timed out', details);
  const over = stopped(live, 'attempt_timeout', ended(record, live, 'attempt_timeout', error, context));
  return retried(over, error, retryDelayMs(over[0], context.policy), context);
}

/** The job keeps its place and its time in the queue. Of undelivered attempts only the newest is kept. */
function notDelivered(record: JobRecord, live: Attempt, context: Context): JobTransition {
  const attempts = record.attempts.filter(({ outcome }) => outcome !== 'not_delivered');
  const [next, effects] = ended({ ...record, attempts }, live, 'not_delivered', null, context);
  return [{ ...next, status: 'queued' }, effects];
}

function cancelled(record: JobRecord, live: Attempt | null, reason: CancelReason, context: Context): JobTransition {
  return finished(abandoned(record, live, reason, context), 'cancelled', jobError('cancelled', reason), context);
}

/** In every stage: the result is no longer needed. */
function expired(record: JobRecord, live: Attempt | null, event: TotalDeadline, context: Context): JobTransition {
  const details = { total_timeout_seconds: (record.facts.totalTimeoutMs ?? 0) / 1000, ...exclusionDetails(event) };
  const error = jobError('total_timeout', 'the job timed out', details);
  return finished(abandoned(record, live, 'total_timeout', context), 'expired', error, context);
}

const exclusionDetails = ({ reasons }: QueueDeadline | TotalDeadline): { readonly reasons?: ExclusionTally } =>
  reasons === null ? {} : { reasons };

/** The node sent a stream that its client cannot read. A lost connection can have the same effect. */
const BROKEN_STREAMS: ReadonlySet<StopReason> = new Set(['chunk_missing', 'unreadable_output']);

function abandoned(record: JobRecord, live: Attempt | null, reason: StopReason, context: Context): JobTransition {
  if (live === null) return unchanged(record);
  const reported = { retryable: false, isRefusal: BROKEN_STREAMS.has(reason) };
  return stopped(live, reason, ended(record, live, 'cancelled', null, context, reported));
}

/** Requeues the job while attempts are left; `delayMs` null: without a delay. Else the job has failed with its last error. */
function retried([record, effects]: JobTransition, error: JobError, delayMs: number | null, context: Context): JobTransition {
  const { now } = context;
  if (attemptsUsed(record) >= record.facts.maxAttempts) return finished([record, effects], 'failed', error, context);
  const notBefore = delayMs === null ? null : { wallMs: now.wallMs + delayMs, monotonicMs: now.monotonicMs + delayMs };
  return [{ ...record, status: 'queued', queuedAt: now, notBefore }, effects];
}

function retryDelayMs(record: JobRecord, { retryBaseMs, retryMaxMs }: JobPolicy): number {
  const failures = record.attempts.filter(({ outcome }) => outcome === 'failed' || outcome === 'attempt_timeout').length;
  return backoffMs({ firstMs: retryBaseMs, maxMs: retryMaxMs }, failures);
}
