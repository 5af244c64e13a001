// The Responses API by a chat completion.
import { fail, ok, type Result } from '../../../../../../shared/result';
import type { AnswerFacts, AnswerTranslation, Translated, Untranslatable } from '../client-api';
import { chatCompletionSchema } from './chat-chunk';
import { type AnsweredFields, type ResponsesBody, translateRequest } from './request';
import { ResponsesStream } from './stream';
import type { Json } from './tools';

/** `context`: the conversation before the input (`previous_response_id`). */
export function translateResponses(body: ResponsesBody, context: readonly Json[]): Result<Translated, Untranslatable> {
  const request = translateRequest(body, context);
  if (!request.ok) return fail(request.error);
  const { chat, ...fields } = request.value;
  return ok({ ...responsesTranslation(body, fields), chat });
}

/** How the answer of the completion is translated back. */
export function responsesTranslation(body: ResponsesBody, fields: AnsweredFields): AnswerTranslation & Pick<Translated, 'stream'> {
  const stream = (facts: AnswerFacts) => new ResponsesStream({ body, ...fields, facts });
  const data = { name: 'responses', body: { ...body, input: '' } } as const;
  return { data, stream, answer: (completion, facts) => wholeAnswer(completion, stream(facts)) };
}

function wholeAnswer(completion: unknown, stream: ResponsesStream): Json | null {
  const read = chatCompletionSchema.safeParse(completion);
  if (!read.success) return null;
  const { choices, usage } = read.data;
  const [filled] = stream.take({ usage, choices: choices.map(({ message, ...choice }) => ({ ...choice, delta: message })) });
  return filled.isBroken ? null : responseIn(filled.end().at(-1)?.data);
}

/** The response of the last event of a stream, and of those before the first item. */
export function responseIn(data: unknown): Json | null {
  const response = typeof data === 'object' && data !== null && 'response' in data ? data.response : null;
  return typeof response === 'object' && response !== null ? (response as Json) : null;
}
