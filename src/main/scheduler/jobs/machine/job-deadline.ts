// The next deadline of a job, in monotonic ms. It follows from the record alone.
import { type JobRecord, liveAttempt } from './job-record';

export interface JobDeadline {
  readonly kind: 'attempt_deadline' | 'queue_deadline' | 'total_deadline' | 'retry_due';
  readonly atMs: number;
}

/** The earliest deadline of the job; null when it has ended. */
export function jobDeadline(record: JobRecord): JobDeadline | null {
  const stage = stageDeadline(record);
  const { totalTimeoutMs } = record.facts;
  if (stage === null || totalTimeoutMs === null) return stage;
  const totalAtMs = record.createdAt.monotonicMs + totalTimeoutMs;
  return totalAtMs <= stage.atMs ? { kind: 'total_deadline', atMs: totalAtMs } : stage;
}

export const isJobDeadlineDue = (record: JobRecord, kind: JobDeadline['kind'], nowMs: number): boolean => {
  const deadline = jobDeadline(record);
  return deadline !== null && deadline.kind === kind && nowMs >= deadline.atMs;
};

/** The deadline of the current stage. A queued job first waits for its retry time, and expires at its queue timeout. */
function stageDeadline(record: JobRecord): JobDeadline | null {
  const live = liveAttempt(record);
  if (live !== null) {
    const begin = live.startedAt ?? live.assignedAt;
    return { kind: 'attempt_deadline', atMs: begin.monotonicMs + record.facts.timeoutMs };
  }
  if (record.status !== 'queued') return null;
  const expiresAtMs = record.queuedAt.monotonicMs + record.facts.queueTimeoutMs;
  const retryAtMs = record.notBefore?.monotonicMs ?? Infinity;
  return retryAtMs < expiresAtMs ? { kind: 'retry_due', atMs: retryAtMs } : { kind: 'queue_deadline', atMs: expiresAtMs };
}
