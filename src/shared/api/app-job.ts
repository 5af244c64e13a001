// Jobs in the form of the dashboard: small, bounded, and without requests and results. Content has a separate operation.
import { z } from 'zod';
import { MAX_DETAILS, recordOf } from '../protocol/bounded';
import { jobTimingsSchema } from '../protocol/job-timings';
import { attemptViewSchema, JOB_STATUSES, jobFiltersSchema, jobViewSchema, listedJobSchema, waitingViewSchema } from './job';

export const MAX_JOBS_SHOWN = 100;
/** Nodes that a waiting job lists, so that its drawer opens at once in a large pool. The counts per reason include all nodes. */
export const MAX_WAITING_NODES = 10;
export const MAX_TEXT_SHOWN = 65_536;
export const MAX_PROGRAM_OUTPUT = 2_000;
/** Larger than any result of a node (protocol §1). */
const MAX_BASE64 = 17 * 1024 * 1024;
const MAX_ATTEMPTS = 64;

/** Why a program failed, where its output has one of the known messages. */
const FAILURE_CAUSES = ['out_of_memory'] as const;

export const jobIdSchema = z.string().min(1).max(128);

export const jobsQuerySchema = z.strictObject({
  ...jobFiltersSchema.shape,
  status: z.array(z.enum(JOB_STATUSES)).max(JOB_STATUSES.length).optional(),
  limit: z.number().int().min(1).max(MAX_JOBS_SHOWN).default(50),
  /** The `next_cursor` of the previous page. */
  cursor: z
    .string()
    .regex(/^\d{1,15}$/)
    .optional(),
});

/** A code and short details. The output of the program is content, since it may repeat the request. */
export const appJobErrorSchema = z.object({
  code: z.string().max(128),
  message: z.string().max(512),
  details: recordOf(z.string(), z.union([z.string().max(256), z.number(), z.boolean()]), MAX_DETAILS),
  /** Found in the output of the program. */
  cause: z.enum(FAILURE_CAUSES).optional(),
  /** For a job that timed out in the queue: the number of nodes that each reason excluded. */
  reasons: waitingViewSchema.shape.reasons.nullable(),
});

export const appJobRowSchema = z.object({ ...listedJobSchema.shape, error: appJobErrorSchema.nullable() });

const openCount = z.number().int().min(0);
export const appJobsSchema = z.object({
  jobs: z.array(appJobRowSchema).max(MAX_JOBS_SHOWN),
  next_cursor: z.string().nullable(),
  /** Jobs of the whole pool that have not ended. */
  open: z.object({ queued: openCount, assigned: openCount, running: openCount }),
  /** How long ended jobs are kept at most. Absent: an older scheduler. */
  kept_seconds: openCount.optional(),
});

/** Kind and size of a result, without its content. The size is in characters of text, or in bytes. */
export const contentFactsSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('text'), characters: z.number().int().min(0) }),
  z.object({ kind: z.literal('binary'), content_type: z.string().max(256), bytes: z.number().int().min(0) }),
  /** The client has the result, and it was not stored. */
  z.object({ kind: z.literal('not_stored') }),
  z.object({ kind: z.literal('none') }),
]);

export const appJobSchema = z.object({
  ...jobViewSchema.omit({ result: true, waiting: true, attempts: true }).shape,
  error: appJobErrorSchema.nullable(),
  attempts: z.array(z.object({ ...attemptViewSchema.shape, error: appJobErrorSchema.nullable() })).max(MAX_ATTEMPTS),
  result: z
    .object({
      processing_time_ms: z.number(),
      /** The HTTP status of an OpenAI task. 4xx: the runtime rejected the request. Null for other tasks. */
      http_status: z.number().int().nullable(),
      content: contentFactsSchema,
      timings: jobTimingsSchema.optional(),
    })
    .nullable(),
  /** Whether there is output of the program about the failure. */
  has_program_output: z.boolean(),
  waiting: z
    .object({
      ...waitingViewSchema.omit({ nodes: true }).shape,
      nodes: waitingViewSchema.shape.nodes.max(MAX_WAITING_NODES),
    })
    .nullable(),
});

export const appJobContentSchema = z.object({
  content: z.discriminatedUnion('kind', [
    /** `characters`: the size of the complete text. */
    z.object({ kind: z.literal('text'), text: z.string().max(MAX_TEXT_SHOWN), characters: z.number().int().min(0) }),
    z.object({ kind: z.literal('binary'), content_type: z.string().max(256), base64: z.string().max(MAX_BASE64) }),
    z.object({ kind: z.literal('not_stored') }),
    z.object({ kind: z.literal('none') }),
  ]),
  /** Output of the program about the failure. */
  program_output: z.string().max(MAX_PROGRAM_OUTPUT).nullable(),
});

export type JobsQuery = z.output<typeof jobsQuerySchema>;
export type AppJobError = z.infer<typeof appJobErrorSchema>;
export type FailureCause = (typeof FAILURE_CAUSES)[number];
export type AppJobRow = z.infer<typeof appJobRowSchema>;
export type AppJobs = z.infer<typeof appJobsSchema>;
export type AppJob = z.infer<typeof appJobSchema>;
export type AppAttempt = AppJob['attempts'][number];
export type ContentFacts = z.infer<typeof contentFactsSchema>;
export type AppJobContent = z.infer<typeof appJobContentSchema>;
