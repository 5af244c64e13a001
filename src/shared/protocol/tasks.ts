// The task of a job and its output (api §2, protocol §2-3).
import { z } from 'zod';
import { recordOf } from './bounded';
import { modelIdSchema } from './node-messages';
import { SERVER_PATHS, type TaskKind } from './task-kinds';

const MAX_PARAMS = 64;
/** Above the number of events that a frame can hold. */
export const MAX_EVENTS = 1_000_000;

/** A file inside a JSON body: the form in which the file part of a multipart form is sent to a node. */
export const inlineFileSchema = z.object({
  filename: z.string().max(256),
  content_type: z.string().max(128),
  base64: z.base64(),
});

/** Headers of a client that reach the model server. All others end at the scheduler. */
export const forwardedHeadersSchema = z.object({
  /** A date, such as `2023-06-01`. */
  'anthropic-version': z
    .string()
    .regex(/^[\w.-]{1,64}$/)
    .optional(),
  /** Names with commas between them. */
  'anthropic-beta': z
    .string()
    .regex(/^[\w.,: -]{1,1024}$/)
    .optional(),
  /** W3C Trace Context. */
  traceparent: z
    .string()
    .regex(/^[\da-f]{2}-[\da-f]{32}-[\da-f]{16}-[\da-f]{2}$/)
    .optional(),
});
export type ForwardedHeaders = z.infer<typeof forwardedHeadersSchema>;

export const openAiTaskSchema = z.object({
  kind: z.literal('openai'),
  path: z.enum(SERVER_PATHS),
  /** The body of the request to the runtime. In a transcription or translation of sound, `file` is an inline file. */
  body: z.looseObject({ model: modelIdSchema }),
  /** Headers of the client for the model server, by lower-case name. Absent: none. */
  headers: forwardedHeadersSchema.optional(),
});

/** Content with its type: text, or binary content in base64. */
export const contentSchema = z.union([
  z.object({ content_type: z.string().max(128), text: z.string() }),
  z.object({ content_type: z.string().max(128), base64: z.base64() }),
]);

export const commandTaskSchema = z.object({
  kind: z.literal('command'),
  model_id: modelIdSchema,
  /** A string is text/plain. */
  input: z.union([z.string(), contentSchema]),
  params: recordOf(z.string().max(64), z.union([z.string().max(4096), z.number(), z.boolean()]), MAX_PARAMS).optional(),
});

export const taskSchema = z.discriminatedUnion('kind', [openAiTaskSchema, commandTaskSchema]);

/** The output of an OpenAI task: an HTTP answer with a JSON body, or one with binary content. */
export const openAiOutputSchema = z.union([
  z.object({
    status: z.number().int(),
    body: z.unknown(),
    /** The number of chunks of a stream. The text is in the chunks, so the output is complete only with all of them. */
    chunks: z.number().int().min(0).optional(),
    /** The data of all chunks, if the job requested them (`keep_stream`): the output is then complete by itself. */
    events: z.array(z.unknown()).max(MAX_EVENTS).optional(),
  }),
  z.object({ status: z.number().int(), content_type: z.string(), base64: z.string() }),
]);

export type Task = z.infer<typeof taskSchema>;
export type OpenAiTask = z.infer<typeof openAiTaskSchema>;
export type CommandTask = z.infer<typeof commandTaskSchema>;
export type Content = z.infer<typeof contentSchema>;
export type OpenAiOutput = z.infer<typeof openAiOutputSchema>;

/** The model of a task. */
export const modelOfTask = (task: Task): string => (task.kind === 'openai' ? task.body.model : task.model_id);

export const taskKindOf = (task: Task): TaskKind => (task.kind === 'openai' ? task.path : 'command');

/** Whether the client requests a stream of events. For speech the field is `stream_format`, because `stream` there requests audio bytes. */
export function isStreamed({ path, body }: Pick<OpenAiTask, 'path' | 'body'>): boolean {
  switch (path) {
    case '/v1/chat/completions':
    case '/v1/completions':
    case '/v1/audio/transcriptions':
    case '/v1/messages':
    case '/v1/responses':
      return body['stream'] === true;
    case '/v1/audio/speech':
      return body['stream_format'] === 'sse';
    case '/v1/embeddings':
    case '/v1/audio/translations':
    case '/v1/rerank':
    case '/v1/images/generations':
    case '/v1/moderations':
    case '/v1/messages/count_tokens':
      return false;
  }
}
