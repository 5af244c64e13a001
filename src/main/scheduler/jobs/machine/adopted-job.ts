// A job that runs on a node, and that a former leader had no time to store, or not its last attempt, from what the replica of its client knows
// of it. The leader that accepted the job numbers its attempts, and no other leader assigns it, so a higher number is newer.
import { type AttemptView, isTerminal, type JobView } from '../../../../shared/api/job';
import { parseRequirements } from '../../dispatch/job-requirements';
import { CONFIRMATION_TIMEOUT_MS } from './job-record';
import type { JobFacts } from './job-record';
import type { StoredAttempt, StoredJob } from './stored-job';

/** `seq`: the number of an unstored job at the new leader. `stored` null: the job is not stored. Null: no node runs it, or the stored job is not older. */
export function adoptedJob(view: JobView, seq: number, stored: StoredJob | null): StoredJob | null {
  const last = view.attempts.at(-1);
  const isLive = view.status === 'assigned' || view.status === 'running';
  if (!isLive || last === undefined || last.outcome !== null || last.attempt !== view.attempt) return null;
  if (stored !== null && (isTerminal(stored.state.status) || stored.state.lastAttempt >= view.attempt)) return null;
  return {
    facts: stored?.facts ?? factsOf(view, seq),
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

function factsOf(view: JobView, seq: number): JobFacts {
  const { kind, path, model, payload_bytes: payloadBytes } = view.task;
  return {
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
  };
}

const toStoredAttempt = ({ attempt, node_id: nodeId, outcome, error, prediction, ...times }: AttemptView): StoredAttempt => ({
  ...{ attempt, nodeId, outcome, error, prediction: prediction ?? null },
  assignedAtWallMs: times.assigned_at,
  startedAtWallMs: times.started_at,
  endedAtWallMs: times.ended_at,
});
