// A request of a person to a model of the pool, and the events of its answer (ADR 0028). The same in one process, over IPC and over HTTP.
import { z } from 'zod';
import { MAX_DETAILS, recordOf } from '../protocol/bounded';
import { jobTimingsSchema } from '../protocol/job-timings';
import { modelIdSchema, nodeIdSchema } from '../protocol/node-messages';
import { appErrorSchema } from './app-error';
import { explainedNodeSchema, reasonCountSchema } from './dispatch';
import { JOB_STATUSES } from './job';
import { heldJobSchema, predictionSchema, ROUTES } from './prediction';
import { jobWakeSchema } from './wake';

const MB = 1_000_000;

/** A header of a request to the OpenAI API: the node that must run the job. */
export const ONLY_NODE_HEADER = 'x-muster-only-node';

/** A request stays below `server.max_body_bytes` (12 MB), with space for its other fields. */
export const ASK_LIMITS = {
  messages: 400,
  /** Of all texts and pictures of a chat. A picture in base64 has a third more characters than bytes. */
  chatCharacters: 11 * MB,
  picturesPerMessage: 8,
  pictureBytes: 6 * MB,
  soundBytes: 8 * MB,
  speechCharacters: 20_000,
  /** Of a received speech. */
  answerBytes: 48 * MB,
  maxTokens: 1_000_000,
} as const;

const ms = z.number().min(0);
const tokens = z.number().int().min(0);
/** Only these types: a browser shows them as pictures, and model servers accept them. */
const PICTURE = /^data:image\/(?:png|jpeg|webp|gif);base64,/;
const pictureSchema = z
  .string()
  .max(Math.ceil((ASK_LIMITS.pictureBytes * 4) / 3) + 64)
  .regex(PICTURE, { error: 'not a picture' });

export const askMessageSchema = z.strictObject({
  role: z.enum(['system', 'user', 'assistant']),
  text: z.string().max(ASK_LIMITS.chatCharacters),
  /** Data URLs. */
  pictures: z.array(pictureSchema).max(ASK_LIMITS.picturesPerMessage).default([]),
});

/** The number of characters of texts and pictures, which `chatCharacters` limits. */
export const charactersOf = (messages: readonly z.input<typeof askMessageSchema>[]): number =>
  messages.reduce((sum, { text, pictures = [] }) => sum + text.length + pictures.reduce((all, { length }) => all + length, 0), 0);

/** A key of a program, as a header can carry it. */
export const programKeySchema = z.string().regex(/^[\x21-\x7e]{1,256}$/);

const common = {
  model: modelIdSchema,
  /** The language of error messages. */
  language: z.enum(['en', 'zh']).default('en'),
  /** The key of a program that is tested. Absent: the access of the caller. */
  key: programKeySchema.optional(),
};

const chatSchema = z.strictObject({
  task: z.literal('chat'),
  ...common,
  messages: z
    .array(askMessageSchema)
    .min(1)
    .max(ASK_LIMITS.messages)
    .refine((messages) => charactersOf(messages) <= ASK_LIMITS.chatCharacters, {
      error: `more than ${String(ASK_LIMITS.chatCharacters)} characters in all messages and pictures`,
    }),
  temperature: z.number().min(0).max(2).optional(),
  max_tokens: z.number().int().min(1).max(ASK_LIMITS.maxTokens).optional(),
  /** Only this node. Absent: any. */
  node_id: nodeIdSchema.optional(),
  /** The same text in all requests of one chat, for the prompt cache. */
  session: z
    .string()
    .regex(/^[\w-]{1,64}$/)
    .optional(),
});

const transcriptionSchema = z.strictObject({
  task: z.literal('transcribe'),
  ...common,
  sound: z.strictObject({
    name: z.string().min(1).max(256),
    content_type: z.string().max(128),
    bytes: z
      .instanceof(Uint8Array)
      .refine(({ length }) => length > 0 && length <= ASK_LIMITS.soundBytes, { error: `not 1 to ${String(ASK_LIMITS.soundBytes)} bytes` }),
  }),
});

const speechSchema = z.strictObject({
  task: z.literal('speak'),
  ...common,
  text: z.string().min(1).max(ASK_LIMITS.speechCharacters),
  /** Absent: the model decides. */
  voice: z.string().min(1).max(64).optional(),
});

export const askParamsSchema = z.discriminatedUnion('task', [chatSchema, transcriptionSchema, speechSchema]);

export const MAX_WAITING_NODES = 3;

/** Why the job waits, in counts. */
export const askWaitingSchema = z.object({
  since: z.number(),
  ahead: tokens,
  blocked_by: z.enum(['storage_full']).nullable(),
  reasons: recordOf(z.string(), reasonCountSchema, MAX_DETAILS),
  nodes_total: tokens,
  /** Some of the nodes, with the numbers of what they lack. */
  nodes: z.array(explainedNodeSchema).max(MAX_WAITING_NODES),
  held: heldJobSchema.nullable(),
  /** The sleeping node that is woken for the job. Absent: none is. */
  wake: jobWakeSchema.optional(),
});

/** The job of the request, without its task and result. */
export const askJobSchema = z.object({
  job_id: z.string(),
  status: z.enum(JOB_STATUSES),
  attempt: z.number().int().min(0),
  node_id: z.string().nullable(),
  /** From the arrival of the request to the assignment of this attempt. Null: no node has the job. */
  queued_ms: ms.nullable(),
  /** Null unless queued. */
  waiting: askWaitingSchema.nullable(),
  /** Why the node was chosen. Null: nothing is known of it. */
  prediction: predictionSchema.nullable(),
  /** As the node measured them. Null: the job has not ended, or its node reported none. */
  timings: jobTimingsSchema.nullable(),
});

export const askEventSchema = z.discriminatedUnion('type', [
  /** While no answer has begun, about every second; when the answer begins; at the end. */
  z.object({ type: z.literal('job'), job: askJobSchema }),
  /** The headers of the answer. */
  z.object({
    type: z.literal('begin'),
    job_id: z.string().nullable(),
    node_id: z.string().nullable(),
    node_name: z.string().nullable(),
    route: z.enum(ROUTES).nullable(),
    predicted_ms: ms.nullable(),
  }),
  /** `pieces`: of the stream. A model server sends about one token in each. */
  z.object({ type: z.literal('text'), text: z.string(), pieces: tokens }),
  /** The thoughts of a reasoning model, which are not a part of the answer. */
  z.object({ type: z.literal('reasoning'), text: z.string(), pieces: tokens }),
  z.object({
    type: z.literal('usage'),
    prompt_tokens: tokens.nullable(),
    /** Null: the model server does not report it. */
    cached_tokens: tokens.nullable(),
    completion_tokens: tokens.nullable(),
  }),
  z.object({ type: z.literal('audio'), content_type: z.string(), bytes: z.instanceof(Uint8Array) }),
  /** The last event. `finish_reason`: for example `stop` or `length`. */
  z.object({ type: z.literal('end'), finish_reason: z.string().nullable() }),
  /** The last event. The code is one of the OpenAI API of the pool (docs/openai.md), or of AppApi. */
  z.object({ type: z.literal('failed'), error: appErrorSchema }),
]);
const MAX_EVENTS_PER_MESSAGE = 10_000;
export const askEventsSchema = z.array(askEventSchema).max(MAX_EVENTS_PER_MESSAGE);

export type AskParamsInput = z.input<typeof askParamsSchema>;
export type AskParams = z.output<typeof askParamsSchema>;
export type AskMessage = z.output<typeof askMessageSchema>;
export type AskJob = z.infer<typeof askJobSchema>;
export type AskWaiting = z.infer<typeof askWaitingSchema>;
export type AskEvent = z.infer<typeof askEventSchema>;
export type AskEnd = Extract<AskEvent, { readonly type: 'end' | 'failed' }>;

export interface AskListener {
  /** In order. The next events are read from the network when the promise has resolved: a slow listener slows the answer. */
  onEvents(events: readonly AskEvent[]): void | Promise<void>;
}
