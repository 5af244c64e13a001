// The answers of every OpenAI-compatible server to tasks, in the shapes of OpenAI's API.
import type { ServerResponse } from 'node:http';
import { type Handler, StandIn } from './stand-in';

export const CHAT_TOKENS = ['The', ' node', ' is', ' ready', '.'];

const HEAD = { id: 'chatcmpl-1', created: 1_700_000_000, model: 'm' };

export const chatChunks = [
  { ...HEAD, object: 'chat.completion.chunk', choices: [{ index: 0, delta: { role: 'assistant', content: '' }, finish_reason: null }] },
  ...CHAT_TOKENS.map((content) => ({
    ...HEAD,
    object: 'chat.completion.chunk',
    choices: [{ index: 0, delta: { content }, finish_reason: null }],
  })),
  { ...HEAD, object: 'chat.completion.chunk', choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] },
];

export const chatAnswer = {
  ...HEAD,
  object: 'chat.completion',
  choices: [{ index: 0, message: { role: 'assistant', content: CHAT_TOKENS.join('') }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 3, completion_tokens: 5, total_tokens: 8 },
};

const completionOf = (text: string, finish: 'stop' | null) => ({
  ...HEAD,
  object: 'text_completion',
  choices: [{ index: 0, text, finish_reason: finish, logprobs: null }],
});

export const completionAnswer = completionOf(CHAT_TOKENS.join(''), 'stop');

export const rerankAnswer = {
  model: 'm',
  results: [
    { index: 1, relevance_score: 0.9 },
    { index: 0, relevance_score: 0.1 },
  ],
};

export const embeddingAnswer = {
  object: 'list',
  model: 'm',
  data: [{ object: 'embedding', index: 0, embedding: [0.25, -0.5] }],
  usage: { prompt_tokens: 1, total_tokens: 1 },
};

const EVENT_STREAM = 'text/event-stream; charset=utf-8';

export function startStream(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': EVENT_STREAM, 'cache-control': 'no-cache' });
}

export const sse = (value: unknown): string => `data: ${JSON.stringify(value)}\n\n`;

/** Streams on request, else answers whole. */
export const chat: Handler = ({ body }) => {
  const request = JSON.parse(body.toString('utf8')) as { stream?: boolean };
  if (request.stream !== true) return { body: chatAnswer };
  return { type: EVENT_STREAM, body: `: keep-alive\n\n${chatChunks.map(sse).join('')}data: [DONE]\n\n` };
};

/** A server with this chat and nothing else. */
export const openChatServer = (handler: Handler): Promise<StandIn> => StandIn.open({ routes: { 'POST /v1/chat/completions': handler } });

/** The same, as plain text. */
const completion: Handler = ({ body }, response) => {
  const request = JSON.parse(body.toString('utf8')) as { stream?: boolean };
  if (request.stream !== true) return { body: completionAnswer };
  startStream(response);
  response.end(`${CHAT_TOKENS.map((text) => sse(completionOf(text, null))).join('')}data: [DONE]\n\n`);
  return undefined;
};

/** Streams its tokens this many ms apart, and counts them on request. */
export const pacedChat =
  (paceMs: number): Handler =>
  ({ body }, response) => {
    const request = JSON.parse(body.toString('utf8')) as { stream_options?: { include_usage?: boolean } };
    const counted = request.stream_options?.include_usage === true ? [{ ...HEAD, choices: [], usage: chatAnswer.usage }] : [];
    const events = [...chatChunks, ...counted].map(sse);
    startStream(response);
    const next = (): void => {
      const event = events.shift();
      if (response.destroyed) return;
      if (event === undefined) response.end('data: [DONE]\n\n');
      else response.write(event, () => setTimeout(next, paceMs));
    };
    next();
    return undefined;
  };

/** Streams all at once, and reports its speed in the last event, as llama.cpp does. */
export const timedChat =
  (perSecond: number): Handler =>
  (_asked, response) => {
    const timings = { prompt_n: 9, prompt_per_second: 900, predicted_n: 32, predicted_per_second: perSecond };
    const events = chatChunks.map((chunk, i) => sse(i === chatChunks.length - 1 ? { ...chunk, timings } : chunk));
    startStream(response);
    response.end(`${events.join('')}data: [DONE]\n\n`);
    return undefined;
  };

export const workRoutes: Readonly<Record<string, Handler>> = {
  'POST /v1/chat/completions': chat,
  'POST /v1/completions': completion,
  'POST /v1/rerank': () => ({ body: rerankAnswer }),
  'POST /v1/embeddings': () => ({ body: embeddingAnswer }),
};
