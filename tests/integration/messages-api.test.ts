// Anthropic's client library, unchanged, against a whole scheduler and agent with stand-ins of model servers: native where the server has
// the Messages API, else translated.
import Anthropic, { APIError, AuthenticationError, BadRequestError, NotFoundError, RateLimitError } from '@anthropic-ai/sdk';
import { describe, expect, test } from 'vitest';
import type { JobAssign } from '../../src/shared/protocol/scheduler-messages';
import { sendRequest } from '../support/http-api';
import { accept, readyNode, succeed } from '../support/job-pool';
import { EVENT_STREAM, useServedPool } from '../support/stand-in-pool';
import { openLlamaCpp } from '../support/stand-ins/llama-cpp';
import { openLmStudio } from '../support/stand-ins/lm-studio';
import { messageAnswer, messageEvents, messageStream } from '../support/stand-ins/messages-answers';
import { openOllama } from '../support/stand-ins/ollama';
import { CHAT_TOKENS, sse } from '../support/stand-ins/openai-answers';
import type { StandIn } from '../support/stand-ins/stand-in';
import { openVllm } from '../support/stand-ins/vllm';
import type { TestNode } from '../support/test-node';
import { until } from '../support/until';
import { WAIT_LIMIT_MS } from '../support/within';

const TEXT = CHAT_TOKENS.join('');
/** Of this release of the library. */
const VERSION = '2026-10-21';

const pool = useServedPool();

const clientWith = (options: object = {}): Anthropic =>
  new Anthropic({ baseURL: pool.scheduler.url, apiKey: 'any', maxRetries: 0, timeout: WAIT_LIMIT_MS, ...options });

const poolWith = async (opening: Promise<StandIn>): Promise<{ readonly server: StandIn; readonly client: Anthropic }> => ({
  server: await pool.serve(opening),
  client: clientWith(),
});

const ask = (model: string) => ({ model, max_tokens: 64, messages: [{ role: 'user' as const, content: 'hello' }] });
const lastTo = (server: StandIn, path: string) => server.requests.findLast((request) => request.path === path);
const textOf = ({ content }: Anthropic.Message): string => content.map((block) => (block.type === 'text' ? block.text : '')).join('');
const failureOf = (request: PromiseLike<unknown>): Promise<APIError> =>
  Promise.resolve(request).then(
    () => {
      throw new Error('the request succeeded');
    },
    (error: unknown) => {
      if (error instanceof APIError) return error as APIError;
      throw error;
    },
  );

describe.each<readonly [string, string, () => Promise<StandIn>]>([
  ['vLLM before 0.11.1', 'qwen', () => openVllm()],
  ['Ollama before 0.14', 'llama3.2:latest', () => openOllama()],
  ['llama.cpp, earlier build', 'gemma-3-4b-it-Q4_K_M.gguf', () => openLlamaCpp()],
  ['LM Studio', 'google/gemma-3-12b', () => openLmStudio()],
])('%s', (_server, model, open) => {
  test('message, stream and count -> translated, counts are estimates', async () => {
    const { server, client } = await poolWith(open());
    const { data, response } = await client.messages.create(ask(model)).withResponse();
    expect(textOf(data)).toBe(TEXT);
    expect(data).toMatchObject({
      type: 'message',
      role: 'assistant',
      model,
      stop_reason: 'end_turn',
      usage: { input_tokens: 3, output_tokens: 5 },
    });
    expect(response.headers.get('x-muster-translated')).toBe('chat_completions');
    expect(response.headers.get('request-id')).toBe(response.headers.get('x-request-id'));
    expect(textOf(await client.messages.stream(ask(model)).finalMessage())).toBe(TEXT);
    expect(lastTo(server, '/v1/messages')).toBeUndefined();
    const counted = await client.messages.countTokens({ model, messages: ask(model).messages }).withResponse();
    expect(counted.data).toEqual({ input_tokens: 6 });
    expect(counted.response.headers.get('x-muster-estimated')).toBe('true');
  });
});

describe.each<readonly [string, string, () => Promise<StandIn>, boolean]>([
  ['vLLM', 'qwen', () => openVllm({ version: '0.18.0' }), true],
  ['Ollama', 'llama3.2:latest', () => openOllama({ loaded: true, version: '0.14.0' }), false],
  ['llama.cpp', 'gemma-3-4b-it-Q4_K_M.gguf', () => openLlamaCpp({ build: 'b8906-1a2b3c4d' }), true],
])('%s with the Messages API', (_server, model, open, counts) => {
  test('message, stream and count -> passed through with signatures and headers', async () => {
    const { server, client } = await poolWith(open());
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const headers = { 'anthropic-beta': 'interleaved-thinking-2025-05-14', traceparent, 'x-secret': 'stays' };
    const { data, response } = await client.messages.create({ ...ask(model), container: 'c1' } as never, { headers }).withResponse();
    expect(data).toMatchObject({
      id: 'msg_native',
      content: [
        { type: 'thinking', signature: 'signed-by-the-server' },
        { type: 'text', text: TEXT },
      ],
    });
    expect(response.headers.get('x-muster-translated')).toBeNull();
    expect(response.headers.get('request-id')).toBe(response.headers.get('x-request-id'));
    const sent = lastTo(server, '/v1/messages');
    expect(JSON.parse(sent?.body.toString() ?? '')).toEqual({ ...ask(model), container: 'c1' });
    expect(sent?.headers).toMatchObject({ 'anthropic-version': VERSION, 'anthropic-beta': headers['anthropic-beta'], traceparent });
    expect(sent?.headers['x-secret']).toBeUndefined();
    expect(sent?.headers['x-api-key']).toBeUndefined();

    const events: unknown[] = [];
    for await (const event of await client.messages.create({ ...ask(model), stream: true })) events.push(event);
    expect(events).toEqual(messageEvents.filter(({ type }) => type !== 'ping'));
    const final = await client.messages.stream(ask(model)).finalMessage();
    expect(final.content).toMatchObject([
      { type: 'thinking', thinking: 'hm', signature: 'signed-by-the-server' },
      { type: 'text', text: TEXT },
    ]);
    const counted = await client.messages.countTokens({ model, messages: ask(model).messages }).withResponse();
    expect(counted.data).toEqual({ input_tokens: counts ? 11 : 6 });
    expect(counted.response.headers.get('x-muster-estimated')).toBe(counts ? null : 'true');
  });
});

describe('translated', () => {
  const chunk = (delta: object, finish: string | null = null) => ({ choices: [{ index: 0, delta, finish_reason: finish }] });
  const call = (index: number, fields: object) => chunk({ tool_calls: [{ index, ...fields }] });
  const TOOL = { name: 'weather', input_schema: { type: 'object' as const } };

  test('parallel tools, thoughts and traceparent -> blocks of the helper, parsed; the chat got tools and results', async () => {
    const { server, client } = await poolWith(openVllm());
    const chunks = [
      chunk({ reasoning_content: 'hm' }),
      call(0, { id: 'c1', function: { name: 'weather', arguments: '{"city"' } }),
      call(1, { id: 'c2', function: { name: 'weather', arguments: '{"city":"Bonn"}' } }),
      call(0, { function: { arguments: ':"Ulm"}' } }),
      chunk({}, 'tool_calls'),
    ];
    server.faults = { '/v1/chat/completions': { type: EVENT_STREAM, body: `${chunks.map(sse).join('')}data: [DONE]\n\n` } };
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const stream = client.messages.stream({ ...ask('qwen'), tools: [TOOL], tool_choice: { type: 'any' } }, { headers: { traceparent } });
    const message = await stream.finalMessage();
    expect(message).toMatchObject({
      stop_reason: 'tool_use',
      content: [
        { type: 'thinking', thinking: 'hm' },
        { type: 'tool_use', id: 'c1', name: 'weather', input: { city: 'Ulm' } },
        { type: 'tool_use', id: 'c2', name: 'weather', input: { city: 'Bonn' } },
      ],
    });
    const sent = lastTo(server, '/v1/chat/completions');
    expect(sent?.headers).toMatchObject({ traceparent });
    expect(sent?.headers['anthropic-version']).toBeUndefined();
    expect(JSON.parse(sent?.body.toString() ?? '')).toMatchObject({ tool_choice: 'required', tools: [{ function: { name: 'weather' } }] });

    server.faults = {};
    const results = ['c1', 'c2'].map((id) => ({ type: 'tool_result' as const, tool_use_id: id, content: 'rain' }));
    const turns = [
      ...ask('qwen').messages,
      { role: 'assistant' as const, content: message.content },
      { role: 'user' as const, content: results },
    ];
    expect(textOf(await client.messages.create({ ...ask('qwen'), tools: [TOOL], messages: turns }))).toBe(TEXT);
    const { messages } = JSON.parse(lastTo(server, '/v1/chat/completions')?.body.toString() ?? '') as {
      readonly messages: readonly { role: string }[];
    };
    expect(messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'tool', 'tool']);
  });

  test('errors -> classes of the library with the status; the form of the Messages API', async () => {
    const { server, client } = await poolWith(openVllm());
    const document = { type: 'document' as const, source: { type: 'text' as const, media_type: 'text/plain' as const, data: 'x' } };
    const untranslated = await failureOf(client.messages.create({ ...ask('qwen'), messages: [{ role: 'user', content: [document] }] }));
    expect(untranslated).toBeInstanceOf(BadRequestError);
    expect(untranslated.error).toMatchObject({
      type: 'error',
      error: { type: 'invalid_request_error', param: 'messages[0].content[0].type' },
      request_id: untranslated.requestID,
    });
    const unknown = await failureOf(client.messages.create(ask('unknown-model')));
    expect(unknown).toBeInstanceOf(NotFoundError);
    const both = client.messages.create({ ...ask('unknown-model'), messages: [{ role: 'user', content: [document] }] });
    expect(await failureOf(both)).toBeInstanceOf(NotFoundError);
    expect(unknown).toMatchObject({ status: 404, type: 'not_found_error' });
    expect(await failureOf(client.messages.countTokens({ ...ask('unknown-model'), max_tokens: undefined } as never))).toBeInstanceOf(
      NotFoundError,
    );
    for (const options of [{ apiKey: 'mk_wrong' }, { apiKey: null, authToken: 'mk_wrong' }]) {
      const refused = await failureOf(clientWith(options).messages.create(ask('qwen')));
      expect(refused).toBeInstanceOf(AuthenticationError);
      expect(refused).toMatchObject({ status: 401, type: 'authentication_error' });
    }
    server.faults = { '/v1/chat/completions': { status: 400, body: { error: { message: 'too long', code: 'context_length_exceeded' } } } };
    const refusal = await failureOf(client.messages.create(ask('qwen')));
    expect(refusal).toBeInstanceOf(BadRequestError);
    expect(refusal.message).toContain('too long');
    expect(await failureOf(client.messages.stream(ask('qwen')).finalMessage())).toMatchObject({
      status: 400,
      type: 'invalid_request_error',
    });
    const [path, body] = await Promise.all([
      sendRequest(pool.scheduler.port, { method: 'GET', path: '/v1/messages' }),
      sendRequest(pool.scheduler.port, { method: 'POST', path: '/v1/messages', body: '{' }),
    ]);
    expect([path.status, body.status]).toEqual([405, 400]);
    for (const { headers, json } of [path, body]) expect(json()).toMatchObject({ type: 'error', request_id: headers['request-id'] });
  });

  test('stream breaks in the middle -> APIError after the text', async () => {
    const { server, client } = await poolWith(openVllm());
    server.faults = { '/v1/chat/completions': { type: EVENT_STREAM, body: sse(chunk({ content: 'one' })) } };
    const words: unknown[] = [];
    const stream = client.messages.stream(ask('qwen')).on('text', (word) => words.push(word));
    expect(await failureOf(stream.finalMessage())).toBeInstanceOf(APIError);
    expect(words).toEqual(['one']);
  });
});

test('native stream breaks -> APIError after the text; a refusal of another form is in that of the Messages API', async () => {
  const { server, client } = await poolWith(openVllm({ version: '0.18.0' }));
  server.faults = { '/v1/messages': { type: EVENT_STREAM, body: messageStream(messageEvents.slice(0, 9)) } };
  expect(await failureOf(client.messages.stream(ask('qwen')).finalMessage())).toBeInstanceOf(APIError);
  server.faults = { '/v1/messages': { status: 400, body: { detail: 'no images here' } } };
  const refused = await failureOf(client.messages.create(ask('qwen')));
  expect(refused).toBeInstanceOf(BadRequestError);
  expect(refused.message).toContain('no images here');
  const own = { type: 'error', error: { type: 'invalid_request_error', message: 'as it is' } };
  server.faults = { '/v1/messages': { status: 422, body: own } };
  expect((await failureOf(client.messages.create(ask('qwen')))).error).toEqual(own);
});

test('one node with the Messages API, one without -> translated; it leaves -> native', async () => {
  const nodeWith = (tasks: string[]): Promise<TestNode> =>
    readyNode(pool.scheduler.url, { installed_models: [{ model_id: 'llm-a', kind: 'llm', version: '1', tasks }] });
  const native = await nodeWith(['/v1/chat/completions', '/v1/messages']);
  const old = await nodeWith(['/v1/chat/completions']);
  const answer = clientWith().messages.create(ask('llm-a')).withResponse();
  const assigned = await Promise.any([native, old].map(async (node) => ({ node, assignment: await node.until('job_assign') })));
  expect(assigned.assignment.task).toMatchObject({ path: '/v1/chat/completions' });
  accept(assigned.node, assigned.assignment);
  succeed(assigned.node, assigned.assignment, { status: 200, body: { choices: [{ message: { content: 'hi' }, finish_reason: 'stop' }] } });
  expect(textOf((await answer).data)).toBe('hi');
  expect((await answer).response.headers.get('x-muster-translated')).toBe('chat_completions');

  old.send({ type: 'node_unregister', node_id: old.nodeId });
  await until('the node to leave', async () => {
    const model = (await sendRequest(pool.scheduler.port, { path: '/v1/models/llm-a' })).json();
    return (model as { readonly muster: { readonly nodes_installed: number } }).muster.nodes_installed === 1;
  });
  const second = clientWith().messages.create(ask('llm-a'));
  const isNative = ({ task }: JobAssign): boolean => task.kind === 'openai' && task.path === '/v1/messages';
  const assignment = await until('a native job', () => native.received.find((one) => one.type === 'job_assign' && isNative(one)));
  if (assignment.type !== 'job_assign') throw new Error('unreachable');
  accept(native, assignment);
  succeed(native, assignment, { status: 200, body: messageAnswer });
  expect(await second).toMatchObject({ id: 'msg_native' });
  for (const node of [native, old]) node.close();
});

test('many wrong keys -> RateLimitError with Retry-After; the header x-api-key is read, too', async () => {
  const headers = { authorization: null, 'x-api-key': 'mk_wrong' };
  const first = await sendRequest(pool.scheduler.port, { method: 'POST', path: '/v1/messages', body: ask('m'), headers });
  expect(first).toMatchObject({ status: 401, headers: { 'request-id': first.headers['x-request-id'] } });
  expect(first.json()).toMatchObject({ type: 'error', error: { type: 'authentication_error' } });
  const wrong = clientWith({ apiKey: 'mk_wrong' });
  let failure = await failureOf(wrong.messages.create(ask('m')));
  for (let tries = 0; tries < 25 && failure.status === 401; tries++) failure = await failureOf(wrong.messages.create(ask('m')));
  expect(failure).toBeInstanceOf(RateLimitError);
  expect(failure).toMatchObject({ status: 429, type: 'rate_limit_error' });
  expect(failure.headers?.get('retry-after')).toBe('10');
});
