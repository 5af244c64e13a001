// What the scheduler knows of one job, without its payload. Immutable: `transition` (job-machine) returns the next record, and
// nothing else makes one. What never changes is in `facts`, apart from the small state that every change writes.
import type { AttemptOutcome, JobError, JobStatus, JobSummary } from '../../../../shared/api/job';
import { isTerminal } from '../../../../shared/api/job';
import type { JobRequirements } from '../../../../shared/api/dispatch';
import type { Instant } from '../../lifecycle/node-record';

export interface JobFacts {
  readonly jobId: string;
  /** Age: of two jobs the one with the lower number was submitted first. */
  readonly seq: number;
  readonly task: JobSummary['task'];
  /** The task's own model is among the required ones. */
  readonly requirements: JobRequirements;
  /** Higher goes first. */
  readonly priority: number;
  readonly maxAttempts: number;
  /** For one attempt, from its start. */
  readonly timeoutMs: number;
  /** For one stay in the queue. */
  readonly queueTimeoutMs: number;
  /** For all of it, from its arrival, attempts and waits alike; null: what the others add up to. */
  readonly totalTimeoutMs: number | null;
  /** Someone waits on a connection for it: a restart of the scheduler cancels it. */
  readonly interactive: boolean;
  readonly traceId: string;
}

export interface Attempt {
  /** Never used twice within a job, so that what an older attempt sends is told apart. */
  readonly attempt: number;
  readonly nodeId: string;
  readonly assignedAt: Instant;
  readonly startedAt: Instant | null;
  readonly endedAt: Instant | null;
  /** Null while it is live. */
  readonly outcome: AttemptOutcome | null;
  readonly error: JobError | null;
}

export interface JobRecord {
  readonly facts: JobFacts;
  readonly createdAt: Instant;
  readonly status: JobStatus;
  /** Oldest first; at most one is live, and that is the last. */
  readonly attempts: readonly Attempt[];
  /** Number of the newest attempt; 0 before the first. */
  readonly lastAttempt: number;
  /** When the present or last stay in the queue began. */
  readonly queuedAt: Instant;
  /** Set while a failed attempt is waited out. */
  readonly notBefore: Instant | null;
  readonly finishedAt: Instant | null;
  readonly error: JobError | null;
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
});

/** The attempt that holds a node's slot; null while the job is queued or over. */
export function liveAttempt(record: JobRecord): Attempt | null {
  const last = record.attempts.at(-1);
  return last !== undefined && last.outcome === null ? last : null;
}

/** Attempts that may have run: one that never reached its node does not count. */
export const attemptsUsed = (record: JobRecord): number => record.attempts.filter(({ outcome }) => outcome !== 'not_delivered').length;

const FAILURES: ReadonlySet<AttemptOutcome | null> = new Set(['failed', 'attempt_timeout', 'node_lost']);

/** Nodes on which an attempt failed: the next is better made elsewhere. */
export const nodesThatFailed = ({ attempts }: JobRecord): ReadonlySet<string> =>
  new Set(attempts.filter(({ outcome }) => FAILURES.has(outcome)).map(({ nodeId }) => nodeId));

export const hasEnded = ({ status }: JobRecord): boolean => isTerminal(status);

/** Could be given to a node now. */
export const isWaiting = (record: JobRecord): boolean => record.status === 'queued' && record.notBefore === null;
