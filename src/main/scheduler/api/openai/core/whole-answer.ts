// Converts whole answers to events. Some runtimes do not stream every path, and a refusal may arrive after the stream has begun. A
// client that requested a stream reads only events.
import { z } from 'zod';
import type { OpenAiOutput } from '../../../../../shared/protocol/tasks';
import { eventsOf } from '../../../../../shared/protocol/whole-answer-events';
import { type OpenAiFailure, poolFailure } from './openai-error';

/** The answer as events of this path; null: it cannot be converted. */
export function eventsOfWhole(path: string | null, output: OpenAiOutput): readonly object[] | null {
  switch (path) {
    case '/v1/chat/completions':
    case '/v1/completions':
      return eventsOf(path, bodyOf(output), false);
    case '/v1/audio/transcriptions':
      return transcriptionEvents(output);
    case '/v1/audio/speech':
      return speechEvents(output);
    case null:
    default:
      return null;
  }
}

export const bodyOf = (output: OpenAiOutput): unknown => ('body' in output ? output.body : null);

const transcriptionSchema = z.looseObject({ text: z.string() });

function transcriptionEvents(output: OpenAiOutput): readonly object[] | null {
  const isText = 'base64' in output && /^text\/plain\b/i.test(output.content_type);
  const body = isText ? { text: Buffer.from(output.base64, 'base64').toString() } : bodyOf(output);
  const { data } = transcriptionSchema.safeParse(body);
  return data === undefined ? null : [{ ...data, type: 'transcript.text.done' }];
}

function speechEvents(output: OpenAiOutput): readonly object[] | null {
  if (!('base64' in output)) return null;
  return [{ type: 'speech.audio.delta', audio: output.base64 }, { type: 'speech.audio.done' }];
}

const refusalSchema = z.object({ error: z.looseObject({ message: z.string() }) });
const MAX_TEXT_LENGTH = 1000;

export const isOpenAiError = (body: unknown): boolean => refusalSchema.safeParse(body).success;

/** The refusal of a model server as a failure, for a client that expects another form of errors than the server's. */
export function refusalFailure(output: OpenAiOutput): OpenAiFailure {
  const { status } = output;
  const refusal = refusalSchema.safeParse(bodyOf(output)).data?.error.message;
  const reason = (refusal ?? textOf(output)).slice(0, MAX_TEXT_LENGTH);
  return { ...poolFailure('bad_request', { reason, muster: { status } }), status };
}

/** The shapes in which other servers report errors. */
const textSchema = z.union([
  z.object({ error: z.string() }).transform(({ error }) => error),
  z.object({ message: z.string() }).transform(({ message }) => message),
  z.object({ detail: z.string() }).transform(({ detail }) => detail),
  z.string(),
]);

function textOf(output: OpenAiOutput): string {
  if ('base64' in output) return Buffer.from(output.base64, 'base64').toString();
  return textSchema.safeParse(output.body).data ?? JSON.stringify(output.body);
}
