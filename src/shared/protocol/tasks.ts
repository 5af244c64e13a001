// What a job asks a node to do, and what comes back (api §2, protocol §2-3).
import { z } from 'zod';
import { modelIdSchema } from './node-messages';
import { OPENAI_PATHS, type TaskKind } from './task-kinds';

/** A file inside a JSON body: what a multipart form's file part becomes on its way to a node. */
export const inlineFileSchema = z.object({
  filename: z.string().max(256),
  content_type: z.string().max(128),
  base64: z.base64(),
});

export const openAiTaskSchema = z.object({
  kind: z.literal('openai'),
  path: z.enum(OPENAI_PATHS),
  /** The request's body as the runtime gets it; of a transcription, `file` is an inline file. */
  body: z.looseObject({ model: modelIdSchema }),
});

/** Bytes with their type: text as it is, anything else in base64. */
export const contentSchema = z.union([
  z.object({ content_type: z.string().max(128), text: z.string() }),
  z.object({ content_type: z.string().max(128), base64: z.base64() }),
]);

export const commandTaskSchema = z.object({
  kind: z.literal('command'),
  model_id: modelIdSchema,
  /** A plain string is text/plain. */
  input: z.union([z.string(), contentSchema]),
  params: z.record(z.string().max(64), z.union([z.string().max(4096), z.number(), z.boolean()])).optional(),
});

export const taskSchema = z.discriminatedUnion('kind', [openAiTaskSchema, commandTaskSchema]);

/** What a node gives back: an HTTP-like answer of an OpenAI task, or the content that a command wrote. */
export const openAiOutputSchema = z.union([
  z.object({
    status: z.number().int(),
    body: z.unknown(),
    /** Of a stream: how many chunks it was. Its words are in them, so without all of them it is not complete. */
    chunks: z.number().int().min(0).optional(),
    /** The data of all its chunks, where the job wanted them kept (`keep_stream`): then it is complete by itself. */
    events: z.array(z.unknown()).optional(),
  }),
  z.object({ status: z.number().int(), content_type: z.string(), base64: z.string() }),
]);

export type Task = z.infer<typeof taskSchema>;
export type OpenAiTask = z.infer<typeof openAiTaskSchema>;
export type CommandTask = z.infer<typeof commandTaskSchema>;
export type Content = z.infer<typeof contentSchema>;
export type OpenAiOutput = z.infer<typeof openAiOutputSchema>;

/** The model that a task runs on. */
export const modelOfTask = (task: Task): string => (task.kind === 'openai' ? task.body.model : task.model_id);

export const taskKindOf = (task: Task): TaskKind => (task.kind === 'openai' ? task.path : 'command');

/** Whether events are wanted. Of speech `stream` is about the sound, which some runtimes send as they make it. */
export function isStreamed({ path, body }: Pick<OpenAiTask, 'path' | 'body'>): boolean {
  switch (path) {
    case '/v1/chat/completions':
    case '/v1/completions':
    case '/v1/audio/transcriptions':
      return body['stream'] === true;
    case '/v1/audio/speech':
      return body['stream_format'] === 'sse';
    case '/v1/embeddings':
    case '/v1/rerank':
      return false;
  }
}
