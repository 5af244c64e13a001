// The Responses API with OpenAI's client library, unchanged, against a whole scheduler and agent with stand-ins of model servers: native where
// the server has the path, else translated. And a request of Codex.
import type OpenAI from 'openai';
import { APIError, AuthenticationError, BadRequestError, NotFoundError } from 'openai';
import { zodTextFormat } from 'openai/helpers/zod';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { errorOf } from '../support/openai-bench';
import { bodyTo, chatStream, EVENT_STREAM, useStandInPool } from '../support/stand-in-pool';
import { openLlamaCpp } from '../support/stand-ins/llama-cpp';
import { openLmStudio } from '../support/stand-ins/lm-studio';
import { openOllama } from '../support/stand-ins/ollama';
import { CHAT_TOKENS, sse } from '../support/stand-ins/openai-answers';
import { responseEvents, responseStream } from '../support/stand-ins/responses-answers';
import type { StandIn } from '../support/stand-ins/stand-in';
import { openVllm } from '../support/stand-ins/vllm';
import { CODEX_CHAT, CODEX_REQUEST } from '../unit/scheduler/api/client-apis/core/responses/codex-request';

const TEXT = CHAT_TOKENS.join('');
const LLAMA = 'llama3.2:latest';

const pool = useStandInPool();

const chunk = (delta: object, finish: string | null = null) => ({ choices: [{ index: 0, delta, finish_reason: finish }] });

describe.each<readonly [string, string, () => Promise<StandIn>]>([
  ['Ollama before 0.13.3', LLAMA, () => openOllama()],
  ['llama.cpp, earlier build', 'gemma-3-4b-it-Q4_K_M.gguf', () => openLlamaCpp()],
  ['vLLM before 0.10', 'qwen', () => openVllm({ version: '0.9.2' })],
])('%s', (_server, model, open) => {
  test('response and stream -> translated', async () => {
    const { server, client } = await pool.with(open());
    const { data, response } = await client.responses.create({ model, input: 'hello', instructions: 'be brief' }).withResponse();
    expect(data).toMatchObject({
      status: 'completed',
      output_text: TEXT,
      model,
      usage: { input_tokens: 3, output_tokens: 5, total_tokens: 8 },
    });
    expect(response.headers.get('x-muster-translated')).toBe('chat_completions');
    const messages = [
      { role: 'system', content: 'be brief' },
      { role: 'user', content: 'hello' },
    ];
    expect(bodyTo(server, '/v1/chat/completions')).toEqual({ model, messages });
    const words: string[] = [];
    const stream = client.responses.stream({ model, input: 'hello' }).on('response.output_text.delta', ({ delta }) => words.push(delta));
    expect(await stream.finalResponse()).toMatchObject({ status: 'completed', output_text: TEXT });
    expect(words).toEqual(CHAT_TOKENS);
    expect(bodyTo(server, '/v1/responses')).toBeUndefined();
  });
});

describe.each<readonly [string, string, () => Promise<StandIn>]>([
  ['vLLM', 'qwen', () => openVllm({ version: '0.11.0' })],
  ['Ollama', LLAMA, () => openOllama({ loaded: true, version: '0.14.0' })],
  ['llama.cpp', 'gemma-3-4b-it-Q4_K_M.gguf', () => openLlamaCpp({ build: 'b8906-1a2b3c4d' })],
  ['LM Studio', 'google/gemma-3-12b', () => openLmStudio()],
])('%s with the Responses API', (_server, model, open) => {
  test('response and stream -> passed through, the ids are of the pool, the server stores nothing', async () => {
    const { server, client } = await pool.with(open());
    const tools = [{ type: 'web_search' as const }];
    const { data, response } = await client.responses.create({ model, input: 'hello', tools }).withResponse();
    expect(data).toMatchObject({ status: 'completed', output_text: TEXT, store: true });
    expect(data.id).not.toBe('resp_server');
    expect(response.headers.get('x-muster-translated')).toBeNull();
    expect(bodyTo(server, '/v1/responses')).toEqual({ model, input: 'hello', tools, store: false });
    expect(await client.responses.retrieve(data.id)).toMatchObject({ output_text: TEXT });
    const events: OpenAI.Responses.ResponseStreamEvent[] = [];
    for await (const event of await client.responses.create({ model, input: 'hello', stream: true, store: false })) events.push(event);
    expect(events.map(({ type, sequence_number: sequence }) => [type, sequence])).toEqual(
      responseEvents.map(({ type, sequence_number: sequence }) => [type, sequence]),
    );
    const last = events.at(-1);
    expect(last).toMatchObject({ response: { output: [{ content: [{ text: TEXT }] }], store: false } });
    expect(bodyTo(server, '/v1/chat/completions')).toBeUndefined();

    server.faults = { '/v1/responses': { type: EVENT_STREAM, body: responseStream(responseEvents.slice(0, 6)) } };
    const broken = await errorOf(client.responses.stream({ model, input: 'hello' }).finalResponse());
    expect(broken).toMatchObject({ code: 'stream_broken' });
    server.faults = { '/v1/responses': { status: 400, body: { error: { message: 'no such tool' } } } };
    const refused = await errorOf(client.responses.create({ model, input: 'hello' }));
    expect(refused).toBeInstanceOf(BadRequestError);
    expect(refused.message).toContain('no such tool');
  });
});

describe('translated', () => {
  const weather = { type: 'function' as const, name: 'weather', parameters: { type: 'object' }, strict: false };
  const call = (index: number, fields: object) => chunk({ tool_calls: [{ index, ...fields }] });

  test('reasoning and parallel tools in a stream -> items of the helper; their outputs -> messages of the chat', async () => {
    const { server, client } = await pool.with(openOllama());
    server.faults = chatStream(
      chunk({ reasoning: 'Two cities.' }),
      call(0, { id: 'c1', function: { name: 'weather', arguments: '{"city"' } }),
      call(0, { function: { arguments: ':"Ulm"}' } }),
      call(1, { id: 'c2', function: { name: 'weather', arguments: '{"city":"Bonn"}' } }),
      chunk({}, 'tool_calls'),
    );
    const asked = { model: LLAMA, tools: [weather], tool_choice: 'required' as const };
    const response = await client.responses.stream({ ...asked, input: 'weather?' }).finalResponse();
    expect(response.output).toMatchObject([
      { type: 'reasoning', content: [{ type: 'reasoning_text', text: 'Two cities.' }] },
      { type: 'function_call', call_id: 'c1', name: 'weather', arguments: '{"city":"Ulm"}' },
      { type: 'function_call', call_id: 'c2', name: 'weather', arguments: '{"city":"Bonn"}' },
    ]);
    server.faults = {};
    const outputs = ['c1', 'c2'].map((id) => ({ type: 'function_call_output' as const, call_id: id, output: 'rain' }));
    await client.responses.create({ ...asked, input: outputs, previous_response_id: response.id });
    const { messages } = bodyTo(server, '/v1/chat/completions') as { readonly messages: readonly object[] };
    expect(messages).toMatchObject([
      { role: 'user' },
      { role: 'assistant', reasoning: 'Two cities.', tool_calls: [{ id: 'c1' }, { id: 'c2' }] },
      { role: 'tool', tool_call_id: 'c1', content: 'rain' },
      { role: 'tool', tool_call_id: 'c2', content: 'rain' },
    ]);
  });

  test('structured output -> parsed by the library', async () => {
    const { server, client } = await pool.with(openOllama());
    const format = zodTextFormat(z.object({ city: z.string() }), 'place');
    const message = { role: 'assistant', content: '{"city":"Ulm"}' };
    server.faults = { '/v1/chat/completions': { body: { choices: [{ index: 0, message, finish_reason: 'stop' }] } } };
    const response = await client.responses.parse({ model: LLAMA, input: 'where?', text: { format } });
    expect(response.output_parsed).toEqual({ city: 'Ulm' });
    expect(bodyTo(server, '/v1/chat/completions')).toMatchObject({
      response_format: { type: 'json_schema', json_schema: { name: 'place', strict: true, schema: { required: ['city'] } } },
    });
  });

  test('errors -> classes of the library with the status', async () => {
    const { server, client } = await pool.with(openOllama());
    const asked = { model: LLAMA, input: 'hello' };
    const tool = await errorOf(client.responses.create({ ...asked, tools: [{ type: 'web_search' }] }));
    expect(tool).toBeInstanceOf(BadRequestError);
    expect(tool).toMatchObject({ status: 400, param: 'tools[0].type', type: 'invalid_request_error' });
    const unknown = { ...asked, model: 'no-such-model', tools: [{ type: 'web_search' as const }] };
    expect(await errorOf(client.responses.create(unknown))).toBeInstanceOf(NotFoundError);
    expect(await errorOf(pool.clientOf('mk_wrong').responses.create(asked))).toBeInstanceOf(AuthenticationError);
    server.faults = { '/v1/chat/completions': { status: 400, body: { error: { message: 'too long' } } } };
    for (const request of [client.responses.create(asked), client.responses.stream(asked).finalResponse()]) {
      const refused = await errorOf(request);
      expect(refused).toBeInstanceOf(BadRequestError);
      expect(refused.message).toContain('too long');
    }
    server.faults = { '/v1/chat/completions': { type: EVENT_STREAM, body: sse(chunk({ content: 'one' })) } };
    const words: string[] = [];
    const stream = client.responses.stream(asked).on('response.output_text.delta', ({ delta }) => words.push(delta));
    const broken = await errorOf(stream.finalResponse());
    expect(broken).toBeInstanceOf(APIError);
    expect(broken).toMatchObject({ code: 'stream_broken' });
    expect(words).toEqual(['one']);
  });

  test('Codex: its request -> the chat with all tools; calls, reasoning and usage as Codex reads them', async () => {
    const { server } = await pool.with(openOllama());
    server.faults = chatStream(
      chunk({ reasoning: 'Patch it.' }),
      call(0, { id: 'c1', function: { name: 'apply_patch', arguments: '{"input":"*** Begin Patch"}' } }),
      call(1, { id: 'c2', function: { name: 'mcp__browser__open', arguments: '{"url":"https://e.org"}' } }),
      call(2, { id: 'c3', function: { name: 'local_shell', arguments: '{"command":["ls"]}' } }),
      chunk({}, 'tool_calls'),
      { choices: [], usage: { prompt_tokens: 9, completion_tokens: 4, total_tokens: 13 } },
    );
    const headers = { 'content-type': 'application/json', accept: 'text/event-stream', session_id: 'thread-1', originator: 'codex_cli_rs' };
    const answer = await fetch(`${pool.url}/v1/responses`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ ...CODEX_REQUEST, model: LLAMA }),
    });
    expect(answer.status).toBe(200);
    expect(bodyTo(server, '/v1/chat/completions')).toEqual({ ...CODEX_CHAT, model: LLAMA });
    const events = (await answer.text())
      .split('\n\n')
      .filter((text) => text.startsWith('event: '))
      .map((text) => JSON.parse(text.split('\ndata: ')[1] ?? '') as Record<string, unknown>);
    const items = events.filter(({ type }) => type === 'response.output_item.done').map(({ item }) => item);
    expect(items).toMatchObject([
      { type: 'reasoning', summary: [], encrypted_content: 'muster-plain:Patch it.' },
      { type: 'custom_tool_call', call_id: 'c1', name: 'apply_patch', input: '*** Begin Patch' },
      { type: 'function_call', call_id: 'c2', name: 'open', namespace: 'mcp__browser', arguments: '{"url":"https://e.org"}' },
      { type: 'local_shell_call', call_id: 'c3', status: 'completed', action: { type: 'exec', command: ['ls'] } },
    ]);
    expect(events[0]).toMatchObject({ type: 'response.created' });
    expect(events.at(-1)).toMatchObject({
      type: 'response.completed',
      response: { status: 'completed', output: items, usage: { input_tokens: 9, output_tokens: 4, total_tokens: 13 } },
    });
  });
});
