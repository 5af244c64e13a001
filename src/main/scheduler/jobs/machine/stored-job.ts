// A job as it is stored: the record with all instants on the wall clock, the only clock that continues across a restart.
import type { AttemptOutcome, JobError, JobStatus } from '../../../../shared/api/job';
import type { PredictionView } from '../../../../shared/api/prediction';
import type { Instant } from '../../lifecycle/node-record';
import type { Attempt, JobFacts, JobRecord } from './job-record';

export interface StoredAttempt {
  readonly attempt: number;
  readonly nodeId: string;
  readonly assignedAtWallMs: number;
  readonly startedAtWallMs: number | null;
  readonly endedAtWallMs: number | null;
  readonly outcome: AttemptOutcome | null;
  readonly error: JobError | null;
  readonly prediction: PredictionView | null;
}

/** The part of a job that changes. Times are Unix ms. */
export interface JobState {
  readonly status: JobStatus;
  readonly attempts: readonly StoredAttempt[];
  readonly lastAttempt: number;
  readonly queuedAtWallMs: number;
  readonly notBeforeWallMs: number | null;
  readonly finishedAtWallMs: number | null;
  readonly error: JobError | null;
  readonly unconfirmed: JobRecord['unconfirmed'];
}

export interface StoredJob {
  readonly facts: JobFacts;
  readonly createdAtWallMs: number;
  readonly state: JobState;
}

export const toStoredJob = (record: JobRecord): StoredJob => ({
  facts: record.facts,
  createdAtWallMs: record.createdAt.wallMs,
  state: {
    status: record.status,
    attempts: record.attempts.map(toStoredAttempt),
    lastAttempt: record.lastAttempt,
    queuedAtWallMs: record.queuedAt.wallMs,
    notBeforeWallMs: record.notBefore?.wallMs ?? null,
    finishedAtWallMs: record.finishedAt?.wallMs ?? null,
    error: record.error,
    unconfirmed: record.unconfirmed,
  },
});

const toStoredAttempt = ({ attempt, nodeId, assignedAt, startedAt, endedAt, outcome, error, prediction }: Attempt): StoredAttempt => ({
  attempt,
  nodeId,
  assignedAtWallMs: assignedAt.wallMs,
  startedAtWallMs: startedAt?.wallMs ?? null,
  endedAtWallMs: endedAt?.wallMs ?? null,
  outcome,
  error,
  prediction,
});

/**
 * Ages continue, and waits that passed meanwhile are due now. But the timeout of a live attempt starts again: its node kept running,
 * enforces the timeout itself, and may have a result that it could not deliver.
 */
export function restoreJob({ facts, createdAtWallMs, state }: StoredJob, now: Instant): JobRecord {
  const instant = (wallMs: number): Instant => ({ wallMs, monotonicMs: now.monotonicMs - Math.max(0, now.wallMs - wallMs) });
  const orNull = (wallMs: number | null): Instant | null => (wallMs === null ? null : instant(wallMs));
  return {
    facts,
    createdAt: instant(createdAtWallMs),
    status: state.status,
    attempts: state.attempts.map(({ attempt, nodeId, assignedAtWallMs, startedAtWallMs, endedAtWallMs, outcome, error, prediction }) => ({
      attempt,
      nodeId,
      assignedAt: outcome === null ? { ...instant(assignedAtWallMs), monotonicMs: now.monotonicMs } : instant(assignedAtWallMs),
      startedAt:
        outcome === null && startedAtWallMs !== null ? { wallMs: startedAtWallMs, monotonicMs: now.monotonicMs } : orNull(startedAtWallMs),
      endedAt: orNull(endedAtWallMs),
      outcome,
      error,
      prediction,
    })),
    lastAttempt: state.lastAttempt,
    queuedAt: instant(state.queuedAtWallMs),
    notBefore: orNull(state.notBeforeWallMs),
    finishedAt: orNull(state.finishedAtWallMs),
    error: state.error,
    unconfirmed: state.unconfirmed,
  };
}
