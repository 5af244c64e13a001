// Each official client library against each stand-in of a model server, native and translated: what it gets, and its own class of error for
// each status. The other tests of client APIs show the details.
import Anthropic from '@anthropic-ai/sdk';
import { Ollama } from 'ollama';
import OpenAI from 'openai';
import { describe, expect, test } from 'vitest';
import { AUDIO_CALLS, CALLS, CHAT_PATH, type Call, type Clients, type Status } from '../support/client-calls';
import { sendRequest } from '../support/http-api';
import { useServedPool } from '../support/stand-in-pool';
import { openLlamaCpp } from '../support/stand-ins/llama-cpp';
import { openLmStudio } from '../support/stand-ins/lm-studio';
import { openLocalAi } from '../support/stand-ins/localai';
import { openOllama } from '../support/stand-ins/ollama';
import type { StandIn } from '../support/stand-ins/stand-in';
import { openVllm } from '../support/stand-ins/vllm';
import { openWhisperCpp } from '../support/stand-ins/whisper-cpp';
import { until } from '../support/until';
import { WAIT_LIMIT_MS } from '../support/within';

const pool = useServedPool();

function clientsWith(apiKey: string): Clients {
  const { url } = pool.scheduler;
  const options = { apiKey, maxRetries: 0, timeout: WAIT_LIMIT_MS };
  return {
    openai: new OpenAI({ baseURL: `${url}/v1`, ...options }),
    anthropic: new Anthropic({ baseURL: url, ...options }),
    ollama: new Ollama({ host: url, headers: { authorization: `Bearer ${apiKey}` } }),
  };
}

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
  return path === '/v1/messages/count_tokens' ? null : CHAT_PATH;
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
    server.faults = { [CHAT_PATH]: { status: 500, body: { error: { message: 'broken' } } } };
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

test.each<readonly [string, string, () => Promise<StandIn>, string]>([
  ['whisper.cpp', 'whisper.cpp', () => openWhisperCpp(), '/inference'],
  ['LocalAI', 'gpt-4', () => openLocalAi(), '/v1/audio/speech'],
])('%s, audio -> the answer; 400, 401, 403, 404 and 429 -> errors of the library', async (_name, model, open, path) => {
  const server = await pool.serve(open());
  const calls = AUDIO_CALLS.filter((call) => call.path === path);
  for (const { name, run, expected } of calls) expect([name, await run(clientsWith('any'), model)]).toEqual([name, expected]);
  await expectErrors(calls, model);
  server.faults = { [path]: TOO_LONG };
  expect(await withoutError(400, calls, clientsWith('any'), model)).toEqual([]);
});

test('whisper.cpp: what is no audio -> 400 in each library', async () => {
  await pool.serve(openWhisperCpp());
  expect(await withoutError(400, CALLS, clientsWith('any'), 'whisper.cpp')).toEqual([]);
});
