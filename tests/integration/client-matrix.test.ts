// Each official client library against each stand-in of a model server, native and translated: what it gets, and its own class of error for
// each status. The other tests of client APIs show the details.
import Anthropic, * as anthropicErrors from '@anthropic-ai/sdk';
import { Ollama } from 'ollama';
import OpenAI, * as openAiErrors from 'openai';
import { describe, expect, test } from 'vitest';
import { sendRequest } from '../support/http-api';
import { useServedPool } from '../support/stand-in-pool';
import { openLlamaCpp } from '../support/stand-ins/llama-cpp';
import { openLmStudio } from '../support/stand-ins/lm-studio';
import { openLocalAi } from '../support/stand-ins/localai';
import { openOllama } from '../support/stand-ins/ollama';
import { CHAT_TOKENS } from '../support/stand-ins/openai-answers';
import type { StandIn } from '../support/stand-ins/stand-in';
import { openVllm } from '../support/stand-ins/vllm';
import { openWhisperCpp } from '../support/stand-ins/whisper-cpp';
import { until } from '../support/until';
import { WAIT_LIMIT_MS } from '../support/within';

const TEXT = CHAT_TOKENS.join('');
const CHAT = '/v1/chat/completions';
const pool = useServedPool();

interface Clients {
  readonly openai: OpenAI;
  readonly anthropic: Anthropic;
  readonly ollama: Ollama;
}

function clientsWith(apiKey: string): Clients {
  const { url } = pool.scheduler;
  const options = { apiKey, maxRetries: 0, timeout: WAIT_LIMIT_MS };
  return {
    openai: new OpenAI({ baseURL: `${url}/v1`, ...options }),
    anthropic: new Anthropic({ baseURL: url, ...options }),
    ollama: new Ollama({ host: url, headers: { authorization: `Bearer ${apiKey}` } }),
  };
}

const messages = [{ role: 'user' as const, content: 'hello' }];
const ANTHROPIC = { max_tokens: 64, messages, tools: [{ name: 'weather', input_schema: { type: 'object' as const } }] };
const textOf = ({ content }: Anthropic.Message): string => content.map((block) => (block.type === 'text' ? block.text : '')).join('');

async function joined<Part>(stream: Promise<AsyncIterable<Part>>, wordOf: (part: Part) => string | null | undefined): Promise<string> {
  let text = '';
  for await (const part of await stream) text += wordOf(part) ?? '';
  return text;
}

type Status = 400 | 401 | 403 | 404 | 429 | 502;
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

interface Call {
  readonly name: string;
  /** What the client gets, as a text. */
  readonly run: (clients: Clients, model: string) => Promise<string>;
  readonly expected: string;
  readonly errors: Errors;
  /** The path of the server. */
  readonly path: string;
}

const CALLS: readonly Call[] = [
  {
    name: 'openai: chat',
    run: async ({ openai }, model) => (await openai.chat.completions.create({ model, messages })).choices[0]?.message.content ?? '',
    expected: TEXT,
    errors: OF_OPENAI,
    path: CHAT,
  },
  {
    name: 'openai: chat, streamed',
    run: ({ openai }, model) =>
      joined(openai.chat.completions.create({ model, messages, stream: true }), ({ choices }) => choices[0]?.delta.content),
    expected: TEXT,
    errors: OF_OPENAI,
    path: CHAT,
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

const failureOf = (request: Promise<unknown>): Promise<unknown> =>
  request.then(
    () => null,
    (error: unknown) => error,
  );

async function keyWith(rights: object): Promise<string> {
  const body = { name: `program-${String(Object.keys(rights))}`, ...rights };
  return ((await sendRequest(pool.scheduler.port, { method: 'POST', path: '/api/v1/keys', body })).json() as { key: string }).key;
}

/** A key that may send no further request. */
async function limitedKey(): Promise<string> {
  const key = await keyWith({ limits: { requests_per_second: 0.001 } });
  await sendRequest(pool.scheduler.port, { path: '/v1/models', headers: { authorization: `Bearer ${key}` } });
  return key;
}

/** Calls whose client did not get its own error with the status. */
async function withoutError(status: Status, calls: readonly Call[], clients: Clients, model: string): Promise<readonly string[]> {
  const wrong: string[] = [];
  for (const { name, run, errors } of calls) {
    const error = await failureOf(run(clients, model));
    if (!errors.is(error, status)) wrong.push(`${name}: ${String(error)}`);
  }
  return wrong;
}

async function expectErrors(calls: readonly Call[], model: string): Promise<void> {
  expect(await withoutError(404, calls, clientsWith('any'), 'unknown')).toEqual([]);
  expect(await withoutError(401, calls, clientsWith('mk_wrong'), model)).toEqual([]);
  expect(await withoutError(403, calls, clientsWith(await keyWith({ models: ['other'] })), model)).toEqual([]);
  expect(await withoutError(429, calls, clientsWith(await limitedKey()), model)).toEqual([]);
}

const TOO_LONG = { status: 400, body: { error: { message: 'too long' } } };
interface Server {
  readonly model: string;
  readonly open: () => Promise<StandIn>;
  /** The paths that it has beside those of chat servers. */
  readonly native: readonly string[];
  /** The model takes chats only. */
  readonly chatsOnly?: true;
}

const LLAMA = 'gemma-3-4b-it-Q4_K_M.gguf';
const SERVERS: Readonly<Record<string, Server>> = {
  'Ollama before 0.13.3': { model: 'llama3.2:latest', open: () => openOllama(), native: [] },
  Ollama: {
    model: 'llama3.2:latest',
    open: () => openOllama({ loaded: true, version: '0.14.0' }),
    native: ['/v1/responses', '/v1/messages'],
  },
  'llama.cpp, earlier build': { model: LLAMA, open: () => openLlamaCpp(), native: [] },
  'llama.cpp': {
    model: LLAMA,
    open: () => openLlamaCpp({ build: 'b8906-1a2b3c4d' }),
    native: ['/v1/responses', '/v1/messages', '/v1/messages/count_tokens'],
  },
  'vLLM before 0.10': { model: 'qwen', open: () => openVllm({ version: '0.9.2' }), native: [] },
  'vLLM before 0.11.1': { model: 'qwen', open: () => openVllm({ version: '0.11.0' }), native: ['/v1/responses'] },
  vLLM: {
    model: 'qwen',
    open: () => openVllm({ version: '0.18.0' }),
    native: ['/v1/responses', '/v1/messages', '/v1/messages/count_tokens'],
  },
  'LM Studio': { model: 'google/gemma-3-12b', open: () => openLmStudio(), native: ['/v1/responses'], chatsOnly: true },
  LocalAI: { model: 'gpt-4', open: () => openLocalAi(), native: [] },
};

/** The path that the server gets. Null: none, since the tokens are estimated. */
function sentPath({ path }: Call, { native }: Server): string | null {
  if (native.includes(path) || path === '/v1/embeddings') return path;
  if (path === '/api/embed') return '/v1/embeddings';
  return path === '/v1/messages/count_tokens' ? null : CHAT;
}

describe.each(Object.entries(SERVERS))('%s', (_name, asked) => {
  test('each client and path -> its answer; 400, 401, 403, 404 and 429 -> its own errors', async () => {
    const server = await pool.serve(asked.open());
    const isRefused = ({ path }: Call): boolean => asked.chatsOnly === true && path.includes('embed');
    const calls = CALLS.filter((call) => !isRefused(call));
    const clients = clientsWith('any');
    for (const call of calls) {
      server.requests.length = 0;
      expect([call.name, await call.run(clients, asked.model)]).toEqual([call.name, call.expected]);
      const sent = server.requests.filter(({ method, path }) => method === 'POST' && path.startsWith('/v1/')).map(({ path }) => path);
      const path = sentPath(call, asked);
      expect([call.name, sent]).toEqual([call.name, path === null ? [] : [path]]);
    }
    expect(await withoutError(400, CALLS.filter(isRefused), clients, asked.model)).toEqual([]);
    await expectErrors(CALLS, asked.model);

    const atServer = calls.filter((call) => sentPath(call, asked) !== null);
    server.faults = Object.fromEntries(atServer.map((call) => [sentPath(call, asked), TOO_LONG]));
    expect(await withoutError(400, atServer, clients, asked.model)).toEqual([]);
  });
});

test.each(['openai: chat', 'openai: responses', 'anthropic: messages with a tool', 'ollama: chat'])(
  '%s: every attempt at the server fails -> 502, the error of the library',
  async (name) => {
    const server = await pool.serve(openVllm({ version: '0.9.2' }));
    server.faults = { [CHAT]: { status: 500, body: { error: { message: 'broken' } } } };
    const calls = CALLS.filter((call) => call.name === name);
    const found: (readonly string[])[] = [];
    void withoutError(502, calls, clientsWith('any'), 'qwen').then((wrong) => found.push(wrong));
    // The pool waits between attempts.
    await until('the failure', () => {
      pool.scheduler.clock.advance(1000);
      return found.length > 0;
    });
    expect([calls.length, found]).toEqual([1, [[]]]);
  },
);

const file = new File([new Uint8Array(64)], 'a.wav');
const AUDIO: readonly Call[] = [
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

test.each<readonly [string, string, () => Promise<StandIn>, string]>([
  ['whisper.cpp', 'whisper.cpp', () => openWhisperCpp(), '/inference'],
  ['LocalAI', 'gpt-4', () => openLocalAi(), '/v1/audio/speech'],
])('%s, audio -> the answer; 400, 401, 403, 404 and 429 -> errors of the library', async (_name, model, open, path) => {
  const server = await pool.serve(open());
  const calls = AUDIO.filter((call) => call.path === path);
  for (const { name, run, expected } of calls) expect([name, await run(clientsWith('any'), model)]).toEqual([name, expected]);
  await expectErrors(calls, model);
  server.faults = { [path]: TOO_LONG };
  expect(await withoutError(400, calls, clientsWith('any'), model)).toEqual([]);
});

test('whisper.cpp: what is no audio -> 400 in each library', async () => {
  await pool.serve(openWhisperCpp());
  expect(await withoutError(400, CALLS, clientsWith('any'), 'whisper.cpp')).toEqual([]);
});
