// What a test asks of the official client libraries: each call with the answer of the stand-in servers, and the error class of each status.
import type Anthropic from '@anthropic-ai/sdk';
import * as anthropicErrors from '@anthropic-ai/sdk';
import type { Ollama } from 'ollama';
import type OpenAI from 'openai';
import * as openAiErrors from 'openai';
import { CHAT_TOKENS } from './stand-ins/openai-answers';

const TEXT = CHAT_TOKENS.join('');
export const CHAT_PATH = '/v1/chat/completions';

export interface Clients {
  readonly openai: OpenAI;
  readonly anthropic: Anthropic;
  readonly ollama: Ollama;
}

const messages = [{ role: 'user' as const, content: 'hello' }];
const ANTHROPIC = { max_tokens: 64, messages, tools: [{ name: 'weather', input_schema: { type: 'object' as const } }] };
const textOf = ({ content }: Anthropic.Message): string => content.map((block) => (block.type === 'text' ? block.text : '')).join('');

async function joined<Part>(stream: Promise<AsyncIterable<Part>>, wordOf: (part: Part) => string | null | undefined): Promise<string> {
  let text = '';
  for await (const part of await stream) text += wordOf(part) ?? '';
  return text;
}

export type Status = 400 | 401 | 403 | 404 | 429 | 502;
const classesOf = (errors: typeof openAiErrors | typeof anthropicErrors) => ({
  400: errors.BadRequestError,
  401: errors.AuthenticationError,
  403: errors.PermissionDeniedError,
  404: errors.NotFoundError,
  429: errors.RateLimitError,
  502: errors.InternalServerError,
});

/** The errors of a client library. */
interface Errors {
  readonly is: (error: unknown, status: Status) => boolean;
}
const errorsOf = (library: typeof openAiErrors | typeof anthropicErrors): Errors => ({
  is: (error, status) => error instanceof classesOf(library)[status] && error.status === status,
});
const OF_OPENAI = errorsOf(openAiErrors);
const OF_ANTHROPIC = errorsOf(anthropicErrors);
/** The library does not export its class. */
const OF_OLLAMA: Errors = {
  is: (error, status) => error instanceof Error && error.name === 'ResponseError' && 'status_code' in error && error.status_code === status,
};

export interface Call {
  readonly name: string;
  /** What the client gets, as a text. */
  readonly run: (clients: Clients, model: string) => Promise<string>;
  readonly expected: string;
  readonly errors: Errors;
  /** The path of the server. */
  readonly path: string;
}

export const CALLS: readonly Call[] = [
  {
    name: 'openai: chat',
    run: async ({ openai }, model) => (await openai.chat.completions.create({ model, messages })).choices[0]?.message.content ?? '',
    expected: TEXT,
    errors: OF_OPENAI,
    path: CHAT_PATH,
  },
  {
    name: 'openai: chat, streamed',
    run: ({ openai }, model) =>
      joined(openai.chat.completions.create({ model, messages, stream: true }), ({ choices }) => choices[0]?.delta.content),
    expected: TEXT,
    errors: OF_OPENAI,
    path: CHAT_PATH,
  },
  {
    name: 'openai: responses',
    run: async ({ openai }, model) => (await openai.responses.create({ model, input: 'hello' })).output_text,
    expected: TEXT,
    errors: OF_OPENAI,
    path: '/v1/responses',
  },
  {
    name: 'openai: responses, streamed',
    run: async ({ openai }, model) => (await openai.responses.stream({ model, input: 'hello' }).finalResponse()).output_text,
    expected: TEXT,
    errors: OF_OPENAI,
    path: '/v1/responses',
  },
  {
    name: 'openai: embeddings',
    run: async ({ openai }, model) =>
      (await openai.embeddings.create({ model, input: 'hello', encoding_format: 'float' })).data[0]?.embedding.join() ?? '',
    expected: '0.25,-0.5',
    errors: OF_OPENAI,
    path: '/v1/embeddings',
  },
  {
    name: 'anthropic: messages with a tool',
    run: async ({ anthropic }, model) => textOf(await anthropic.messages.create({ model, ...ANTHROPIC })),
    expected: TEXT,
    errors: OF_ANTHROPIC,
    path: '/v1/messages',
  },
  {
    name: 'anthropic: messages, streamed',
    run: async ({ anthropic }, model) => textOf(await anthropic.messages.stream({ model, ...ANTHROPIC }).finalMessage()),
    expected: TEXT,
    errors: OF_ANTHROPIC,
    path: '/v1/messages',
  },
  {
    name: 'anthropic: count_tokens',
    run: async ({ anthropic }, model) => typeof (await anthropic.messages.countTokens({ model, messages })).input_tokens,
    expected: 'number',
    errors: OF_ANTHROPIC,
    path: '/v1/messages/count_tokens',
  },
  {
    name: 'ollama: chat',
    run: async ({ ollama }, model) => (await ollama.chat({ model, messages })).message.content,
    expected: TEXT,
    errors: OF_OLLAMA,
    path: '/api/chat',
  },
  {
    name: 'ollama: chat, streamed',
    run: ({ ollama }, model) => joined(ollama.chat({ model, messages, stream: true }), ({ message }) => message.content),
    expected: TEXT,
    errors: OF_OLLAMA,
    path: '/api/chat',
  },
  {
    name: 'ollama: generate',
    run: async ({ ollama }, model) => (await ollama.generate({ model, prompt: 'hello' })).response ?? '',
    expected: TEXT,
    errors: OF_OLLAMA,
    path: '/api/generate',
  },
  {
    name: 'ollama: embed',
    run: async ({ ollama }, model) => (await ollama.embed({ model, input: 'hello' })).embeddings[0]?.join() ?? '',
    expected: '0.25,-0.5',
    errors: OF_OLLAMA,
    path: '/api/embed',
  },
];

const file = new File([new Uint8Array(64)], 'a.wav');
export const AUDIO_CALLS: readonly Call[] = [
  {
    name: 'openai: transcription',
    run: async ({ openai }, model) => (await openai.audio.transcriptions.create({ model, file })).text.trim(),
    expected: 'The node is ready.',
    errors: OF_OPENAI,
    path: '/inference',
  },
  {
    name: 'openai: speech',
    run: async ({ openai }, model) => (await openai.audio.speech.create({ model, voice: 'alloy', input: 'hello' })).text(),
    expected: 'RIFF....WAVE',
    errors: OF_OPENAI,
    path: '/v1/audio/speech',
  },
];
