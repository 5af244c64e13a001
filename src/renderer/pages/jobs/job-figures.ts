// How long a job waited and ran, and until when it may. Pure; unknown is null. Clocks of two machines may differ: never negative.
import type { AppJob } from '../../../shared/api/app-job';
import { isTerminal, type JobSummary } from '../../../shared/api/job';

type Times = Pick<JobSummary, 'status' | 'created_at' | 'started_at' | 'finished_at'>;

/** From its arrival to the begin of its present or last attempt; while it is queued again, the whole time. */
export function waitedMs({ status, created_at, started_at, finished_at }: Times, nowMs: number): number {
  const until = status === 'queued' ? nowMs : (started_at ?? finished_at ?? nowMs);
  return Math.max(0, until - created_at);
}

/**
 * Of the present or last attempt; null when it never began, while the job waits for another, and where it may have ended long
 * before the job did: one that is cancelled or expires may have been waiting again.
 */
export function ranMs({ status, started_at, finished_at }: Times, nowMs: number): number | null {
  if (started_at === null || status === 'queued' || status === 'expired' || status === 'cancelled') return null;
  return Math.max(0, (finished_at ?? nowMs) - started_at);
}

export interface Deadline {
  readonly kind: 'waits_until' | 'ends_until';
  readonly atMs: number;
}

/** The one that counts now: of the queue or of the attempt, or that of the whole job where it comes first. */
export function deadlineOf({ status, attempts, timeout_seconds, queue_deadline_at, total_deadline_at }: AppJob): Deadline | null {
  const totalMs = total_deadline_at ?? Infinity;
  if (status === 'queued') return { kind: 'waits_until', atMs: Math.min(queue_deadline_at, totalMs) };
  const live = attempts.at(-1);
  if (isTerminal(status) || live === undefined) return null;
  return { kind: 'ends_until', atMs: Math.min((live.started_at ?? live.assigned_at) + timeout_seconds * 1000, totalMs) };
}

/** Enough of an id to tell it from its neighbours: `job-1a2b3c4d`. */
export const shortId = (jobId: string): string => jobId.slice(0, 12);
