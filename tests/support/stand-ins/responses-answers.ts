// The answers of model servers that have the Responses API themselves.
import { CHAT_TOKENS } from './openai-answers';
import type { Handler } from './stand-in';

const TEXT = CHAT_TOKENS.join('');
const RESPONSE = { id: 'resp_server', object: 'response', created_at: 1_700_000_000, model: 'm', store: false, previous_response_id: null };
const USAGE = {
  input_tokens: 3,
  input_tokens_details: { cached_tokens: 0 },
  output_tokens: 5,
  output_tokens_details: { reasoning_tokens: 0 },
  total_tokens: 8,
};
const ITEM = { id: 'msg_server', type: 'message', role: 'assistant' };
const part = (text: string) => ({ type: 'output_text', text, annotations: [], logprobs: [] });
const whole = { ...ITEM, status: 'completed', content: [part(TEXT)] };

export const responseAnswer = { ...RESPONSE, status: 'completed', output: [whole], usage: USAGE };

const PLACE = { item_id: ITEM.id, output_index: 0, content_index: 0 };

export const responseEvents = [
  { type: 'response.created', response: { ...RESPONSE, status: 'in_progress', output: [] } },
  { type: 'response.in_progress', response: { ...RESPONSE, status: 'in_progress', output: [] } },
  { type: 'response.output_item.added', output_index: 0, item: { ...ITEM, status: 'in_progress', content: [] } },
  { type: 'response.content_part.added', ...PLACE, part: part('') },
  ...CHAT_TOKENS.map((delta) => ({ type: 'response.output_text.delta', ...PLACE, delta, logprobs: [] })),
  { type: 'response.output_text.done', ...PLACE, text: TEXT, logprobs: [] },
  { type: 'response.content_part.done', ...PLACE, part: part(TEXT) },
  { type: 'response.output_item.done', output_index: 0, item: whole },
  { type: 'response.completed', response: responseAnswer },
].map((event, sequence) => ({ ...event, sequence_number: sequence }));

export const responseStream = (events: readonly { readonly type: string }[]): string =>
  events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join('');

/** Streams on request, else answers whole. */
const responses: Handler = ({ body }) => {
  const request = JSON.parse(body.toString('utf8')) as { stream?: boolean };
  if (request.stream !== true) return { body: responseAnswer };
  return { type: 'text/event-stream; charset=utf-8', body: responseStream(responseEvents) };
};

export const responsesRoutes: Readonly<Record<string, Handler>> = { 'POST /v1/responses': responses };
