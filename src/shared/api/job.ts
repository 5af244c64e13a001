// A job as its submitter writes it and as the scheduler shows it (api §1, §2). Used by HTTP, CLI and renderer alike.
import { z } from 'zod';
import { nodeIdSchema } from '../protocol/node-messages';
import { taskSchema } from '../protocol/tasks';
import { explainedNodeSchema, jobRequirementsSchema, MAX_NODE_LIMIT, reasonCountSchema } from './dispatch';

const timeMs = z.number();
const count = z.number().int().min(0);
const WEEK_SECONDS = 7 * 24 * 3600;
/** Room for every attempt to wait and run as long as it may. */
const MAX_TOTAL_SECONDS = 20 * WEEK_SECONDS;

export const JOB_STATUSES = ['queued', 'assigned', 'running', 'succeeded', 'failed', 'cancelled', 'expired'] as const;
const TERMINAL: ReadonlySet<JobStatus> = new Set(['succeeded', 'failed', 'cancelled', 'expired']);

/** It has ended, and no status follows. */
export const isTerminal = (status: JobStatus): boolean => TERMINAL.has(status);

/** `required_models` may be left out: the task's own model is required in any case, and that it takes the task. */
export const jobSubmissionSchema = z.strictObject({
  ...jobRequirementsSchema.omit({ required_task: true }).shape,
  task: taskSchema,
  /** One attempt may take this long; default `job_timeout_seconds`. */
  timeout_seconds: z.number().positive().max(WEEK_SECONDS).optional(),
  /** A job that no node has taken by then is `expired`; default: it waits for a week. */
  queue_timeout_seconds: z.number().positive().max(WEEK_SECONDS).optional(),
  /** A job that is not over by then, whatever it does, is `expired`; default: no such limit. */
  total_timeout_seconds: z.number().positive().max(MAX_TOTAL_SECONDS).optional(),
  /** False: refuse with `NO_AVAILABLE_NODE` when no node can take it now. */
  wait_for_node: z.boolean().default(true),
  max_attempts: z.number().int().min(1).max(10).default(3),
  /** Higher goes first; equal ones by age. */
  priority: z.number().int().min(-100).max(100).default(0),
});

export const idempotencyKeySchema = z.string().regex(/^[\x21-\x7e]{1,255}$/);

/** Why an attempt ended without a result that ends the job. */
export const ATTEMPT_OUTCOMES = [
  'succeeded',
  'failed',
  'node_lost',
  'drain_timeout',
  'attempt_timeout',
  'not_delivered',
  'cancelled',
] as const;

/** Why a job is cancelled. It is the message of the error of code `cancelled`; the UI has words for each. */
export const CANCEL_REASONS = [
  'requested',
  'client_gone',
  'client_too_slow',
  'scheduler_stopping',
  'attempt_lost',
  'chunk_missing',
  'unreadable_output',
] as const;

/** Why a node is told to stop an attempt (protocol §3, `job_cancel`): its job was cancelled, or is over or goes on without it. */
export const STOP_REASONS = [...CANCEL_REASONS, 'attempt_timeout', 'drain_timeout', 'total_timeout', 'stale'] as const;

export const jobErrorSchema = z.object({ code: z.string(), message: z.string(), details: z.unknown() });

export const attemptViewSchema = z.object({
  attempt: z.number().int().min(1),
  node_id: nodeIdSchema,
  assigned_at: timeMs,
  /** When the node said that it runs it; null before. */
  started_at: timeMs.nullable(),
  ended_at: timeMs.nullable(),
  outcome: z.enum(ATTEMPT_OUTCOMES).nullable(),
  error: jobErrorSchema.nullable(),
});

export const jobResultViewSchema = z.object({
  attempt: z.number().int().min(1),
  node_id: nodeIdSchema,
  success: z.boolean(),
  output: z.unknown(),
  error: jobErrorSchema.nullable(),
  processing_time_ms: z.number(),
});

/** Why a queued job waits: the counts per reason (first failing filter), and for some nodes every filter that keeps them out. */
export const waitingViewSchema = z.object({
  since: timeMs,
  /** Set while a failed attempt is being waited out. */
  not_before: timeMs.nullable(),
  /** Set while no job is given to any node: the scheduler's disk takes nothing. */
  blocked_by: z.enum(['storage_full']).nullable(),
  /** Jobs before this one in the order of the queue, also those that wait for other nodes. */
  ahead: count,
  reasons: z.record(z.string(), reasonCountSchema),
  /** Nodes of the pool, shown or not. */
  nodes_total: count,
  nodes: z.array(explainedNodeSchema),
});

/** Details of a job that expired while it waited: what kept it from every node at its end, counted as while it waited. */
export const waitedInVainSchema = z.object({ reasons: waitingViewSchema.shape.reasons });

export const jobSummarySchema = z.object({
  job_id: z.string(),
  status: z.enum(JOB_STATUSES),
  /** The task without its payload: what kind, which path, which model, how large. */
  task: z.object({ kind: z.enum(['openai', 'command']), path: z.string().nullable(), model: z.string(), payload_bytes: count }),
  priority: z.number().int(),
  /** The attempt that runs or ran last; 0 before the first. */
  attempt: count,
  max_attempts: z.number().int(),
  node_id: nodeIdSchema.nullable(),
  created_at: timeMs,
  started_at: timeMs.nullable(),
  finished_at: timeMs.nullable(),
  error: jobErrorSchema.nullable(),
  trace_id: z.string(),
});

export const jobViewSchema = z.object({
  ...jobSummarySchema.shape,
  requirements: jobRequirementsSchema,
  timeout_seconds: z.number(),
  queue_deadline_at: timeMs,
  /** Null: it has no limit in all. */
  total_deadline_at: timeMs.nullable(),
  attempts: z.array(attemptViewSchema),
  result: jobResultViewSchema.nullable(),
  /** Null unless queued, and in all events but the first. */
  waiting: waitingViewSchema.nullable(),
});

/** As many nodes as a person reads. */
export const DEFAULT_NODE_LIMIT = 50;

/** How a job is asked for: of a waiting one at most so many nodes are shown. */
export const jobQuerySchema = z.object({ node_limit: z.coerce.number().int().min(0).max(MAX_NODE_LIMIT).default(DEFAULT_NODE_LIMIT) });

/** The query of a caller that wants every node, as one that asks once. */
export const ALL_NODES_QUERY = `node_limit=${String(MAX_NODE_LIMIT)}`;

const MAX_LISTED = 500;

/** Which jobs are listed: the newest first, from where a page before ended (`next_cursor`). */
export const jobListQuerySchema = z.object({
  status: z.enum(JOB_STATUSES).optional(),
  limit: z.coerce.number().int().min(1).max(MAX_LISTED).default(50),
  cursor: z
    .string()
    .regex(/^\d{1,15}$/)
    .optional(),
});

export const openJobCountsSchema = z.object({ queued: count, assigned: count, running: count });

export const jobListSchema = z.object({
  jobs: z.array(jobSummarySchema),
  next_cursor: z.string().nullable(),
  /** All jobs that are not over, whatever was asked for. */
  open: openJobCountsSchema,
});
export const jobAcceptedViewSchema = z.object({ job_id: z.string(), status: z.enum(JOB_STATUSES) });

/** Events of `GET /api/v1/jobs/{id}/events`: the job first and at every change, and what it streams. The last is terminal. Why it
 * waits is in the first event alone. */
export const jobEventSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('job'), job: jobViewSchema }),
  z.object({ type: z.literal('chunk'), attempt: z.number().int(), seq: count, data: z.unknown() }),
]);

export type JobStatus = (typeof JOB_STATUSES)[number];
export type AttemptOutcome = (typeof ATTEMPT_OUTCOMES)[number];
export type CancelReason = (typeof CANCEL_REASONS)[number];
export type StopReason = (typeof STOP_REASONS)[number];
export type JobSubmission = z.infer<typeof jobSubmissionSchema>;
export type JobSubmissionInput = z.input<typeof jobSubmissionSchema>;
export type JobError = z.infer<typeof jobErrorSchema>;
export type AttemptView = z.infer<typeof attemptViewSchema>;
export type JobResultView = z.infer<typeof jobResultViewSchema>;
export type WaitingView = z.infer<typeof waitingViewSchema>;
export type JobSummary = z.infer<typeof jobSummarySchema>;
export type JobView = z.infer<typeof jobViewSchema>;
export type OpenJobCounts = z.infer<typeof openJobCountsSchema>;
export type JobList = z.infer<typeof jobListSchema>;
export type JobEvent = z.infer<typeof jobEventSchema>;
