// The one deadline that a job has at a time, in monotonic ms: it follows from the record alone.
import { type JobRecord, liveAttempt } from './job-record';

export interface JobDeadline {
  readonly kind: 'attempt_deadline' | 'queue_deadline' | 'retry_due';
  readonly atMs: number;
}

/** Null when the job is over. A queued job is waited out first, and expires when its stay in the queue has lasted too long. */
export function jobDeadline(record: JobRecord): JobDeadline | null {
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

export const isDue = (record: JobRecord, kind: JobDeadline['kind'], nowMs: number): boolean => {
  const deadline = jobDeadline(record);
  return deadline !== null && deadline.kind === kind && nowMs >= deadline.atMs;
};
