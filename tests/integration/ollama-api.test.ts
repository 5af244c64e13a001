// Ollama's client library, unchanged, against a whole scheduler and agent with stand-ins of model servers, and the port for its clients.
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { type ChatResponse, Ollama } from 'ollama';
import { describe, expect, test } from 'vitest';
import { sendRequest } from '../support/http-api';
import { readyNode } from '../support/job-pool';
import { reservePort } from '../support/reserved-port';
import { EVENT_STREAM, useServedPool } from '../support/stand-in-pool';
import { openLlamaCpp } from '../support/stand-ins/llama-cpp';
import { openLmStudio } from '../support/stand-ins/lm-studio';
import { openLocalAi } from '../support/stand-ins/localai';
import { openOllama } from '../support/stand-ins/ollama';
import { CHAT_TOKENS, sse } from '../support/stand-ins/openai-answers';
import type { StandIn } from '../support/stand-ins/stand-in';
import { openVllm } from '../support/stand-ins/vllm';

const TEXT = CHAT_TOKENS.join('');
const NANOSECONDS = expect.any(Number) as unknown;

const pool = useServedPool();

const clientWith = (headers: Record<string, string> = {}): Ollama => new Ollama({ host: pool.scheduler.url, headers });

const poolWith = async (opening: Promise<StandIn>): Promise<{ readonly server: StandIn; readonly client: Ollama }> => ({
  server: await pool.serve(opening),
  client: clientWith(),
});

const ask = (model: string) => ({ model, messages: [{ role: 'user', content: 'hello' }] });
const sentTo = (server: StandIn, path: string): unknown =>
  JSON.parse(server.requests.findLast((request) => request.path === path)?.body.toString() ?? 'null');

/** The client does not export the class of its errors. */
const failureOf = (request: Promise<unknown>): Promise<unknown> =>
  request.then(
    () => {
      throw new Error('the request succeeded');
    },
    (error: unknown) => error,
  );
const responseError = (status: number, text: string) => ({
  name: 'ResponseError',
  status_code: status,
  error: expect.stringContaining(text) as unknown,
});

async function collected(stream: AsyncIterable<ChatResponse>): Promise<readonly ChatResponse[]> {
  const lines: ChatResponse[] = [];
  for await (const line of stream) lines.push(line);
  return lines;
}

describe.each<readonly [string, string, () => Promise<StandIn>]>([
  ['vLLM', 'qwen', () => openVllm()],
  ['Ollama', 'llama3.2:latest', () => openOllama()],
  ['llama.cpp', 'gemma-3-4b-it-Q4_K_M.gguf', () => openLlamaCpp()],
  ['LM Studio', 'google/gemma-3-12b', () => openLmStudio()],
  ['LocalAI', 'gpt-4', () => openLocalAi()],
])('%s', (_server, model, open) => {
  test('chat, stream, prompt, list and show', async () => {
    const { server, client } = await poolWith(open());
    const whole = await client.chat({ ...ask(model), options: { num_predict: 64, num_ctx: 4096 }, keep_alive: '5m' });
    expect(whole).toMatchObject({
      model,
      message: { role: 'assistant', content: TEXT },
      done: true,
      done_reason: 'stop',
      total_duration: NANOSECONDS,
      prompt_eval_count: 3,
      eval_count: 5,
    });
    expect(Date.parse(String(whole.created_at))).toBe(pool.scheduler.clock.wallMs());
    expect(sentTo(server, '/v1/chat/completions')).toEqual({ ...ask(model), max_tokens: 64 });

    const lines = await collected(await client.chat({ ...ask(model), stream: true }));
    expect(lines.map(({ message }) => message.content)).toEqual([...CHAT_TOKENS, '']);
    expect(lines.map(({ done }) => done)).toEqual([...CHAT_TOKENS.map(() => false), true]);
    expect(lines.at(-1)).toMatchObject({ model, done_reason: 'stop', total_duration: NANOSECONDS });

    expect(await client.generate({ model, prompt: 'hello', system: 'be short' })).toMatchObject({
      response: TEXT,
      done: true,
      eval_count: 5,
    });
    expect(sentTo(server, '/v1/chat/completions')).toMatchObject({ messages: [{ role: 'system' }, { role: 'user', content: 'hello' }] });
    expect(await client.generate({ model, prompt: '' })).toMatchObject({ response: '', done: true, done_reason: 'load' });

    const { models } = await client.list();
    expect(models.find(({ name }) => name === model)).toMatchObject({ model, digest: expect.stringMatching(/^[\da-f]{64}$/) as unknown });
    expect(await client.show({ model })).toMatchObject({ capabilities: expect.arrayContaining(['completion']) as unknown });
    expect((await client.version()).version).toMatch(/^\d+\.\d+\.\d+$/);
  });
});

test('a name without its tag -> the model with the tag latest; ps and embeddings', async () => {
  const { server, client } = await poolWith(openOllama());
  expect(await client.chat(ask('llama3.2'))).toMatchObject({ model: 'llama3.2', message: { content: TEXT } });
  expect(sentTo(server, '/v1/chat/completions')).toMatchObject({ model: 'llama3.2:latest' });
  expect((await client.ps()).models).toMatchObject([{ name: 'llama3.2:latest' }]);
  const embedded = await client.embed({ model: 'llama3.2', input: 'hello', truncate: true });
  expect(embedded).toMatchObject({ model: 'llama3.2', embeddings: [[0.25, -0.5]], prompt_eval_count: 1 });
  expect(sentTo(server, '/v1/embeddings')).toEqual({ model: 'llama3.2:latest', input: 'hello', encoding_format: 'float' });
  expect(await client.embeddings({ model: 'llama3.2', prompt: 'hello' })).toEqual({ embedding: [0.25, -0.5] });
  expect(await client.embed({ model: 'llama3.2', input: [] })).toEqual({ model: 'llama3.2', embeddings: [] });
  expect(await client.embeddings({ model: 'llama3.2', prompt: '' })).toEqual({ embedding: [] });
});

test('a raw prompt and a suffix -> completions; the answer names what it was translated to', async () => {
  const { server, client } = await poolWith(openVllm());
  expect(await client.generate({ model: 'qwen', prompt: '[INST] hi', raw: true })).toMatchObject({ response: TEXT, done_reason: 'stop' });
  expect(sentTo(server, '/v1/completions')).toEqual({ model: 'qwen', prompt: '[INST] hi' });
  let text = '';
  for await (const line of await client.generate({ model: 'qwen', prompt: 'a', suffix: 'b', stream: true })) text += line.response ?? '';
  expect(text).toBe(TEXT);
  expect(sentTo(server, '/v1/completions')).toMatchObject({ prompt: 'a', suffix: 'b', stream: true });
  const body = { model: 'qwen', prompt: 'a', raw: true, stream: false };
  const { headers } = await sendRequest(pool.scheduler.port, { method: 'POST', path: '/api/generate', body });
  expect(headers).toMatchObject({ 'x-muster-translated': 'completions', 'content-type': 'application/json; charset=utf-8' });
});

test('tools, thoughts, images and a schema -> whole calls with objects, and the chat got all of it', async () => {
  const { server, client } = await poolWith(openVllm());
  const chunk = (delta: object, finish: string | null = null) => ({ choices: [{ index: 0, delta, finish_reason: finish }] });
  const call = (index: number, fields: object) => chunk({ tool_calls: [{ index, ...fields }] });
  const chunks = [
    chunk({ reasoning_content: 'hm' }),
    call(0, { id: 'c1', function: { name: 'weather', arguments: '{"city"' } }),
    call(1, { id: 'c2', function: { name: 'weather', arguments: '{"city":"Bonn"}' } }),
    call(0, { function: { arguments: ':"Ulm"}' } }),
    chunk({}, 'tool_calls'),
  ];
  server.faults = { '/v1/chat/completions': { type: EVENT_STREAM, body: `${chunks.map(sse).join('')}data: [DONE]\n\n` } };
  const tools = [{ type: 'function', function: { name: 'weather', description: 'Of a city', parameters: { type: 'object' } } }];
  const lines = await collected(await client.chat({ ...ask('qwen'), tools, think: true, stream: true }));
  expect(lines.map(({ message }) => message.thinking ?? '').join('')).toBe('hm');
  const calls = lines.flatMap(({ message }) => message.tool_calls ?? []);
  expect(calls.map(({ function: called }) => called)).toMatchObject([
    { name: 'weather', arguments: { city: 'Ulm' } },
    { name: 'weather', arguments: { city: 'Bonn' } },
  ]);
  expect(sentTo(server, '/v1/chat/completions')).toMatchObject({ tools, chat_template_kwargs: { enable_thinking: true } });

  server.faults = {};
  const schema = { type: 'object', properties: { age: { type: 'integer' } } };
  const messages = [
    { role: 'user', content: 'look', images: [new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a])] },
    { role: 'assistant', content: '', tool_calls: calls },
    { role: 'tool', content: 'rain', tool_name: 'weather' },
  ];
  await client.chat({ model: 'qwen', messages, format: schema });
  expect(sentTo(server, '/v1/chat/completions')).toMatchObject({
    messages: [
      { content: [{ type: 'text' }, { type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw0K' } }] },
      { tool_calls: [{ id: 'c1', function: { arguments: '{"city":"Ulm"}' } }, { id: 'c2' }] },
      { role: 'tool', tool_call_id: 'c1', content: 'rain' },
    ],
    response_format: { type: 'json_schema', json_schema: { schema } },
  });
});

test('errors -> ResponseError with the status and the text', async () => {
  const { server, client } = await poolWith(openVllm());
  expect(await failureOf(client.chat(ask('unknown')))).toMatchObject(responseError(404, "model 'unknown' not found"));
  expect(await failureOf(client.chat({ ...ask('unknown'), stream: true }))).toMatchObject(responseError(404, "model 'unknown' not found"));
  expect(await failureOf(client.show({ model: 'unknown' }))).toMatchObject(responseError(404, "model 'unknown' not found"));
  for (const more of [{ prompt: '' }, { prompt: 'a', template: 'x' }])
    expect(await failureOf(client.generate({ model: 'unknown', ...more }))).toMatchObject(responseError(404, 'not found'));
  expect(await failureOf(client.generate({ model: 'qwen', prompt: 'a', template: '{{ .Prompt }}' }))).toMatchObject(
    responseError(400, 'template: '),
  );
  expect(await failureOf(client.chat({ ...ask('qwen'), format: 'yaml' }))).toMatchObject(responseError(400, 'format: '));
  expect(await failureOf(clientWith({ authorization: 'Bearer mk_wrong' }).chat(ask('qwen')))).toMatchObject(responseError(401, ''));
  server.faults = { '/v1/chat/completions': { status: 400, body: { error: { message: 'too long', code: 'context_length_exceeded' } } } };
  expect(await failureOf(client.chat(ask('qwen')))).toMatchObject(responseError(400, 'too long'));
  expect(await failureOf(client.chat({ ...ask('qwen'), stream: true }))).toMatchObject(responseError(400, 'too long'));
  for (const change of [
    () => client.pull({ model: 'qwen' }),
    () => client.push({ model: 'qwen' }),
    () => client.create({ model: 'mine', from: 'qwen' }),
    () => client.copy({ source: 'qwen', destination: 'mine' }),
    () => client.delete({ model: 'qwen' }),
  ])
    expect(await failureOf(change())).toMatchObject(responseError(403, 'models of a pool cannot be changed'));
  const [blob, head, method, text] = await Promise.all([
    sendRequest(pool.scheduler.port, {
      method: 'POST',
      path: '/api/blobs/sha256:00',
      headers: { 'content-type': 'application/octet-stream' },
    }),
    sendRequest(pool.scheduler.port, { method: 'HEAD', path: '/api/blobs/sha256:00' }),
    sendRequest(pool.scheduler.port, { method: 'GET', path: '/api/chat' }),
    sendRequest(pool.scheduler.port, { method: 'POST', path: '/api/chat', body: '{' }),
  ]);
  expect([blob, head, method, text].map(({ status }) => status)).toEqual([403, 403, 405, 400]);
  for (const answer of [blob, method, text]) expect(Object.keys(answer.json() as object)).toEqual(['error']);
});

test('a model that chats only -> 400 for embeddings, raw prompts and suffixes, with the field', async () => {
  const tasks = ['/v1/chat/completions'];
  const node = await readyNode(pool.scheduler.url, { installed_models: [{ model_id: 'chat', kind: 'llm', version: '1', tasks }] });
  const client = clientWith();
  expect(await failureOf(client.embed({ model: 'chat', input: 'a' }))).toMatchObject(responseError(400, 'no node serves this path'));
  for (const [field, value] of [['raw', true] as const, ['suffix', 'end'] as const])
    expect(await failureOf(client.generate({ model: 'chat', prompt: 'a', [field]: value }))).toMatchObject(
      responseError(400, `${field}: `),
    );
  node.close();
});

test('stream breaks in the middle -> the text, then an error', async () => {
  const { server, client } = await poolWith(openVllm());
  const first = sse({ choices: [{ index: 0, delta: { content: 'one' }, finish_reason: null }] });
  server.faults = { '/v1/chat/completions': { type: EVENT_STREAM, body: first } };
  const words: string[] = [];
  const stream = await client.chat({ ...ask('qwen'), stream: true });
  const reading = (async () => {
    for await (const { message } of stream) words.push(message.content);
  })();
  expect(await failureOf(reading)).toMatchObject({ message: expect.stringContaining('interrupted') as unknown });
  expect(words).toEqual(['one']);
});

test('many wrong keys -> 429 with Retry-After; without `stream` the answer is a stream of lines', async () => {
  const { client } = await poolWith(openVllm());
  expect((await client.list()).models.map(({ name }) => name)).toEqual(['qwen', 'auto']);
  const streamed = await sendRequest(pool.scheduler.port, { method: 'POST', path: '/api/chat', body: ask('qwen') });
  expect(streamed.headers).toMatchObject({ 'content-type': 'application/x-ndjson', 'x-muster-translated': 'chat_completions' });
  expect(streamed.text.trimEnd().split('\n')).toHaveLength(CHAT_TOKENS.length + 1);
  const wrong = { method: 'POST', path: '/api/chat', body: ask('qwen'), headers: { authorization: 'Bearer mk_wrong' } };
  let answer = await sendRequest(pool.scheduler.port, wrong);
  for (let tries = 0; tries < 25 && answer.status === 401; tries++) answer = await sendRequest(pool.scheduler.port, wrong);
  expect(answer).toMatchObject({ status: 429, headers: { 'retry-after': '10' } });
  expect(Object.keys(answer.json() as object)).toEqual(['error']);
});

describe('the port for Ollama clients', () => {
  test('free -> the same API with the page of Ollama; the same checks; closed with the scheduler', async () => {
    const { port, release } = await reservePort();
    await pool.restart({ server: { ollamaPort: port } });
    expect(pool.scheduler.log.of('ollama_port_opened')).toEqual([{ host: '127.0.0.1', port }]);
    const [page, head, own] = await Promise.all([
      sendRequest(port, { path: '/', headers: { authorization: null } }),
      sendRequest(port, { method: 'HEAD', path: '/' }),
      sendRequest(pool.scheduler.port, { path: '/' }),
    ]);
    expect(page).toMatchObject({ status: 200, text: 'Ollama is running' });
    expect(head).toMatchObject({ status: 200, text: '' });
    expect(own.text).not.toContain('Ollama');
    expect(await new Ollama({ host: `http://127.0.0.1:${String(port)}` }).list()).toEqual({ models: [] });
    // The agent of this computer must not take the port for a model server: `protocol` is Muster's own.
    expect((await sendRequest(port, { path: '/healthz' })).json()).toMatchObject({ protocol: expect.anything() as unknown });
    const foreign = await sendRequest(port, { path: '/api/tags', headers: { host: 'example.org' } });
    expect(foreign).toMatchObject({ status: 403 });
    expect(Object.keys(foreign.json() as object)).toEqual(['error']);
    expect((await sendRequest(port, { path: '/api/tags', headers: { origin: 'http://example.org' } })).status).toBe(403);
    await pool.restart();
    await expect(sendRequest(port, { path: '/' })).rejects.toThrow('ECONNREFUSED');
    release();
  });

  test('another program has it -> a line in the log; the scheduler works', async () => {
    const other = createServer();
    await once(other.listen(0, '127.0.0.1'), 'listening');
    const { port } = other.address() as AddressInfo;
    await pool.restart({ server: { ollamaPort: port } });
    expect(pool.scheduler.log.of('ollama_port_not_opened')).toEqual([{ host: '127.0.0.1', port, code: 'PORT_IN_USE' }]);
    expect((await sendRequest(pool.scheduler.port, { path: '/api/version' })).status).toBe(200);
    await once(other.close(), 'close');
  });
});
