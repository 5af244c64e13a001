// A job as it is stored: the record with all instants on the wall clock, the only clock that continues across a restart.
import type { AttemptOutcome, JobError, JobStatus } from '../../../../shared/api/job';
import type { Instant } from '../../lifecycle/node-record';
import type { Attempt, JobFacts, JobRecord } from './job-record';

export interface StoredAttempt {
  readonly attempt: number;
  readonly nodeId: string;
  readonly assignedAtMs: number;
  readonly startedAtMs: number | null;
  readonly endedAtMs: number | null;
  readonly outcome: AttemptOutcome | null;
  readonly error: JobError | null;
}

/** The part of a job that changes. Times are Unix ms. */
export interface JobState {
  readonly status: JobStatus;
  readonly attempts: readonly StoredAttempt[];
  readonly lastAttempt: number;
  readonly queuedAtMs: number;
  readonly notBeforeMs: number | null;
  readonly finishedAtMs: number | null;
  readonly error: JobError | null;
}

export interface StoredJob {
  readonly facts: JobFacts;
  readonly createdAtMs: number;
  readonly state: JobState;
}

export const toStoredJob = (record: JobRecord): StoredJob => ({
  facts: record.facts,
  createdAtMs: record.createdAt.wallMs,
  state: {
    status: record.status,
    attempts: record.attempts.map(toStoredAttempt),
    lastAttempt: record.lastAttempt,
    queuedAtMs: record.queuedAt.wallMs,
    notBeforeMs: record.notBefore?.wallMs ?? null,
    finishedAtMs: record.finishedAt?.wallMs ?? null,
    error: record.error,
  },
});

const toStoredAttempt = ({ attempt, nodeId, assignedAt, startedAt, endedAt, outcome, error }: Attempt): StoredAttempt => ({
  attempt,
  nodeId,
  assignedAtMs: assignedAt.wallMs,
  startedAtMs: startedAt?.wallMs ?? null,
  endedAtMs: endedAt?.wallMs ?? null,
  outcome,
  error,
});

/**
 * Ages continue, and waits that passed meanwhile are due now. But the timeout of a live attempt starts again: its node kept running,
 * enforces the timeout itself, and may have a result that it could not deliver.
 */
export function restoreJob({ facts, createdAtMs, state }: StoredJob, now: Instant): JobRecord {
  const instant = (wallMs: number): Instant => ({ wallMs, monotonicMs: now.monotonicMs - Math.max(0, now.wallMs - wallMs) });
  const orNull = (wallMs: number | null): Instant | null => (wallMs === null ? null : instant(wallMs));
  return {
    facts,
    createdAt: instant(createdAtMs),
    status: state.status,
    attempts: state.attempts.map(({ attempt, nodeId, assignedAtMs, startedAtMs, endedAtMs, outcome, error }) => ({
      attempt,
      nodeId,
      assignedAt: outcome === null ? { ...instant(assignedAtMs), monotonicMs: now.monotonicMs } : instant(assignedAtMs),
      startedAt: outcome === null && startedAtMs !== null ? { wallMs: startedAtMs, monotonicMs: now.monotonicMs } : orNull(startedAtMs),
      endedAt: orNull(endedAtMs),
      outcome,
      error,
    })),
    lastAttempt: state.lastAttempt,
    queuedAt: instant(state.queuedAtMs),
    notBefore: orNull(state.notBeforeMs),
    finishedAt: orNull(state.finishedAtMs),
    error: state.error,
  };
}
