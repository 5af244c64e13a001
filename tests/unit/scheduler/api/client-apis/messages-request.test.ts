// Requests of the Messages API as chat completions, field by field, and what cannot be translated.
import { describe, expect, it } from 'vitest';
import { estimateTokens } from '../../../../../src/main/scheduler/api/client-apis/core/messages/estimate';
import { readRequest, translateMessages } from '../../../../../src/main/scheduler/api/client-apis/core/messages/request';
import { messagesBodySchema } from '../../../../../src/main/scheduler/api/client-apis/core/messages/request-schema';

const BASE = { model: 'm', max_tokens: 64, messages: [{ role: 'user', content: 'hi' }] };
const CHAT = { model: 'm', max_tokens: 64, messages: [{ role: 'user', content: 'hi' }] };
const translated = (change: object) => translateMessages(messagesBodySchema.parse({ ...BASE, ...change }));
const chatOf = (change: object) => {
  const result = translated(change);
  if (!result.ok) throw new Error(`${result.error.field}: ${result.error.reason}`);
  return result.value.chat;
};
const messagesOf = (...messages: readonly object[]) => chatOf({ messages }).messages;

const WEATHER = { name: 'weather', description: 'Of a city', input_schema: { type: 'object', properties: { city: { type: 'string' } } } };
const FUNCTION = {
  type: 'function',
  function: { name: 'weather', description: 'Of a city', parameters: { type: 'object', properties: { city: { type: 'string' } } } },
};

describe('fields', () => {
  it.each<readonly [string, object, object]>([
    ['the least', {}, CHAT],
    ['system as text', { system: 'be short' }, { ...CHAT, messages: [{ role: 'system', content: 'be short' }, ...CHAT.messages] }],
    [
      'system as blocks, cached',
      {
        system: [
          { type: 'text', text: 'one', cache_control: { type: 'ephemeral' } },
          { type: 'text', text: 'two' },
        ],
      },
      { ...CHAT, messages: [{ role: 'system', content: 'one\n\ntwo' }, ...CHAT.messages] },
    ],
    ['no system', { system: null }, CHAT],
    [
      'sampling',
      { temperature: 0, top_p: 0.5, top_k: 3, stop_sequences: ['END'] },
      { ...CHAT, temperature: 0, top_p: 0.5, top_k: 3, stop: ['END'] },
    ],
    ['empty lists', { stop_sequences: [], tools: [], mcp_servers: [] }, CHAT],
    ['stream', { stream: true }, { ...CHAT, stream: true, stream_options: { include_usage: true } }],
    ['user', { metadata: { user_id: 'u1' } }, { ...CHAT, user: 'u1' }],
    ['thinking', { thinking: { type: 'enabled', budget_tokens: 2048 } }, { ...CHAT, chat_template_kwargs: { enable_thinking: true } }],
    ['no thinking', { thinking: { type: 'disabled' } }, { ...CHAT, chat_template_kwargs: { enable_thinking: false } }],
    ['thinking as the model likes', { thinking: { type: 'adaptive' } }, CHAT],
    ['tools', { tools: [WEATHER] }, { ...CHAT, tools: [FUNCTION] }],
    [
      'tools, cached, of a type',
      { tools: [{ ...WEATHER, type: 'custom', cache_control: { type: 'ephemeral' } }] },
      { ...CHAT, tools: [FUNCTION] },
    ],
    ['auto', { tools: [WEATHER], tool_choice: { type: 'auto' } }, { ...CHAT, tools: [FUNCTION], tool_choice: 'auto' }],
    ['any', { tools: [WEATHER], tool_choice: { type: 'any' } }, { ...CHAT, tools: [FUNCTION], tool_choice: 'required' }],
    ['none', { tools: [WEATHER], tool_choice: { type: 'none' } }, { ...CHAT, tools: [FUNCTION], tool_choice: 'none' }],
    [
      'one tool, one at a time',
      { tools: [WEATHER], tool_choice: { type: 'tool', name: 'weather', disable_parallel_tool_use: true } },
      { ...CHAT, tools: [FUNCTION], tool_choice: { type: 'function', function: { name: 'weather' } }, parallel_tool_calls: false },
    ],
    [
      'structured output',
      { output_config: { effort: 'high', format: { type: 'json_schema', schema: { type: 'object' } } } },
      { ...CHAT, response_format: { type: 'json_schema', json_schema: { name: 'answer', schema: { type: 'object' }, strict: true } } },
    ],
    ['price, place and speed', { cache_control: { type: 'ephemeral' }, service_tier: 'auto', context_management: { edits: [] } }, CHAT],
  ])('%s', (_title, change, chat) => {
    expect(chatOf(change)).toEqual(chat);
  });
});

describe('messages', () => {
  it('text blocks -> one text', () => {
    expect(
      messagesOf({
        role: 'user',
        content: [
          { type: 'text', text: 'a' },
          { type: 'text', text: 'b' },
        ],
      }),
    ).toEqual([{ role: 'user', content: 'a\n\nb' }]);
  });

  it('images as base64 and as address -> image parts', () => {
    const image = (source: object) => ({ type: 'image', source });
    const content = [
      { type: 'text', text: 'what is it?' },
      image({ type: 'base64', media_type: 'image/png', data: 'iVBO' }),
      image({ type: 'url', url: 'https://example.org/a.png' }),
    ];
    expect(messagesOf({ role: 'user', content })).toEqual([
      {
        role: 'user',
        content: [
          { type: 'text', text: 'what is it?' },
          { type: 'image_url', image_url: { url: 'data:image/png;base64,iVBO' } },
          { type: 'image_url', image_url: { url: 'https://example.org/a.png' } },
        ],
      },
    ]);
  });

  it('thoughts, text and parallel calls of the assistant -> one message', () => {
    const content = [
      { type: 'thinking', thinking: 'hm', signature: 's' },
      { type: 'redacted_thinking', data: 'x' },
      { type: 'text', text: 'I look.' },
      { type: 'tool_use', id: 't1', name: 'weather', input: { city: 'Ulm' } },
      { type: 'tool_use', id: 't2', name: 'time', input: {} },
    ];
    const call = (id: string, name: string, args: string) => ({ id, type: 'function', function: { name, arguments: args } });
    expect(messagesOf({ role: 'assistant', content })).toEqual([
      {
        role: 'assistant',
        content: 'I look.',
        reasoning_content: 'hm',
        tool_calls: [call('t1', 'weather', '{"city":"Ulm"}'), call('t2', 'time', '{}')],
      },
    ]);
  });

  it('a call without text -> content is null', () => {
    const content = [{ type: 'tool_use', id: 't1', name: 'time', input: {} }];
    expect(messagesOf({ role: 'assistant', content })).toMatchObject([{ content: null }]);
  });

  it('results of tools, then text -> messages of the tools, then the user, with the images of the results', () => {
    const content = [
      { type: 'tool_result', tool_use_id: 't1', content: 'rain' },
      {
        type: 'tool_result',
        tool_use_id: 't2',
        is_error: true,
        content: [
          { type: 'text', text: 'a' },
          { type: 'text', text: 'b' },
          { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AA' } },
        ],
      },
      { type: 'tool_result', tool_use_id: 't3' },
      { type: 'text', text: 'go on' },
    ];
    expect(messagesOf({ role: 'user', content })).toEqual([
      { role: 'tool', tool_call_id: 't1', content: 'rain' },
      { role: 'tool', tool_call_id: 't2', content: 'a\nb' },
      { role: 'tool', tool_call_id: 't3', content: '' },
      {
        role: 'user',
        content: [
          { type: 'image_url', image_url: { url: 'data:image/png;base64,AA' } },
          { type: 'text', text: 'go on' },
        ],
      },
    ]);
  });

  it('the system in the middle -> its place is kept', () => {
    expect(messagesOf({ role: 'user', content: 'a' }, { role: 'system', content: 'b' })).toEqual([
      { role: 'user', content: 'a' },
      { role: 'system', content: 'b' },
    ]);
  });
});

describe('no counterpart in a chat completion -> the field is named', () => {
  const user = (block: object) => ({ messages: [{ role: 'user', content: [block] }] });
  it.each<readonly [string, object, string]>([
    ['server tool', { tools: [{ type: 'web_search_20250305', name: 'web_search' }] }, 'tools[0].type'],
    ['tool of the client with a fixed schema', { tools: [WEATHER, { type: 'bash_20250124', name: 'bash' }] }, 'tools[1].type'],
    [
      'document',
      user({ type: 'document', source: { type: 'base64', media_type: 'application/pdf', data: 'AA' } }),
      'messages[0].content[0].type',
    ],
    ['file as an image', user({ type: 'image', source: { type: 'file', file_id: 'f' } }), 'messages[0].content[0].source.type'],
    [
      'document in a result',
      user({ type: 'tool_result', tool_use_id: 't', content: [{ type: 'document' }] }),
      'messages[0].content[0].content[0].type',
    ],
    [
      'result of a server tool',
      { messages: [{ role: 'assistant', content: [{ type: 'web_search_tool_result' }] }] },
      'messages[0].content[0].type',
    ],
    ['MCP servers', { mcp_servers: [{ type: 'url', url: 'https://example.org' }] }, 'mcp_servers'],
    ['container', { container: 'c' }, 'container'],
    ['role', { messages: [{ role: 'tool', content: 'x' }] }, 'messages[0].role'],
    ['thinking of a new kind', { thinking: { type: 'quantum' } }, 'thinking.type'],
    ['no limit', { max_tokens: undefined }, 'max_tokens'],
    ['more than 8,192 messages', { messages: Array.from({ length: 8193 }, () => ({ role: 'user', content: 'x' })) }, 'messages'],
    [
      'more than 8,192 parts of results',
      user({ type: 'tool_result', tool_use_id: 't', content: Array.from({ length: 8192 }, () => ({ type: 'text', text: 'x' })) }),
      'messages',
    ],
  ])('%s', (_title, change, field) => {
    expect(translated(change)).toMatchObject({ ok: false, error: { field } });
  });
});

describe('estimated tokens', () => {
  const estimate = (change: object): number => {
    const read = readRequest(messagesBodySchema.parse({ ...BASE, max_tokens: undefined, ...change }));
    if (!read.ok) throw new Error(read.error.field);
    return estimateTokens(read.value);
  };
  const user = (content: unknown) => ({ messages: [{ role: 'user', content }] });

  it.each<readonly [string, object, number]>([
    ['English: four characters each, and four for the message', user('x'.repeat(400)), 104],
    ['Chinese: 0.7 for each character', user('词'.repeat(100)), 74],
    ['image', user([{ type: 'image', source: { type: 'url', url: 'https://example.org/a.png' } }]), 1004],
    ['system', { ...user(''), system: 'x'.repeat(40) }, 14],
    ['result of a tool', user([{ type: 'tool_result', tool_use_id: 't', content: 'x'.repeat(40) }]), 18],
  ])('%s', (_title, change, tokens) => {
    expect(estimate(change)).toBe(tokens);
  });

  it('tools count with their schemas', () => {
    expect(estimate({ tools: [WEATHER] })).toBeGreaterThan(estimate({}) + 15);
  });
});

it.each(['constructor', 'toString', 'hasOwnProperty'])('unknown field %s, a name of all objects -> named', (field) => {
  const outcome = translated({ [field]: 1 });
  expect(outcome).toMatchObject({ ok: false, error: { field } });
});
