// Which jobs count as failures of the pool, and their views: jobs that failed, and jobs of which an attempt failed before another succeeded.
import { type AttemptOutcome, CANCEL_REASONS, type CancelReason } from '../../../../shared/api/job';
import type { FailedJob } from '../../../../shared/api/pool-failures';
import { shortened } from './job-view';
import type { JobState, StoredAttempt, StoredJob } from './stored-job';

/** The other outcomes are a success, a cancellation, and an assignment that was never sent. */
const FAILED: ReadonlySet<AttemptOutcome> = new Set(['failed', 'node_lost', 'drain_timeout', 'quarantined', 'attempt_timeout']);
/** Whether the job failed its client, who did not want this end. */
const IS_FAILURE: Readonly<Record<CancelReason, boolean>> = {
  requested: false,
  client_gone: false,
  client_too_slow: true,
  scheduler_stopping: true,
  attempt_lost: true,
  chunk_missing: true,
  unreadable_output: true,
  pool_busy: true,
  revoked: false,
  expired: false,
};

export function hadFailure({ status, attempts, error }: JobState): boolean {
  if (status === 'failed' || status === 'expired') return true;
  if (status === 'cancelled') return CANCEL_REASONS.some((reason) => reason === error?.message && IS_FAILURE[reason]);
  return lastFailed(attempts) !== undefined;
}

export function failedJobOf({ facts, createdAtWallMs, state }: StoredJob): FailedJob {
  const { attempts, status, error } = state;
  const failed = lastFailed(attempts);
  const last = attempts.at(-1);
  return {
    job_id: facts.jobId,
    model: facts.task.model,
    status,
    finished_at: state.finishedAtWallMs ?? createdAtWallMs,
    attempts: attempts.filter(({ outcome }) => outcome !== 'not_delivered').length,
    node_id: failed?.nodeId ?? null,
    outcome: failed?.outcome ?? null,
    error: shortened(failed?.error ?? error),
    retried_on: status === 'succeeded' && failed !== undefined ? (last?.nodeId ?? null) : null,
  };
}

const lastFailed = (attempts: readonly StoredAttempt[]): StoredAttempt | undefined =>
  attempts.findLast(({ outcome }) => outcome !== null && FAILED.has(outcome));
