// A job that runs on a node, and that a former leader had no time to store, from what the replica of its client knows of it.
import type { AttemptView, JobView } from '../../../../shared/api/job';
import { parseRequirements } from '../../dispatch/job-requirements';
import { CONFIRMATION_TIMEOUT_MS } from './job-record';
import type { StoredAttempt, StoredJob } from './stored-job';

/** `seq`: the number of the job at the new leader. Null: no node runs it. */
export function adoptedJob(view: JobView, seq: number): StoredJob | null {
  const last = view.attempts.at(-1);
  const isLive = view.status === 'assigned' || view.status === 'running';
  if (!isLive || last === undefined || last.outcome !== null || last.attempt !== view.attempt) return null;
  const { kind, path, model, payload_bytes: payloadBytes } = view.task;
  return {
    facts: {
      ...{ jobId: view.job_id, seq, priority: view.priority, maxAttempts: view.max_attempts, traceId: view.trace_id },
      task: { kind, path, model, payloadBytes },
      requirements: parseRequirements(view.requirements),
      timeoutMs: view.timeout_seconds * 1000,
      // It waits no more: no scheduler can read its task again. A stored job has a timeout.
      queueTimeoutMs: Math.max(1, view.queue_deadline_at - view.created_at),
      confirmationTimeoutMs: CONFIRMATION_TIMEOUT_MS,
      totalTimeoutMs: view.total_deadline_at === null ? null : view.total_deadline_at - view.created_at,
      interactive: true,
      streams: true,
      submitter: view.submitter?.id ?? null,
    },
    createdAtWallMs: view.created_at,
    state: {
      status: view.status,
      attempts: view.attempts.map(toStoredAttempt),
      lastAttempt: view.attempt,
      queuedAtWallMs: view.created_at,
      ...{ notBeforeWallMs: null, finishedAtWallMs: null, error: null, unconfirmed: null },
    },
  };
}

const toStoredAttempt = ({ attempt, node_id: nodeId, outcome, error, prediction, ...times }: AttemptView): StoredAttempt => ({
  ...{ attempt, nodeId, outcome, error, prediction: prediction ?? null },
  assignedAtWallMs: times.assigned_at,
  startedAtWallMs: times.started_at,
  endedAtWallMs: times.ended_at,
});
