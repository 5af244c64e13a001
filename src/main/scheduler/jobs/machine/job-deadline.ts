// The one deadline that a job has at a time, in monotonic ms: it follows from the record alone.
import { type JobRecord, liveAttempt } from './job-record';

export interface JobDeadline {
  readonly kind: 'attempt_deadline' | 'queue_deadline' | 'total_deadline' | 'retry_due';
  readonly atMs: number;
}

/** The earliest of those that hold for it now; null when the job is over. */
export function jobDeadline(record: JobRecord): JobDeadline | null {
  const stage = stageDeadline(record);
  const { totalTimeoutMs } = record.facts;
  if (stage === null || totalTimeoutMs === null) return stage;
  const totalAtMs = record.createdAt.monotonicMs + totalTimeoutMs;
  return totalAtMs <= stage.atMs ? { kind: 'total_deadline', atMs: totalAtMs } : stage;
}

export const isDue = (record: JobRecord, kind: JobDeadline['kind'], nowMs: number): boolean => {
  const deadline = jobDeadline(record);
  return deadline !== null && deadline.kind === kind && nowMs >= deadline.atMs;
};

/** Of what it does now. A queued job is waited out first, and expires when its stay in the queue has lasted too long. */
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
