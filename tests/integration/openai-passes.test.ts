// What OpenAI's client library sends to a chat reaches the socket of the model server whole, and so does the answer on its way back: tools,
// structured output, logprobs, several choices, images, options of streams.
import type OpenAI from 'openai';
import { zodResponseFormat } from 'openai/helpers/zod';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { bodyTo, chatStream, useStandInPool } from '../support/stand-in-pool';
import { openVllm } from '../support/stand-ins/vllm';

const CHAT = '/v1/chat/completions';
const ask = { model: 'qwen', messages: [{ role: 'user' as const, content: 'hello' }] };
const weather = { type: 'function' as const, function: { name: 'weather', parameters: { type: 'object' }, strict: true } };
const calls = ['Ulm', 'Bonn'].map((city, index) => ({
  id: `call_${String(index)}`,
  type: 'function' as const,
  function: { name: 'weather', arguments: JSON.stringify({ city }) },
}));
const answerOf = (...messages: object[]) => ({
  [CHAT]: { body: { object: 'chat.completion', choices: messages.map((message, index) => ({ index, finish_reason: 'stop', message })) } },
});

const pool = useStandInPool();

const TOKEN = { token: 'a', bytes: [97], logprob: -0.5, top_logprobs: [{ token: 'a', bytes: [97], logprob: -0.5 }] };
/** A request and the messages of its answer, one for each choice, with fields that only some servers have. */
const CASES: readonly (readonly [string, object, readonly object[]])[] = [
  ['tool calls', { tools: [weather], tool_choice: 'auto' }, [{ role: 'assistant', content: null, tool_calls: calls.slice(0, 1) }]],
  ['parallel tool calls', { tools: [weather], parallel_tool_calls: true }, [{ role: 'assistant', content: null, tool_calls: calls }]],
  [
    'structured output',
    { response_format: { type: 'json_schema', json_schema: { name: 'x', schema: {} } } },
    [{ role: 'assistant', content: '{"a":1}' }],
  ],
  ['logprobs', { logprobs: true, top_logprobs: 1 }, [{ role: 'assistant', content: 'a', logprobs: { content: [TOKEN], refusal: null } }]],
  [
    'several choices',
    { n: 2 },
    [
      { role: 'assistant', content: 'a' },
      { role: 'assistant', content: 'b' },
    ],
  ],
  [
    'thinking, and a field of one server',
    { chat_template_kwargs: { enable_thinking: true } },
    [{ role: 'assistant', reasoning_content: 'hm', content: 'ü\u2028', extra: { deep: [1, 1.5e-7, null] } }],
  ],
];

test.each(CASES)(
  '%s: the JSON of the model server reaches the client sign by sign, whole and streamed',
  async (_title, asked, messages) => {
    const { server } = await pool.with(openVllm());
    const choices = messages.map((message, index) => ({ index, message, finish_reason: 'stop', stop_reason: null }));
    const whole = JSON.stringify({
      id: 'chatcmpl-1',
      object: 'chat.completion',
      model: 'served-name',
      choices,
      usage: { total_tokens: 9 },
    });
    const chunks = [
      ...messages.map((delta, index) => ({ id: 'chatcmpl-1', model: 'served-name', choices: [{ index, delta, finish_reason: null }] })),
      ...messages.map((_, index) => ({ choices: [{ index, delta: {}, finish_reason: 'stop' }] })),
      { choices: [], usage: { total_tokens: 9 } },
    ].map((chunk) => JSON.stringify(chunk));
    const send = async (body: object): Promise<string> => {
      const answer = await fetch(`${pool.url}/v1/chat/completions`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ ...ask, ...asked, ...body }),
      });
      return answer.text();
    };
    server.faults = { [CHAT]: { type: 'application/json', body: whole } };
    expect(await send({})).toBe(whole);
    server.faults = {
      [CHAT]: { type: 'text/event-stream', body: `${chunks.map((chunk) => `data: ${chunk}\n\n`).join('')}data: [DONE]\n\n` },
    };
    const streamed = { stream: true, stream_options: { include_usage: true } };
    expect(await send(streamed)).toBe(`${chunks.map((chunk) => `data: ${chunk}\n\n`).join('')}data: [DONE]\n\n`);
    expect(bodyTo(server, CHAT)).toEqual({ ...ask, ...asked, ...streamed });
  },
);

test('parallel tool calls and their results -> whole, in an answer and in a stream', async () => {
  const { server, client } = await pool.with(openVllm());
  const asked = { ...ask, tools: [weather], tool_choice: 'required' as const, parallel_tool_calls: true };
  server.faults = answerOf({ role: 'assistant', content: null, tool_calls: calls });
  const { choices } = await client.chat.completions.create(asked);
  expect(choices[0]?.message.tool_calls).toEqual(calls);
  expect(bodyTo(server, CHAT)).toEqual(asked);

  server.faults = chatStream(
    { choices: [{ index: 0, delta: { role: 'assistant', content: null }, finish_reason: null }] },
    ...calls.map((call, index) => ({ choices: [{ index: 0, delta: { tool_calls: [{ index, ...call }] }, finish_reason: null }] })),
    { choices: [{ index: 0, delta: {}, finish_reason: 'tool_calls' }] },
  );
  const streamed = await client.chat.completions.stream(asked).finalMessage();
  expect(streamed.tool_calls).toMatchObject(calls);

  server.faults = {};
  const results = calls.map(({ id }) => ({ role: 'tool' as const, tool_call_id: id, content: 'rain' }));
  const messages = [...ask.messages, { role: 'assistant' as const, tool_calls: calls }, ...results];
  await client.chat.completions.create({ ...asked, messages });
  expect(bodyTo(server, CHAT)).toEqual({ ...asked, messages });
});

test('structured output -> parsed by the library; the schema reached the server', async () => {
  const { server, client } = await pool.with(openVllm());
  const format = zodResponseFormat(z.object({ city: z.string() }), 'place');
  server.faults = answerOf({ role: 'assistant', content: '{"city":"Ulm"}' });
  const { choices } = await client.chat.completions.parse({ ...ask, response_format: format });
  expect(choices[0]?.message.parsed).toEqual({ city: 'Ulm' });
  expect(bodyTo(server, CHAT)).toMatchObject({ response_format: { type: 'json_schema', json_schema: { name: 'place', strict: true } } });
});

test('logprobs, several choices and an image -> whole', async () => {
  const { server, client } = await pool.with(openVllm());
  const image = { type: 'image_url' as const, image_url: { url: 'data:image/png;base64,iVBORw0KGgo=', detail: 'low' as const } };
  const content = [{ type: 'text' as const, text: 'what?' }, image];
  const asked = { model: 'qwen', n: 2, logprobs: true, top_logprobs: 1, messages: [{ role: 'user' as const, content }] };
  const token = { token: 'a', bytes: [97], logprob: -0.5 };
  const logprobs = { content: [{ ...token, top_logprobs: [token] }], refusal: null };
  const choices = ['a', 'b'].map((text, index) => ({
    index,
    finish_reason: 'stop',
    message: { role: 'assistant', content: text },
    logprobs,
  }));
  server.faults = { [CHAT]: { body: { object: 'chat.completion', choices } } };
  expect((await client.chat.completions.create(asked)).choices).toEqual(choices);
  expect(bodyTo(server, CHAT)).toEqual(asked);
});

test('stream_options, logprobs and several choices in a stream -> every chunk, the usage last', async () => {
  const { server, client } = await pool.with(openVllm());
  const logprobs = { content: [{ token: 'a', bytes: [97], logprob: -0.5, top_logprobs: [] }], refusal: null };
  const chunks = [
    ...[0, 1].map((index) => ({ choices: [{ index, delta: { content: 'a' }, logprobs, finish_reason: null }] })),
    ...[0, 1].map((index) => ({ choices: [{ index, delta: {}, finish_reason: 'stop' }] })),
    { choices: [], usage: { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 } },
  ];
  server.faults = chatStream(...chunks);
  const asked = { ...ask, n: 2, logprobs: true, stream: true as const, stream_options: { include_usage: true } };
  const seen: OpenAI.Chat.ChatCompletionChunk[] = [];
  for await (const chunk of await client.chat.completions.create(asked)) seen.push(chunk);
  expect(seen).toEqual(chunks);
  expect(bodyTo(server, CHAT)).toEqual(asked);
});
