// Requests of Ollama's API as requests of the OpenAI API, field by field, and what cannot be translated.
import { describe, expect, it } from 'vitest';
import {
  promptToChat,
  promptToCompletion,
  toChat,
  toEmbedding,
} from '../../../../../src/main/scheduler/api/client-apis/core/ollama/request';
import {
  chatSchema,
  embedSchema,
  generateSchema,
  showSchema,
} from '../../../../../src/main/scheduler/api/client-apis/core/ollama/request-schema';
import { completionField } from '../../../../../src/main/scheduler/api/client-apis/core/ollama/translate';
import { validate } from '../../../../../src/shared/protocol/decode';
import { cpuMsOf } from '../../../../support/turns';

const HI = { role: 'user', content: 'hi' };
const CHAT = { model: 'm', messages: [HI] };
const STREAM = { stream: true, stream_options: { include_usage: true } };
const chatOf = (change: object) => toChat(chatSchema.parse({ model: 'm', messages: [HI], stream: false, ...change }));
const messagesOf = (...messages: readonly object[]) => chatOf({ messages }).messages;
const generate = (change: object) => generateSchema.parse({ model: 'm', prompt: 'hi', stream: false, ...change });

const SCHEMA = { type: 'object', properties: { age: { type: 'integer' } }, required: ['age'] };
const WEATHER = { type: 'function', function: { name: 'weather', description: 'Of a city', parameters: { type: 'object' } } };

describe('fields of a chat', () => {
  it.each<readonly [string, object, object]>([
    ['the least', {}, CHAT],
    ['stream is absent', { stream: undefined }, { ...CHAT, ...STREAM }],
    ['stream is null', { stream: null }, { ...CHAT, ...STREAM }],
    ['stream', { stream: true }, { ...CHAT, ...STREAM }],
    [
      'options with the names of the OpenAI API',
      { options: { temperature: 0, top_p: 0.5, top_k: 3, min_p: 0.1, seed: 42, presence_penalty: 1, frequency_penalty: 2 } },
      { ...CHAT, temperature: 0, top_p: 0.5, top_k: 3, min_p: 0.1, seed: 42, presence_penalty: 1, frequency_penalty: 2 },
    ],
    ['limit', { options: { num_predict: 100 } }, { ...CHAT, max_tokens: 100 }],
    ['no limit', { options: { num_predict: -1 } }, CHAT],
    ['until the context is full', { options: { num_predict: -2 } }, CHAT],
    ['stops', { options: { stop: ['\n', 'user:'] } }, { ...CHAT, stop: ['\n', 'user:'] }],
    ['one stop', { options: { stop: 'END' } }, { ...CHAT, stop: 'END' }],
    ['no stops', { options: { stop: [] } }, CHAT],
    ['repeat penalty, by both names', { options: { repeat_penalty: 1.2 } }, { ...CHAT, repeat_penalty: 1.2, repetition_penalty: 1.2 }],
    [
      'settings of a server, and unknown options',
      { options: { num_ctx: 1024, num_gpu: 1, num_batch: 2, use_mmap: true, other: 'x' }, keep_alive: '5m', other: 1 },
      CHAT,
    ],
    ['format json', { format: 'json' }, { ...CHAT, response_format: { type: 'json_object' } }],
    ['no format', { format: '' }, CHAT],
    [
      'format as a schema',
      { format: SCHEMA },
      { ...CHAT, response_format: { type: 'json_schema', json_schema: { name: 'answer', schema: SCHEMA, strict: true } } },
    ],
    ['thinking', { think: true }, { ...CHAT, chat_template_kwargs: { enable_thinking: true } }],
    ['no thinking', { think: false }, { ...CHAT, chat_template_kwargs: { enable_thinking: false } }],
    ['level of thinking', { think: 'high' }, { ...CHAT, reasoning_effort: 'high', chat_template_kwargs: { enable_thinking: true } }],
    ['tools', { tools: [WEATHER] }, { ...CHAT, tools: [WEATHER] }],
    ['a tool without a type', { tools: [{ function: WEATHER.function }] }, { ...CHAT, tools: [WEATHER] }],
    ['no tools', { tools: [] }, CHAT],
    ['logprobs', { logprobs: true, top_logprobs: 3 }, { ...CHAT, logprobs: true, top_logprobs: 3 }],
    ['no logprobs', { logprobs: false, top_logprobs: 3 }, CHAT],
  ])('%s', (_title, change, chat) => {
    expect(chatOf(change)).toEqual(chat);
  });
});

describe('messages', () => {
  const CALL = { function: { name: 'weather', arguments: { city: 'Ulm' } } };
  const called = (id: string, name = 'weather', input: object = { city: 'Ulm' }) => ({
    id,
    type: 'function',
    function: { name, arguments: JSON.stringify(input) },
  });

  it('images -> parts with the type by the first bytes; a text without images stays a text', () => {
    const images = ['iVBORw0KGgo', '/9j/4AAQ', 'R0lGODlh', 'UklGRgAA', 'data:image/png;base64,iVBORw0KGgo'];
    const urls = [
      'data:image/png;base64,iVBORw0KGgo',
      'data:image/jpeg;base64,/9j/4AAQ',
      'data:image/gif;base64,R0lGODlh',
      'data:image/webp;base64,UklGRgAA',
      'data:image/png;base64,iVBORw0KGgo',
    ];
    const parts = urls.map((url) => ({ type: 'image_url', image_url: { url } }));
    expect(messagesOf({ ...HI, images }, { role: 'user', images: ['/9j/'] }, HI)).toEqual([
      { role: 'user', content: [{ type: 'text', text: 'hi' }, ...parts] },
      { role: 'user', content: [{ type: 'image_url', image_url: { url: 'data:image/jpeg;base64,/9j/' } }] },
      HI,
    ]);
  });

  it('thoughts -> reasoning_content', () => {
    expect(messagesOf({ role: 'assistant', content: 'a', thinking: 'hm' })).toEqual([
      { role: 'assistant', content: 'a', reasoning_content: 'hm' },
    ]);
  });

  it('calls and results without ids -> ids in order, results by name, then by order', () => {
    const time = { function: { name: 'time' } };
    expect(
      messagesOf(
        { role: 'assistant', content: '', tool_calls: [CALL, time, CALL] },
        { role: 'tool', content: 'noon', tool_name: 'time' },
        { role: 'tool', content: 'rain', name: 'weather' },
        { role: 'tool', content: 'sun' },
        { role: 'assistant', content: 'and', tool_calls: [CALL] },
        { role: 'tool', content: 'snow' },
      ),
    ).toEqual([
      { role: 'assistant', content: null, tool_calls: [called('call_0_0'), called('call_0_1', 'time', {}), called('call_0_2')] },
      { role: 'tool', tool_call_id: 'call_0_1', content: 'noon' },
      { role: 'tool', tool_call_id: 'call_0_0', content: 'rain' },
      { role: 'tool', tool_call_id: 'call_0_2', content: 'sun' },
      { role: 'assistant', content: 'and', tool_calls: [called('call_4_0')] },
      { role: 'tool', tool_call_id: 'call_4_0', content: 'snow' },
    ]);
  });

  it('calls and results with ids -> these ids; a result of no call -> an id of its own', () => {
    expect(
      messagesOf(
        { role: 'assistant', tool_calls: [{ id: 'c1', ...CALL }] },
        { role: 'tool', content: 'rain', tool_call_id: 'c1' },
        { role: 'tool', content: 'sun' },
      ),
    ).toEqual([
      { role: 'assistant', content: null, tool_calls: [called('c1')] },
      { role: 'tool', tool_call_id: 'c1', content: 'rain' },
      { role: 'tool', tool_call_id: 'call_2', content: 'sun' },
    ]);
  });
});

describe('many messages', () => {
  const calls = Array.from({ length: 30_000 }, (_, at) => ({
    role: 'assistant',
    tool_calls: [{ function: { name: `f${String(at % 100)}` } }],
  }));
  const results = (fields: (at: number) => object) =>
    Array.from({ length: 45_000 }, (_, at) => ({ role: 'tool', content: '1', ...fields(at) }));

  it.each<readonly [string, (at: number) => object]>([
    ['without names', () => ({})],
    ['with names in reverse order', (at) => ({ tool_name: `f${String(99 - (at % 100))}` })],
    ['with ids in reverse order', (at) => ({ tool_call_id: `call_${String(29_999 - at)}_0` })],
  ])('30,000 calls and 45,000 results %s -> translated within 200 ms of CPU time', (_title, fields) => {
    const request = { model: 'm', messages: [...calls, ...results(fields)] };
    expect(cpuMsOf(() => toChat(request))).toBeLessThan(200);
  });

  it('an id that is used again -> open again', () => {
    const call = { role: 'assistant', content: 'a', tool_calls: [{ id: 'c1', function: { name: 'f' } }] };
    const answered = messagesOf(call, call, { role: 'tool' }, { role: 'tool' }, call, { role: 'tool' });
    expect(answered.filter((message) => 'tool_call_id' in message)).toMatchObject([
      { tool_call_id: 'c1' },
      { tool_call_id: 'call_3' },
      { tool_call_id: 'c1' },
    ]);
  });
});

describe('prompts', () => {
  it.each<readonly [string, object, object]>([
    ['prompt', {}, CHAT],
    ['system', { system: 'be short' }, { ...CHAT, messages: [{ role: 'system', content: 'be short' }, HI] }],
    ['empty template and context, as clients send them', { template: '', context: [], suffix: '', raw: false }, CHAT],
    [
      'image',
      { images: ['/9j/'] },
      {
        ...CHAT,
        messages: [
          {
            role: 'user',
            content: [
              { type: 'text', text: 'hi' },
              { type: 'image_url', image_url: { url: 'data:image/jpeg;base64,/9j/' } },
            ],
          },
        ],
      },
    ],
  ])('chat: %s', (_title, change, chat) => {
    expect(completionField(generate(change))).toBeNull();
    expect(promptToChat(generate(change))).toEqual({ ok: true, value: chat });
  });

  it.each<readonly [string, object, string, object]>([
    ['raw', { raw: true, think: true }, 'raw', { model: 'm', prompt: 'hi' }],
    ['suffix', { suffix: 'end', options: { num_predict: 5 } }, 'suffix', { model: 'm', prompt: 'hi', suffix: 'end', max_tokens: 5 }],
    ['suffix without a prompt', { suffix: 'end', prompt: null }, 'suffix', { model: 'm', prompt: '', suffix: 'end' }],
    ['raw, streamed', { raw: true, stream: true }, 'raw', { model: 'm', prompt: 'hi', ...STREAM }],
  ])('completion: %s', (_title, change, field, body) => {
    expect(completionField(generate(change))).toBe(field);
    expect(promptToCompletion(generate(change))).toEqual({ ok: true, value: body });
  });

  it.each<readonly [object, string]>([
    [{ template: '{{ .Prompt }}' }, 'template'],
    [{ context: [1, 2, 3] }, 'context'],
    [{ raw: true, template: '{{ .Prompt }}' }, 'template'],
    [{ raw: true, system: 'be short' }, 'system'],
    [{ suffix: 'end', system: 'be short' }, 'system'],
    [{ raw: true, images: ['/9j/'] }, 'images'],
    [{ raw: true, logprobs: true }, 'logprobs'],
  ])('%j -> refused, the field is named', (change, field) => {
    const asked = generate(change);
    const result = completionField(asked) === null ? promptToChat(asked) : promptToCompletion(asked);
    expect(result).toMatchObject({ ok: false, error: { field } });
  });
});

it('embeddings: texts and dimensions -> as numbers', () => {
  expect(toEmbedding(embedSchema.parse({ model: 'm', input: ['a', 'b'], dimensions: 2, truncate: true, keep_alive: 0 }))).toEqual({
    model: 'm',
    input: ['a', 'b'],
    dimensions: 2,
    encoding_format: 'float',
  });
});

const imagesOf = (count: number) => ({ ...HI, images: Array.from({ length: count }, () => '/9j/') });

it('1,000 images in several messages -> valid', () => {
  expect(validate({ ...CHAT, messages: [imagesOf(500), HI, imagesOf(500)] }, chatSchema).ok).toBe(true);
});

it('230,000 images -> refused within 150 ms of CPU time', () => {
  const body = { ...CHAT, messages: Array.from({ length: 230 }, () => imagesOf(1000)) };
  expect(cpuMsOf(() => validate(body, chatSchema))).toBeLessThan(150);
});

it.each<readonly [string, Parameters<typeof validate>[1], object, string]>([
  ['chat', chatSchema, { messages: [HI] }, 'model'],
  ['chat', chatSchema, { ...CHAT, messages: 'hi' }, 'messages'],
  ['chat', chatSchema, { ...CHAT, messages: [{ content: 'hi' }] }, 'messages[0].role'],
  ['chat', chatSchema, { ...CHAT, messages: [{ ...HI, images: [7] }] }, 'messages[0].images[0]'],
  ['chat', chatSchema, { ...CHAT, messages: [imagesOf(1), imagesOf(999), imagesOf(1)] }, 'messages[2].images'],
  ['chat', chatSchema, { ...CHAT, messages: [imagesOf(1001)] }, 'messages[0].images'],
  ['generate', generateSchema, { model: 'm', images: imagesOf(1001).images }, 'images'],
  ['chat', chatSchema, { ...CHAT, format: 'yaml' }, 'format'],
  ['chat', chatSchema, { ...CHAT, think: 'very' }, 'think'],
  ['chat', chatSchema, { ...CHAT, options: { temperature: 'hot' } }, 'options.temperature'],
  ['chat', chatSchema, { ...CHAT, tools: [{ type: 'function' }] }, 'tools[0].function'],
  ['generate', generateSchema, { model: 'm', prompt: 7 }, 'prompt'],
  ['embed', embedSchema, { model: 'm', input: [7] }, 'input'],
  ['show', showSchema, {}, 'model'],
])('%s: invalid -> the field is named', (_path, schema, body, field) => {
  expect(validate(body, schema)).toMatchObject({ ok: false, error: { field } });
});
