// Rows of the jobs database, and the jobs that they store. Rows are validated when they are read, because the file may be damaged.
import { z } from 'zod';
import { jobRequirementsSchema } from '../../../shared/api/dispatch';
import { parseJsonAs } from '../../../shared/json';
import { ATTEMPT_OUTCOMES, JOB_STATUSES, jobErrorSchema, type JobStatus, jobSummarySchema } from '../../../shared/api/job';
import { predictionSchema } from '../../../shared/api/prediction';
import { nodeIdSchema } from '../../../shared/protocol/node-messages';
import { parseRequirements, toRequirementsView } from '../dispatch/job-requirements';
import { CONFIRMATION_TIMEOUT_MS } from './machine/job-record';
import { taskViewOf } from './machine/job-view';
import { hadFailure } from './machine/failed-job';
import type { JobState, StoredAttempt, StoredJob } from './machine/stored-job';

const timeMs = z.number();

const factsSchema = z.object({
  task: jobSummarySchema.shape.task.transform(({ payload_bytes: payloadBytes, ...task }) => ({ ...task, payloadBytes })),
  requirements: jobRequirementsSchema.transform(parseRequirements),
  priority: z.number(),
  maxAttempts: z.number().int().min(1),
  timeoutMs: z.number().positive(),
  queueTimeoutMs: z.number().positive(),
  /** Absent in rows of earlier versions. */
  totalTimeoutMs: z.number().positive().nullable().default(null),
  interactive: z.boolean(),
  /** Absent in rows of earlier versions: any form of answer is accepted. */
  streams: z.boolean().default(true),
  traceId: z.string(),
  /** Absent in rows of earlier versions. */
  submitter: z.string().nullable().default(null),
  retryOf: z.string().optional(),
});

// The stored keys have no clock in their names: earlier versions wrote them. All stored instants are Unix ms.
const attemptSchema = z
  .object({
    attempt: z.number().int().min(1),
    nodeId: nodeIdSchema,
    assignedAtMs: timeMs,
    startedAtMs: timeMs.nullable(),
    endedAtMs: timeMs.nullable(),
    outcome: z.enum(ATTEMPT_OUTCOMES).nullable(),
    error: jobErrorSchema.nullable(),
    /** Absent in rows of earlier versions. */
    prediction: predictionSchema.nullable().default(null),
  })
  .transform(({ assignedAtMs: assignedAtWallMs, startedAtMs: startedAtWallMs, endedAtMs: endedAtWallMs, ...attempt }) => ({
    ...attempt,
    assignedAtWallMs,
    startedAtWallMs,
    endedAtWallMs,
  }));

const stateSchema = z
  .object({
    status: z.enum(JOB_STATUSES),
    attempts: z.array(attemptSchema),
    lastAttempt: z.number().int().min(0),
    queuedAtMs: timeMs,
    notBeforeMs: timeMs.nullable(),
    finishedAtMs: timeMs.nullable(),
    error: jobErrorSchema.nullable(),
    /** Absent: null. */
    unconfirmed: z.object({ nodeId: nodeIdSchema, error: jobErrorSchema }).nullable().default(null),
  })
  .transform(({ queuedAtMs: queuedAtWallMs, notBeforeMs: notBeforeWallMs, finishedAtMs: finishedAtWallMs, ...state }) => ({
    ...state,
    queuedAtWallMs,
    notBeforeWallMs,
    finishedAtWallMs,
  }));

/** Decodes a row. The table is STRICT, so SQLite guarantees the types of the columns. Throws on invalid content, with the id of the job. */
export function storedJobOf(row: Readonly<Record<string, unknown>>): StoredJob {
  const jobId = String(row['job_id']);
  try {
    const facts = parseJsonAs(factsSchema, String(row['facts']));
    const state = parseJsonAs(stateSchema, String(row['state']));
    return {
      facts: { ...facts, confirmationTimeoutMs: CONFIRMATION_TIMEOUT_MS, jobId, seq: Number(row['seq']) },
      createdAtWallMs: Number(row['created_at']),
      state,
    };
  } catch (error) {
    throw new Error(`row of ${jobId}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

/** The facts of a job without the fields that have their own columns or are not stored. */
export function factsColumn({ facts: all }: StoredJob): string {
  const { jobId: _id, seq: _seq, confirmationTimeoutMs: _timeout, follower: _follower, ...facts } = all;
  return JSON.stringify({ ...facts, task: taskViewOf(facts.task), requirements: toRequirementsView(facts.requirements) });
}

/** SQLite has no booleans. */
export const failureColumn = (state: JobState): number => (hadFailure(state) ? 1 : 0);

/** The state of a job, as `storedJobOf` reads it. */
export function stateColumn({ attempts, queuedAtWallMs, notBeforeWallMs, finishedAtWallMs, unconfirmed, ...state }: JobState): string {
  const stored = {
    ...state,
    attempts: attempts.map(toAttemptRow),
    queuedAtMs: queuedAtWallMs,
    notBeforeMs: notBeforeWallMs,
    finishedAtMs: finishedAtWallMs,
    ...(unconfirmed === null ? {} : { unconfirmed }),
  };
  return JSON.stringify(stored satisfies z.input<typeof stateSchema>);
}

const toAttemptRow = ({
  assignedAtWallMs,
  startedAtWallMs,
  endedAtWallMs,
  prediction,
  ...attempt
}: StoredAttempt): z.input<typeof attemptSchema> => ({
  ...attempt,
  ...(prediction === null ? {} : { prediction }),
  assignedAtMs: assignedAtWallMs,
  startedAtMs: startedAtWallMs,
  endedAtMs: endedAtWallMs,
});

export const statusOf = (value: unknown): JobStatus => {
  const status = JOB_STATUSES.find((known) => known === value);
  if (status === undefined) throw new Error(`not a job status: ${String(value)}`);
  return status;
};
