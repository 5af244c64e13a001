// Waiting time, run time and deadline of a job. Null: unknown. Clocks of two computers may differ: times are never negative.
import type { AppJob } from '../../../shared/api/app-job';
import { isTerminal, type JobSummary } from '../../../shared/api/job';
import type { JobTimingsMessage } from '../../../shared/protocol/job-timings';

const MS_PER_SECOND = 1000;

type Times = Pick<JobSummary, 'status' | 'created_at' | 'started_at' | 'finished_at'>;

/** From its arrival to the start of its current or last attempt; while the job is queued again, until now. */
export function waitedMs({ status, created_at, started_at, finished_at }: Times, nowWallMs: number): number {
  const until = status === 'queued' ? nowWallMs : (started_at ?? finished_at ?? nowWallMs);
  return Math.max(0, until - created_at);
}

/**
 * The run time of the current or last attempt. Null when no attempt started, while the job waits for the next attempt, and for
 * cancelled and expired jobs: they may have been queued again, so their last attempt may have ended long before them.
 */
export function ranMs({ status, started_at, finished_at }: Times, nowWallMs: number): number | null {
  if (started_at === null || status === 'queued' || status === 'expired' || status === 'cancelled') return null;
  return Math.max(0, (finished_at ?? nowWallMs) - started_at);
}

/** The rate of the answer after its first token. Null: not reported, or too short to measure. */
export function tokensPerSecondOf({ completion_tokens: tokens, decode_ms: decodeMs }: JobTimingsMessage): number | null {
  return tokens == null || decodeMs == null || tokens < 2 || decodeMs <= 0 ? null : ((tokens - 1) * MS_PER_SECOND) / decodeMs;
}

export interface Deadline {
  readonly kind: 'waits_until' | 'ends_until';
  readonly atWallMs: number;
}

/** The deadline that applies now: of the queue or of the attempt, or of the whole job where that comes first. */
export function deadlineOf({ status, attempts, timeout_seconds, queue_deadline_at, total_deadline_at }: AppJob): Deadline | null {
  const totalMs = total_deadline_at ?? Infinity;
  if (status === 'queued') return { kind: 'waits_until', atWallMs: Math.min(queue_deadline_at, totalMs) };
  const live = attempts.at(-1);
  if (isTerminal(status) || live === undefined) return null;
  return { kind: 'ends_until', atWallMs: Math.min((live.started_at ?? live.assigned_at) + timeout_seconds * 1000, totalMs) };
}
