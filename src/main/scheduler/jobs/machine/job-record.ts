// The state of one job, without its payload. Immutable: only `jobTransition`, `newJob` and `restoreJob` create records. `facts`
// never change, so they are written once. The rest of the record is small and is written at every change.
import type { AttemptOutcome, JobError, JobStatus, JobSummary } from '../../../../shared/api/job';
import type { PredictionView } from '../../../../shared/api/prediction';
import { isTerminal } from '../../../../shared/api/job';
import type { Instant } from '../../lifecycle/node-record';
import type { JobRequirements } from '../../dispatch/job-requirements';

/** A task without its payload. */
export interface TaskSummary {
  readonly kind: JobSummary['task']['kind'];
  readonly path: string | null;
  readonly model: string;
  readonly payloadBytes: number;
}

export interface JobFacts {
  readonly jobId: string;
  /** The lower number was submitted first. */
  readonly seq: number;
  readonly task: TaskSummary;
  /** Includes the model of the task. */
  readonly requirements: JobRequirements;
  /** Higher priority goes first. */
  readonly priority: number;
  readonly maxAttempts: number;
  /** The attempt timeout, from the start of the attempt. */
  readonly timeoutMs: number;
  /** The timeout of one stay in the queue. */
  readonly queueTimeoutMs: number;
  /** How long the job waits for a node that confirms an error, at most. Not stored: a restart ends a job with another value. */
  readonly confirmationTimeoutMs: number;
  /** The timeout of the whole job, from its submission, with all attempts and waits. Null: only the other timeouts count. */
  readonly totalTimeoutMs: number | null;
  /** A client waits on a connection for the result. The job is written behind, and a restart of the scheduler ends it (ADR 0019). */
  readonly interactive: boolean;
  /** The task is answered with a stream of events. */
  readonly streams: boolean;
  readonly traceId: string;
  /** The id of the key or member that sent the job. Null: a caller on loopback without a key, or an earlier version. */
  readonly submitter: string | null;
  /** The id of the job that this one repeats. Absent: it repeats none. */
  readonly retryOf?: string | undefined;
  /** The token of the replica whose client waits. Absent: none does. Not stored: it holds for one run of the scheduler. */
  readonly follower?: string | undefined;
}

export interface Attempt {
  /** Unique within a job, so that messages of older attempts are recognized. */
  readonly attempt: number;
  readonly nodeId: string;
  readonly assignedAt: Instant;
  readonly startedAt: Instant | null;
  readonly endedAt: Instant | null;
  /** Null while the attempt is live. */
  readonly outcome: AttemptOutcome | null;
  readonly error: JobError | null;
  /** Why this node was chosen. Null: an earlier version chose it. */
  readonly prediction: PredictionView | null;
}

export interface JobRecord {
  readonly facts: JobFacts;
  readonly createdAt: Instant;
  readonly status: JobStatus;
  /** Oldest first. Only the last attempt can be live. */
  readonly attempts: readonly Attempt[];
  /** Number of the newest attempt; 0 before the first. */
  readonly lastAttempt: number;
  /** When the current or last stay in the queue began. */
  readonly queuedAt: Instant;
  /** Set during the backoff after a failed attempt. */
  readonly notBefore: Instant | null;
  readonly finishedAt: Instant | null;
  readonly error: JobError | null;
  /** A node reported an error that a retry cannot mend, and another node must confirm it. */
  readonly unconfirmed: { readonly nodeId: string; readonly error: JobError } | null;
}

export const newJob = (facts: JobFacts, now: Instant): JobRecord => ({
  facts,
  createdAt: now,
  status: 'queued',
  attempts: [],
  lastAttempt: 0,
  queuedAt: now,
  notBefore: null,
  finishedAt: null,
  error: null,
  unconfirmed: null,
});

/** The attempt that uses a slot of a node; null while the job is queued or after it has ended. */
export function liveAttempt(record: JobRecord): Attempt | null {
  const last = record.attempts.at(-1);
  return last !== undefined && last.outcome === null ? last : null;
}

/** The number of the live attempt. Null: there is none, or no such job. */
export const attemptOf = (record: JobRecord | undefined): number | null =>
  record === undefined ? null : (liveAttempt(record)?.attempt ?? null);

/** Attempts that may have run. Undelivered attempts do not count. */
export const attemptsUsed = (record: JobRecord): number => record.attempts.filter(({ outcome }) => outcome !== 'not_delivered').length;

const FAILURES: ReadonlySet<AttemptOutcome | null> = new Set(['failed', 'attempt_timeout', 'node_lost']);

/** Nodes on which an attempt failed. A retry avoids them. */
export const nodesThatFailed = ({ attempts }: JobRecord): ReadonlySet<string> =>
  new Set(attempts.filter(({ outcome }) => FAILURES.has(outcome)).map(({ nodeId }) => nodeId));

/** The facts with the requirements of the present wait: a node whose error must be confirmed cannot take the job. */
export const waitingFacts = ({ facts, unconfirmed }: JobRecord): JobFacts =>
  unconfirmed === null ? facts : { ...facts, requirements: { ...facts.requirements, otherThan: unconfirmed.nodeId } };

/** For a job without a waiting client. The submitter already has waited for one answer. */
export const CONFIRMATION_TIMEOUT_MS = 60_000;

/** The timeout of the present stay in the queue. */
export const waitTimeoutMs = (facts: JobFacts, isUnconfirmed: boolean): number =>
  isUnconfirmed ? Math.min(facts.queueTimeoutMs, facts.confirmationTimeoutMs) : facts.queueTimeoutMs;

export const hasEnded = ({ status }: JobRecord): boolean => isTerminal(status);

/** Can be assigned now. */
export const isWaiting = (record: JobRecord): boolean => record.status === 'queued' && record.notBefore === null;
