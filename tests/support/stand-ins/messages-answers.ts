// The answers of model servers that have the Messages API themselves.
import { CHAT_TOKENS } from './openai-answers';
import type { Handler } from './stand-in';

const MESSAGE = { id: 'msg_native', type: 'message', role: 'assistant', model: 'm', stop_reason: null, stop_sequence: null };
const SIGNED = 'signed-by-the-server';
const TEXT = CHAT_TOKENS.join('');

export const messageAnswer = {
  ...MESSAGE,
  stop_reason: 'end_turn',
  content: [
    { type: 'thinking', thinking: 'hm', signature: SIGNED },
    { type: 'text', text: TEXT },
  ],
  usage: { input_tokens: 3, output_tokens: 5 },
};

export const messageEvents = [
  { type: 'message_start', message: { ...MESSAGE, content: [], usage: { input_tokens: 3, output_tokens: 0 } } },
  { type: 'content_block_start', index: 0, content_block: { type: 'thinking', thinking: '', signature: '' } },
  { type: 'ping' },
  { type: 'content_block_delta', index: 0, delta: { type: 'thinking_delta', thinking: 'hm' } },
  { type: 'content_block_delta', index: 0, delta: { type: 'signature_delta', signature: SIGNED } },
  { type: 'content_block_stop', index: 0 },
  { type: 'content_block_start', index: 1, content_block: { type: 'text', text: '' } },
  ...CHAT_TOKENS.map((text) => ({ type: 'content_block_delta', index: 1, delta: { type: 'text_delta', text } })),
  { type: 'content_block_stop', index: 1 },
  { type: 'message_delta', delta: { stop_reason: 'end_turn', stop_sequence: null }, usage: { output_tokens: 5 } },
  { type: 'message_stop' },
];

export const messageStream = (events: readonly { readonly type: string }[]): string =>
  events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join('');

/** Streams on request, else answers whole. */
export const messages: Handler = ({ body }) => {
  const request = JSON.parse(body.toString('utf8')) as { stream?: boolean };
  if (request.stream !== true) return { body: messageAnswer };
  return { type: 'text/event-stream; charset=utf-8', body: messageStream(messageEvents) };
};

export const messagesRoutes: Readonly<Record<string, Handler>> = {
  'POST /v1/messages': messages,
  'POST /v1/messages/count_tokens': () => ({ body: { input_tokens: 11 } }),
};
