// The next deadline of a job, in monotonic ms. It follows from the record alone.
import { type JobRecord, liveAttempt, waitTimeoutMs } from './job-record';

export interface JobDeadline {
  readonly kind: 'attempt_deadline' | 'queue_deadline' | 'total_deadline' | 'retry_due';
  readonly atMonotonicMs: number;
}

/** The earliest deadline of the job; null when it has ended. */
export function jobDeadline(record: JobRecord): JobDeadline | null {
  const stage = stageDeadline(record);
  const { totalTimeoutMs } = record.facts;
  if (stage === null || totalTimeoutMs === null) return stage;
  const totalAtMonotonicMs = record.createdAt.monotonicMs + totalTimeoutMs;
  return totalAtMonotonicMs <= stage.atMonotonicMs ? { kind: 'total_deadline', atMonotonicMs: totalAtMonotonicMs } : stage;
}

export const isJobDeadlineDue = (record: JobRecord, kind: JobDeadline['kind'], nowMonotonicMs: number): boolean => {
  const deadline = jobDeadline(record);
  return deadline !== null && deadline.kind === kind && nowMonotonicMs >= deadline.atMonotonicMs;
};

/** The deadline of the current stage. A queued job first waits for its retry time, and expires at its queue timeout. */
function stageDeadline(record: JobRecord): JobDeadline | null {
  const live = liveAttempt(record);
  if (live !== null) {
    const begin = live.startedAt ?? live.assignedAt;
    return { kind: 'attempt_deadline', atMonotonicMs: begin.monotonicMs + record.facts.timeoutMs };
  }
  if (record.status !== 'queued') return null;
  const expiresAtMonotonicMs = record.queuedAt.monotonicMs + waitTimeoutMs(record.facts, record.unconfirmed !== null);
  const retryAtMonotonicMs = record.notBefore?.monotonicMs ?? Infinity;
  return retryAtMonotonicMs < expiresAtMonotonicMs
    ? { kind: 'retry_due', atMonotonicMs: retryAtMonotonicMs }
    : { kind: 'queue_deadline', atMonotonicMs: expiresAtMonotonicMs };
}
