// What the end of an attempt shows about the model on its node (ADR 0018).
import type { AttemptOutcome, JobError } from '../../../../shared/api/job';
import type { AttemptVerdict } from '../../lifecycle/model-failures';
import type { JobPolicy } from './job-events';
import type { Attempt, JobRecord } from './job-record';

/** The node was full or stopping, and did not try. */
const REFUSALS: ReadonlySet<string> = new Set(['capacity', 'node_stopping', 'results_waiting', 'stale_attempt', 'runtime_http_429']);

/** The request, the task or its answer is at fault, and not the model. */
const REQUEST_FAULTS: ReadonlySet<string> = new Set(['bad_request', 'output_too_large', 'output_too_deep', 'task_unreadable']);

const NONE: AttemptVerdict = { kind: 'none' };
const REFUSED: AttemptVerdict = { kind: 'refused' };

interface EndedAttempt {
  readonly outcome: AttemptOutcome;
  readonly error: JobError | null;
  /** For a reported failure: a retry may succeed. */
  readonly retryable: boolean;
  /** The runtime refused the request, or a part of the stream is missing. */
  readonly isRefusal: boolean;
  /** The attempt succeeded with an output of a form that the scheduler does not know. Default: false. */
  readonly isUnknownForm?: boolean;
  /** For a final error: no other node judges it. Default: false. */
  readonly isAlone?: boolean;
  /** The attempt timeout is below the default of the scheduler. */
  readonly hasShortTimeout: boolean;
  /** Earlier attempts of the job that its nodes tried have failed. */
  readonly hasFailedBefore: boolean;
}

/**
 * A failure that is not retryable can be the fault of the request, so it counts only when another node does not confirm it. Without
 * another node it is shown and excludes nothing. The refusal of a request only lowers the rank: a node that refuses every request at once
 * is always the idlest, and would otherwise get all of them. The same holds for a node that drops its connection at every job, and for a
 * job that fails again: the job may be at fault, and one job must not exclude the model everywhere.
 */
export function verdictOf(attempt: EndedAttempt): AttemptVerdict {
  const verdict = ownVerdictOf(attempt);
  return (verdict.kind === 'failed' || verdict.kind === 'unconfirmed') && attempt.hasFailedBefore ? REFUSED : verdict;
}

function ownVerdictOf({
  outcome,
  error,
  retryable,
  isRefusal,
  isUnknownForm = false,
  isAlone = false,
  hasShortTimeout,
}: Omit<EndedAttempt, 'hasFailedBefore'>): AttemptVerdict {
  switch (outcome) {
    case 'succeeded':
      if (isRefusal) return REFUSED;
      return isUnknownForm ? NONE : { kind: 'succeeded' };
    case 'attempt_timeout':
      return hasShortTimeout ? REFUSED : failedOrNone(error);
    case 'failed':
      if (isRefusal) return REFUSED;
      if (error === null || error.code === 'cancelled') return NONE;
      if (!retryable) return isAlone && !REQUEST_FAULTS.has(error.code) ? { kind: 'unconfirmed', error: codeAndMessage(error) } : NONE;
      if (REFUSALS.has(error.code)) return REFUSED;
      if (error.code === 'timeout' && hasShortTimeout) return REFUSED;
      return failedOrNone(error);
    case 'cancelled':
      return isRefusal ? REFUSED : NONE;
    case 'node_lost':
      return REFUSED;
    case 'drain_timeout':
    case 'quarantined':
    case 'not_delivered':
      return NONE;
  }
}

/**
 * A submitter may set a timeout that no model can meet, so such a timeout does not exclude the model. The scheduler's default is the time
 * that the operator expects of every model.
 */
export const hasShortTimeout = ({ facts }: Pick<JobRecord, 'facts'>, { defaultTimeoutMs }: JobPolicy): boolean =>
  facts.timeoutMs < defaultTimeoutMs;

/** The node tried the job, and failed. */
export const isTriedFailure = ({ outcome, error }: Pick<EndedAttempt, 'error'> & { readonly outcome: AttemptOutcome | null }): boolean =>
  outcome === 'attempt_timeout' || (outcome === 'failed' && error !== null && !REFUSALS.has(error.code));

/**
 * The node whose failure of the job was counted, when the job then failed on another node as well: the job is at fault. Null: no failure was
 * counted, or no other node tried the job. For a job that has ended without a success.
 */
export function excusedNode(record: JobRecord, policy: JobPolicy): string | null {
  const { attempts, unconfirmed } = record;
  const tried = attempts.filter(isTriedFailure);
  const first = tried[0];
  // An error that was not retryable was not counted.
  if (first === undefined || unconfirmed?.nodeId === first.nodeId) return null;
  return tried.some(({ nodeId }) => nodeId !== first.nodeId) && wasCounted(first, hasShortTimeout(record, policy)) ? first.nodeId : null;
}

const wasCounted = ({ outcome, error }: Attempt, isShort: boolean): boolean =>
  outcome !== null && ownVerdictOf({ outcome, error, retryable: true, isRefusal: false, hasShortTimeout: isShort }).kind === 'failed';

const failedOrNone = (error: JobError | null): AttemptVerdict => (error !== null ? { kind: 'failed', error: codeAndMessage(error) } : NONE);

/** Without details: they may be private. */
const codeAndMessage = ({ code, message }: JobError) => ({ code, message });
