// A job as its submitter sends it and as the scheduler shows it (api §1, §2). Used by HTTP API, CLI and renderer.
import { z } from 'zod';
import { MAX_DETAILS, MAX_LIST, recordOf } from '../protocol/bounded';
import { heldJobSchema, predictionSchema } from './prediction';
import { jobTimingsSchema } from '../protocol/job-timings';
import { modelIdSchema, nodeIdSchema } from '../protocol/node-messages';
import { taskSchema } from '../protocol/tasks';
import { explainedNodeSchema, jobRequirementsSchema, MAX_NODE_LIMIT, reasonCountSchema, requiredTaskSchema } from './dispatch';
import { jobWakeSchema } from './wake';

const timeMs = z.number();
const count = z.number().int().min(0);
const WEEK_SECONDS = 7 * 24 * 3600;
/** Every attempt may wait and run for its maximum time. */
const MAX_TOTAL_SECONDS = 20 * WEEK_SECONDS;

export const JOB_STATUSES = ['queued', 'assigned', 'running', 'succeeded', 'failed', 'cancelled', 'expired'] as const;
const TERMINAL: ReadonlySet<JobStatus> = new Set(['succeeded', 'failed', 'cancelled', 'expired']);

/** The job has ended: no other status follows. */
export const isTerminal = (status: JobStatus): boolean => TERMINAL.has(status);

const prioritySchema = z.number().int().min(-100).max(100);

/** The model of the task is always required, with this kind of task. So `required_models` may be absent. */
export const jobSubmissionSchema = z.strictObject({
  ...jobRequirementsSchema.omit({ required_task: true }).shape,
  task: taskSchema,
  /** Attempt timeout. Default: `job_timeout_seconds`. */
  timeout_seconds: z.number().positive().max(WEEK_SECONDS).optional(),
  /** Queue timeout: a job that no node has taken within this time is `expired`. Default: one week. */
  queue_timeout_seconds: z.number().positive().max(WEEK_SECONDS).optional(),
  /** Total timeout: a job that has not ended within this time is `expired`. Default: none. */
  total_timeout_seconds: z.number().positive().max(MAX_TOTAL_SECONDS).optional(),
  /** False: refuse the job with `NO_AVAILABLE_NODE` when no node can run it now. */
  wait_for_node: z.boolean().default(true),
  max_attempts: z.number().int().min(1).max(10).default(3),
  /** Jobs with a higher priority start first, then those of keys that have used less, then older ones. */
  priority: prioritySchema.default(0),
});

/** From a program: the priority class of its key decides where it names no priority. */
export const askedJobSchema = jobSubmissionSchema.extend({ priority: prioritySchema.optional() });

export const idempotencyKeySchema = z.string().regex(/^[\x21-\x7e]{1,255}$/);

/** How an attempt ended. */
export const ATTEMPT_OUTCOMES = [
  'succeeded',
  'failed',
  'node_lost',
  'drain_timeout',
  'quarantined',
  'attempt_timeout',
  'not_delivered',
  'cancelled',
] as const;

/** Why a job is cancelled: the message of an error with the code `cancelled`. The UI translates it. */
export const CANCEL_REASONS = [
  'requested',
  'client_gone',
  'client_too_slow',
  'scheduler_stopping',
  'attempt_lost',
  'chunk_missing',
  'unreadable_output',
  'pool_busy',
  'revoked',
  'expired',
] as const;

/** Why a node must stop an attempt (protocol §3, `job_cancel`): its job was cancelled, has ended, or continues in another attempt. */
export const STOP_REASONS = [...CANCEL_REASONS, 'attempt_timeout', 'drain_timeout', 'quarantined', 'total_timeout', 'stale'] as const;

export const jobErrorSchema = z.object({ code: z.string(), message: z.string(), details: z.unknown() });

export const attemptViewSchema = z.object({
  attempt: z.number().int().min(1),
  node_id: nodeIdSchema,
  assigned_at: timeMs,
  /** When the node reported the start of the attempt; null before. */
  started_at: timeMs.nullable(),
  ended_at: timeMs.nullable(),
  outcome: z.enum(ATTEMPT_OUTCOMES).nullable(),
  error: jobErrorSchema.nullable(),
  /** Why the node was chosen. Absent: an earlier version chose it. */
  prediction: predictionSchema.optional(),
});

export const jobResultViewSchema = z.object({
  attempt: z.number().int().min(1),
  node_id: nodeIdSchema,
  success: z.boolean(),
  output: z.unknown(),
  error: jobErrorSchema.nullable(),
  processing_time_ms: z.number(),
  /** Absent: the node reported none. */
  timings: jobTimingsSchema.optional(),
});

/** Why a queued job waits: the counts per reason (first failing filter), and for some nodes every filter that they do not pass. */
export const waitingViewSchema = z.object({
  since: timeMs,
  /** The time of the retry after a failed attempt; null otherwise. */
  not_before: timeMs.nullable(),
  /** Set while the scheduler assigns no job at all, because its disk is full. */
  blocked_by: z.enum(['storage_full']).nullable(),
  /** The number of waiting jobs that should start before this one, of those that may take the same nodes. */
  ahead: count,
  /** The predicted wait until the job starts. Absent: not known. */
  wait_seconds: z.number().min(0).optional(),
  reasons: recordOf(z.string(), reasonCountSchema, MAX_DETAILS),
  /** All nodes of the pool, listed or not. */
  nodes_total: count,
  nodes: z.array(explainedNodeSchema).max(MAX_LIST),
  /** The full node for which the job waits although another node is free. Absent: the job is not held. */
  held: heldJobSchema.optional(),
  /** The sleeping node that is woken for the job. Absent: none is. */
  wake: jobWakeSchema.optional(),
});

/** Details of a `queue_timeout`: the number of nodes that each reason excluded at the deadline. */
export const queueTimeoutDetailsSchema = z.object({ reasons: waitingViewSchema.shape.reasons });

export const jobSummarySchema = z.object({
  job_id: z.string(),
  status: z.enum(JOB_STATUSES),
  /** The task without its payload. */
  task: z.object({ kind: z.enum(['openai', 'command']), path: z.string().nullable(), model: z.string(), payload_bytes: count }),
  priority: z.number().int(),
  /** The current or last attempt; 0 before the first. */
  attempt: count,
  max_attempts: z.number().int(),
  node_id: nodeIdSchema.nullable(),
  created_at: timeMs,
  started_at: timeMs.nullable(),
  finished_at: timeMs.nullable(),
  error: jobErrorSchema.nullable(),
  trace_id: z.string(),
  /** The key or member that sent the job. Null: a caller without a key, or not for this reader. Absent: an earlier version. */
  submitter: z.object({ id: z.string(), name: z.string().nullable() }).nullable().optional(),
  /** The job that this one repeats. */
  retry_of: z.string().optional(),
  /** A client waited for the answer. The request is not kept, so the job cannot be retried. */
  interactive: z.literal(true).optional(),
});

/** Not strict, as those of a request are: a newer scheduler may show more. */
const shownRequirementsSchema = z.object({
  ...jobRequirementsSchema.shape,
  required_task: z.object(requiredTaskSchema.shape).optional(),
});

export const jobViewSchema = z.object({
  ...jobSummarySchema.shape,
  requirements: shownRequirementsSchema,
  timeout_seconds: z.number(),
  queue_deadline_at: timeMs,
  /** Null: there is no total timeout. */
  total_deadline_at: timeMs.nullable(),
  attempts: z.array(attemptViewSchema).max(MAX_LIST),
  result: jobResultViewSchema.nullable(),
  /** Null unless queued. In an event stream only the first event has it. */
  waiting: waitingViewSchema.nullable(),
});

/** Nodes that a job view lists by default. */
export const DEFAULT_NODE_LIMIT = 50;

/** `node_limit`: the number of nodes that a waiting job lists. */
export const jobQuerySchema = z.object({ node_limit: z.coerce.number().int().min(0).max(MAX_NODE_LIMIT).default(DEFAULT_NODE_LIMIT) });

/** The query for all nodes. */
export const ALL_NODES_QUERY = `node_limit=${String(MAX_NODE_LIMIT)}`;

const MAX_LISTED = 500;

const STATUS = JOB_STATUSES.join('|');

/** Jobs that pass all filters. The names are those of the query. */
export const jobFiltersSchema = z.object({
  /** One or several statuses, separated by commas. */
  status: z
    .string()
    .max(128)
    .regex(new RegExp(`^(${STATUS})(,(${STATUS}))*$`))
    .optional(),
  model: modelIdSchema.optional(),
  /** Jobs that had an attempt on this node. */
  node_id: nodeIdSchema.optional(),
  /** The id or the name of the key or member that sent the job. */
  key: z.string().min(1).max(128).optional(),
  /** Part of the name of the model, or the beginning of the id. */
  search: z.string().min(1).max(128).optional(),
});

/** A list of jobs, newest first, that continues at `next_cursor` of the previous list. */
export const jobListQuerySchema = jobFiltersSchema.extend({
  limit: z.coerce.number().int().min(1).max(MAX_LISTED).default(50),
  cursor: z
    .string()
    .regex(/^\d{1,15}$/)
    .optional(),
  /** `false`: without `wait` and `progress` of live jobs. */
  live: z.enum(['true', 'false']).optional(),
});

/** The statuses of a query that was validated. */
export const statusesOf = (status: string | undefined): JobStatus[] => {
  const wanted = new Set(status?.split(','));
  return JOB_STATUSES.filter((known) => wanted.has(known));
};

/** Why a listed job waits, in short. */
export const rowWaitingSchema = z.object({
  not_before: timeMs.nullable(),
  blocked_by: waitingViewSchema.shape.blocked_by,
  /** The full node that the job waits for, although another node is free. */
  held_for: nodeIdSchema.nullable(),
  /** The number of waiting jobs that should start before this one, of those that may take the same nodes. */
  ahead: count,
  nodes_total: count,
  /** The number of nodes by their first reason. Null: not counted, because the pool is large and the list has many different jobs. */
  reasons: recordOf(z.string(), count, MAX_DETAILS).nullable(),
  /** When a full node should have a slot for the job. Null: not known. */
  slot_seconds: z.number().nullable(),
});

/** The answer so far. The rate counts from the first token. */
export const rowProgressSchema = z.object({
  /** Events of the stream: about one token each. */
  tokens: count,
  tokens_per_second: z.number().nullable(),
});

export const listedJobSchema = z.object({
  ...jobSummarySchema.shape,
  /** Of a queued job. */
  wait: rowWaitingSchema.optional(),
  /** Of a running job whose answer is streamed. */
  progress: rowProgressSchema.optional(),
});

export const openJobCountsSchema = z.object({ queued: count, assigned: count, running: count });

export const jobListSchema = z.object({
  jobs: z.array(listedJobSchema).max(MAX_LIST),
  next_cursor: z.string().nullable(),
  /** The number of jobs that have not ended, independent of the query. */
  open: openJobCountsSchema,
  /** How long ended jobs are kept at most (`scheduler.jobs.retention_seconds`). Absent: an older scheduler. */
  kept_seconds: count.optional(),
});
export const jobAcceptedViewSchema = z.object({
  job_id: z.string(),
  status: z.enum(JOB_STATUSES),
  /** The model that was chosen for an alias or `auto`. Absent: the job names a model itself. */
  model: modelIdSchema.optional(),
});

/** Events of `GET /api/v1/jobs/{id}/events`: the job at first and after every change, and its chunks. The last event has a terminal
 * status. Only the first event has the reason why the job waits. */
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
export type RowWaiting = z.infer<typeof rowWaitingSchema>;
export type RowProgress = z.infer<typeof rowProgressSchema>;
export type ListedJob = z.infer<typeof listedJobSchema>;
export type JobView = z.infer<typeof jobViewSchema>;
export type OpenJobCounts = z.infer<typeof openJobCountsSchema>;
export type JobAccepted = z.infer<typeof jobAcceptedViewSchema>;
export type JobList = z.infer<typeof jobListSchema>;
export type JobEvent = z.infer<typeof jobEventSchema>;

export const isRetriable = ({ status, interactive }: Pick<JobSummary, 'status' | 'interactive'>): boolean =>
  isTerminal(status) && status !== 'succeeded' && interactive !== true;
