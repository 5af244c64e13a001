// Whether the output of an attempt is a whole answer to its task (ADR 0018). Only such an answer counts as a success: a node that answers
// with anything else at once must not get all jobs. The check is tolerant: it requires what every client of a path reads, and ignores
// all other fields. Servers leave out and add fields. The submitter of a stored job reads the output itself and may know other forms: such a
// job requires only that there is an output, and that its status is one that an honest agent sends. An output of another form then shows
// nothing about the node.
import { z } from 'zod';
import { openAiOutputSchema, type OpenAiOutput } from '../../../../shared/protocol/tasks';
import { type ServerPath, takesForm } from '../../../../shared/protocol/task-kinds';
import { answerKindOf } from '../../../../shared/protocol/runtime-answers';
import type { JobFacts } from './job-record';
import { hasContent, NO_CHUNKS, type SeenChunks } from './stream-check';

/** The part of the answer that is missing or has another type; null: the answer is whole. */
type Fault = string | null;

/** A refusal of the request is an answer as well: the client gets it. */
export function answerFault({ task, streams, interactive }: JobFacts, output: unknown, seen: SeenChunks): Fault {
  if (task.kind === 'command') return contentFault(output);
  const path = task.path as ServerPath | null;
  if (path === null) return null;
  if (!interactive) return storedFault(output, streams && (seen.count ?? 0) > 0);
  const read = openAiOutputSchema.safeParse(output).data;
  // A node may send a result without output after the chunks of a stream.
  if (read === undefined) return streams && seen.hasContent ? null : 'output';
  const kind = answerKindOf(read.status);
  if (kind === 'refusal') return null;
  if (kind === 'fault') return 'output.status';
  if (!streams) return bodyFault(path, read);
  return streamFault(path, read, seen);
}

function storedFault(output: unknown, hasChunks: boolean): Fault {
  if (output === null || output === undefined) return hasChunks ? null : 'output';
  const { data } = openAiOutputSchema.safeParse(output);
  return data !== undefined && answerKindOf(data.status) === 'fault' ? 'output.status' : null;
}

/** Whether the answer itself, without its chunks, is of a form that this check knows. An interactive job succeeds only with such a form. */
export const isKnownAnswer = (facts: JobFacts, output: unknown): boolean =>
  facts.interactive || answerFault({ ...facts, interactive: true }, output, NO_CHUNKS) === null;

/** The runtime refused the request, and its refusal is the result. */
export function isRefusal(output: unknown): boolean {
  const { data } = openAiOutputSchema.safeParse(output);
  return data !== undefined && answerKindOf(data.status) === 'refusal';
}

const MAX_REFUSAL_TEXT = 500;
const refusalBodySchema = z.object({ error: z.object({ message: z.string() }) });

/** The status of a refusal, and its message in the form of the OpenAI API, shortened; null: there is none. */
export function refusalFacts(output: unknown): { readonly status: number | null; readonly message: string | null } {
  const { data } = openAiOutputSchema.safeParse(output);
  const body = data !== undefined && 'body' in data ? refusalBodySchema.safeParse(data.body).data : undefined;
  return { status: data?.status ?? null, message: body?.error.message.slice(0, MAX_REFUSAL_TEXT) ?? null };
}

function streamFault(path: ServerPath, output: OpenAiOutput, seen: SeenChunks): Fault {
  const { chunks, events } = 'body' in output ? output : {};
  if (events !== undefined) return events.every(isObject) && events.some((event) => hasContent(path, event)) ? null : 'output.events';
  if (seen.hasContent) return isMissing(chunks, seen) ? 'output.chunks' : null;
  return bodyFault(path, output);
}

const isMissing = (chunks: number | undefined, { count }: SeenChunks): boolean =>
  chunks !== undefined && count !== null && chunks !== count;

function bodyFault(path: ServerPath, output: OpenAiOutput): Fault {
  if ('base64' in output) return bytesFault(path, output);
  const { body } = output;
  switch (path) {
    case '/v1/chat/completions':
      return isListOf(fieldOf(body, 'choices'), isChatChoice) ? null : 'output.body.choices';
    case '/v1/completions':
      return isListOf(fieldOf(body, 'choices'), isCompletion) ? null : 'output.body.choices';
    case '/v1/embeddings':
      return isListOf(fieldOf(body, 'data'), isEmbedding) ? null : 'output.body.data';
    case '/v1/rerank':
      return [body, fieldOf(body, 'results'), fieldOf(body, 'data')].some((list) => isListOf(list, isObject))
        ? null
        : 'output.body.results';
    case '/v1/audio/transcriptions':
    case '/v1/audio/translations':
      return typeof body === 'string' || typeof fieldOf(body, 'text') === 'string' ? null : 'output.body.text';
    case '/v1/audio/speech':
      return 'output.base64';
    case '/v1/images/generations':
      return isListOf(fieldOf(body, 'data'), isPicture) ? null : 'output.body.data';
    case '/v1/moderations':
      return isListOf(fieldOf(body, 'results'), (item) => typeof fieldOf(item, 'flagged') === 'boolean') ? null : 'output.body.results';
    case '/v1/messages':
      return isListWithEnd(body, 'content', 'stop_reason') ? null : 'output.body.content';
    case '/v1/messages/count_tokens':
      return typeof fieldOf(body, 'input_tokens') === 'number' ? null : 'output.body.input_tokens';
    case '/v1/responses':
      return isListWithEnd(body, 'output', 'status') ? null : 'output.body.output';
  }
}

/** Speech is bytes. A transcription can be a text, such as subtitles. */
function bytesFault(path: ServerPath, { base64 }: { readonly base64: string }): Fault {
  if (path === '/v1/audio/speech') return base64.length > 0 ? null : 'output.base64';
  return takesForm(path) ? null : 'output.body';
}

const isCompletion = (choice: unknown): boolean => typeof fieldOf(choice, 'text') === 'string' || isChatChoice(choice);

/** A message has content of some kind. An empty one is whole when the server says why it ended. */
function isChatChoice(choice: unknown): boolean {
  const message = fieldOf(choice, 'message');
  if (!isObject(message)) return false;
  if (MESSAGE_CONTENT.some((name) => isFilled(message[name]))) return true;
  return (message['content'] === '' || message['content'] === null) && typeof fieldOf(choice, 'finish_reason') === 'string';
}

const MESSAGE_CONTENT = ['content', 'tool_calls', 'function_call', 'refusal', 'reasoning_content', 'reasoning', 'audio'] as const;

/** The list has items with types. An empty one is whole when the server says how the answer ended. */
function isListWithEnd(body: unknown, list: string, end: string): boolean {
  const items = fieldOf(body, list);
  if (Array.isArray(items) && items.length === 0) return typeof fieldOf(body, end) === 'string';
  return isListOf(items, (item) => typeof fieldOf(item, 'type') === 'string');
}

/** A text or list that is not empty, or an object. */
const isFilled = (value: unknown): boolean => (typeof value === 'string' || Array.isArray(value) ? value.length > 0 : isObject(value));

const isPicture = (item: unknown): boolean =>
  ['b64_json', 'url'].some((name) => typeof fieldOf(item, name) === 'string' && fieldOf(item, name) !== '');

/** Numbers, or their bytes in base64. */
function isEmbedding(item: unknown): boolean {
  const embedding = fieldOf(item, 'embedding');
  if (typeof embedding === 'string') return embedding !== '';
  return Array.isArray(embedding) && typeof embedding[0] === 'number';
}

function contentFault(output: unknown): Fault {
  if (typeof fieldOf(output, 'content_type') !== 'string') return 'output.content_type';
  return typeof fieldOf(output, 'text') === 'string' || typeof fieldOf(output, 'base64') === 'string' ? null : 'output.text';
}

const isListOf = (value: unknown, isItem: (item: unknown) => boolean): boolean =>
  Array.isArray(value) && value.length > 0 && value.every(isItem);

const fieldOf = (value: unknown, name: string): unknown => (isObject(value) ? value[name] : undefined);

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
