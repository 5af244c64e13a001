// A job as the API shows it (api §1).
import type { AttemptView, JobError, JobResultView, JobSummary, JobView, WaitingView } from '../../../../shared/api/job';
import { toRequirementsView } from '../../dispatch/job-requirements';
import { type JobRecord, type TaskSummary, waitTimeoutMs } from './job-record';
import type { StoredAttempt, StoredJob } from './stored-job';

export function jobSummaryOf({ facts, createdAtWallMs, state }: StoredJob): JobSummary {
  const last = state.attempts.at(-1);
  return {
    job_id: facts.jobId,
    status: state.status,
    task: taskViewOf(facts.task),
    priority: facts.priority,
    attempt: state.lastAttempt,
    max_attempts: facts.maxAttempts,
    node_id: last?.nodeId ?? null,
    created_at: createdAtWallMs,
    started_at: last?.startedAtWallMs ?? null,
    finished_at: state.finishedAtWallMs,
    error: state.error,
    trace_id: facts.traceId,
    submitter: facts.submitter === null ? null : { id: facts.submitter, name: null },
    ...(facts.retryOf === undefined ? {} : { retry_of: facts.retryOf }),
    ...(facts.interactive ? { interactive: true } : {}),
  };
}

const MAX_LISTED_MESSAGE = 512;
const MAX_LISTED_DETAILS = 1024;

/** A job in a list. A page has hundreds of jobs, so the message of an error is shortened, and large details are left out. */
export const listedJobOf = (job: StoredJob): JobSummary => ({ ...jobSummaryOf(job), error: shortened(job.state.error) });

export function shortened(error: JobError | null): JobError | null {
  if (error === null) return null;
  const { code, message, details = null } = error;
  const isSmall = JSON.stringify(details).length <= MAX_LISTED_DETAILS;
  return { code, message: message.slice(0, MAX_LISTED_MESSAGE), details: isSmall ? details : null };
}

/** The fields of the log line of a job that has ended. */
export const finishedFields = ({ facts, status, error, attempts, createdAt, finishedAt }: JobRecord) => ({
  job_id: facts.jobId,
  node_id: attempts.at(-1)?.nodeId ?? null,
  success: status === 'succeeded',
  ...(error === null ? {} : { code: error.code }),
  duration_ms: Math.round((finishedAt ?? createdAt).monotonicMs - createdAt.monotonicMs),
});

export function jobViewOf(job: StoredJob, result: JobResultView | null, waiting: WaitingView | null): JobView {
  const { facts, createdAtWallMs, state } = job;
  return {
    ...jobSummaryOf(job),
    requirements: toRequirementsView(facts.requirements),
    timeout_seconds: facts.timeoutMs / 1000,
    queue_deadline_at: state.queuedAtWallMs + waitTimeoutMs(facts, state.unconfirmed !== null),
    total_deadline_at: facts.totalTimeoutMs === null ? null : createdAtWallMs + facts.totalTimeoutMs,
    attempts: state.attempts.map(attemptViewOf),
    result,
    waiting,
  };
}

const attemptViewOf = ({
  attempt,
  nodeId,
  assignedAtWallMs,
  startedAtWallMs,
  endedAtWallMs,
  outcome,
  error,
  prediction,
}: StoredAttempt): AttemptView => ({
  attempt,
  node_id: nodeId,
  assigned_at: assignedAtWallMs,
  started_at: startedAtWallMs,
  ended_at: endedAtWallMs,
  outcome,
  error,
  ...(prediction === null ? {} : { prediction }),
});

export const taskViewOf = ({ kind, path, model, payloadBytes }: TaskSummary): JobSummary['task'] => ({
  kind,
  path,
  model,
  payload_bytes: payloadBytes,
});
