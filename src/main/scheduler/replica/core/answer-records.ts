// The records on a channel for the answers of jobs that a replica writes to its clients.
import { z } from 'zod';
import { CANCEL_REASONS, jobErrorSchema, jobViewSchema } from '../../../../shared/api/job';
import { nodeIdSchema } from '../../../../shared/protocol/node-messages';
import { translationDataSchema } from '../../api/client-apis/core/translation-data';
import { openAiErrorSchema } from '../../api/openai/core/openai-error';

/** From the replica, first on each channel and for each new answer: its clients wait for these jobs. */
export const ANSWER_WAITING = 'answer.waiting';
/** From the leader: the job, or a chunk of it. The body is the event as JSON. */
export const ANSWER_EVENT = 'answer.event';
/** From the leader: the job is unknown, or its answer is lost. */
export const ANSWER_UNKNOWN = 'answer.unknown';
/** From the leader: the answer ends with an error. */
export const ANSWER_END = 'answer.end';
/** From the replica: the job is cancelled. */
export const ANSWER_CANCEL = 'answer.cancel';
/** From the replica: the client has its answer, or has left. */
export const ANSWER_CLOSED = 'answer.closed';
/** From the replica: the response at the end of the answer, which the leader keeps. The body is the response as JSON. */
export const ANSWER_NOTED = 'answer.noted';
/** The same for a leader that has not read the request: the body has the response, and the request as a text. */
export const ANSWER_KEPT = 'answer.kept';
/** From the replica of a node: what it has passed on. */
export const CHUNKS_PASSED = 'chunks.passed';
/** From the replica of a node: the node sends no stream of the path. */
export const CHUNKS_REFUSED = 'chunks.refused';

const jobId = z.string().max(64);
const count = z.number().int().nonnegative();
const localized = z.object({ en: z.string(), zh: z.string() });

const failureSchema = z.object({
  status: z.number().int(),
  retryAfterSeconds: z.number().nullable(),
  mayRetry: z.boolean(),
  text: localized,
  reason: z.union([z.string(), localized]).nullable(),
  error: openAiErrorSchema.shape.error.omit({ message: true }),
});

const choiceSchema = z.object({
  name: z.string(),
  model: z.string(),
  by: z.enum(['alias', 'fallback', 'auto']),
  leftOut: z.array(z.object({ model: z.string(), state: z.enum(['ready', 'not_ready', 'other_tasks', 'not_in_pool']) })),
});

/** `failure`: of a job that ended without success. `node_name`: of its node. */
export const eventHeadSchema = z.object({ job_id: jobId, failure: failureSchema.nullable(), node_name: z.string().nullable() });
export type EventHead = z.output<typeof eventHeadSchema>;

const factsSchema = z.object({ id: z.string(), requestId: z.string(), model: z.string(), atWallMs: z.number() });

/** The answer of a job, as the leader hands it over to the replica of the client. */
export const handedOverSchema = z.object({
  jobId,
  requestId: z.string(),
  language: z.enum(['en', 'zh']),
  streams: z.boolean(),
  format: z.enum(['openai', 'messages', 'responses', 'ollama']),
  translation: translationDataSchema.nullable(),
  facts: factsSchema,
  choice: choiceSchema.nullable(),
  /** Of every answer: the limits of the key, and what the server has set. */
  headers: z.record(z.string(), z.string()),
  /** The leader keeps the response at the end. */
  isNoted: z.boolean(),
  /** The id of the credential of the client. Null: none. */
  holder: z.string().nullable(),
  /** The job, where it has not ended yet: most are on a node at once. */
  first: eventHeadSchema.extend({ job: jobViewSchema }).nullable(),
});
export type HandedOver = z.output<typeof handedOverSchema>;

export const waitingJobSchema = z.object({
  job_id: jobId,
  holder: z.string().nullable(),
  streams: z.boolean(),
  /** Of a stream whose client has got a part: the job as it was last, for a leader that does not know it. */
  job: jobViewSchema.nullable().optional(),
});
/** `is_all`: the replica has no other jobs. */
export const waitingSchema = z.object({ jobs: z.array(waitingJobSchema), is_all: z.boolean() });
export type WaitingJob = z.output<typeof waitingJobSchema>;

export const answerJobSchema = z.object({ job_id: jobId });
export const answerKeptSchema = z.object({ facts: factsSchema, holder: z.string().nullable() });
export const answerEndSchema = z.object({ job_id: jobId, failure: failureSchema, reason: z.enum(CANCEL_REASONS) });
export const answerCancelSchema = z.object({ job_id: jobId, reason: z.enum(CANCEL_REASONS) });

const passedSchema = z.object({ node_id: nodeIdSchema, job_id: jobId, attempt: count, count, bytes: count, has_token: z.boolean() });
export const chunksPassedSchema = z.object({ attempts: z.array(passedSchema) });
export const chunksRefusedSchema = z.object({ node_id: nodeIdSchema, job_id: jobId, attempt: count, error: jobErrorSchema });

/** The stream of the chunks of an attempt, from the replica of the node to that of the client. */
export const chunkStreamOf = (job: string, attempt: number): string => `${job}-${String(attempt)}`;

/** A loss of the bus of this length ends no stream of chunks. */
export const CHUNK_STREAM_LIMITS = { windowBytes: 512 * 1024, idleMs: 20_000 };
