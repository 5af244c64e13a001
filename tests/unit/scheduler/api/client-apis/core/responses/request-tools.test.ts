// Tables: the tools of a Responses request as functions, fields that cannot be translated, and the request of Codex.
import { expect, it } from 'vitest';
import { chatOf, hello, parameters, withMessages } from './chat-of';
import { CODEX_CHAT, CODEX_REQUEST } from './codex-request';

const weather = { type: 'function', name: 'weather', description: 'the weather', parameters, strict: true };
const weatherChat = { type: 'function', function: { name: 'weather', description: 'the weather', parameters, strict: true } };
const other = { type: 'function', name: 'other', parameters: null };
const otherChat = { type: 'function', function: { name: 'other' } };

it.each<[string, object, object]>([
  ['function', { tools: [weather] }, { tools: [weatherChat] }],
  ['parallel calls', { tools: [weather], parallel_tool_calls: false }, { tools: [weatherChat], parallel_tool_calls: false }],
  ['no tools -> their settings are left out', { tools: [], tool_choice: 'auto', parallel_tool_calls: true }, {}],
  [
    'choice by name',
    { tools: [weather], tool_choice: { type: 'function', name: 'weather' } },
    { tools: [weatherChat], tool_choice: { type: 'function', function: { name: 'weather' } } },
  ],
  [
    'allowed tools -> the shorter list',
    { tools: [weather, other], tool_choice: { type: 'allowed_tools', mode: 'required', tools: [{ type: 'function', name: 'other' }] } },
    { tools: [otherChat], tool_choice: 'required' },
  ],
  [
    'search that Codex sends unasked -> left out',
    { tools: [{ type: 'web_search', external_web_access: true }, other] },
    { tools: [otherChat] },
  ],
  ['the same with a cache', { tools: [{ type: 'web_search', external_web_access: false }] }, {}],
  [
    'namespace -> names with a prefix',
    {
      tools: [{ type: 'namespace', name: 'mcp__git', description: 'git', tools: [other] }],
      tool_choice: { type: 'function', namespace: 'mcp__git', name: 'other' },
    },
    {
      tools: [{ type: 'function', function: { name: 'mcp__git__other' } }],
      tool_choice: { type: 'function', function: { name: 'mcp__git__other' } },
    },
  ],
])('tools: %s', (_, fields, chat) => {
  expect(chatOf(fields)).toEqual({ ...withMessages(hello), ...chat });
});

const message = (part: object) => ({ input: [{ role: 'user', content: [{ type: 'input_text', text: 'a' }, part] }] });

it.each<[string, object]>([
  ['tools[1].type', { tools: [weather, { type: 'web_search' }] }],
  ['tools[0].type', { tools: [{ type: 'file_search', vector_store_ids: [] }] }],
  ['tools[0].type', { tools: [{ type: 'code_interpreter' }] }],
  ['tools[0].type', { tools: [{ type: 'mcp', server_label: 'a' }] }],
  ['tools[0].name', { tools: [{ type: 'function' }] }],
  ['tools[1].name', { tools: [weather, weather] }],
  ['tools[0].tools[0].type', { tools: [{ type: 'namespace', name: 'n', tools: [{ type: 'mcp' }] }] }],
  ['tool_choice.type', { tools: [weather], tool_choice: { type: 'web_search_preview' } }],
  ['tool_choice.name', { tools: [weather], tool_choice: { type: 'function', name: 'other' } }],
  ['tool_choice', { tools: [weather], tool_choice: 'sometimes' }],
  ['input[0].content[1].type', message({ type: 'input_file', file_id: 'file-1' })],
  ['input[0].content[1].file_id', message({ type: 'input_image', file_id: 'file-1' })],
  ['input[0].content[1].image_url', message({ type: 'input_image' })],
  ['input[0].content[1].text', message({ type: 'input_text' })],
  ['input[0].role', { input: [{ role: 'tool', content: 'a' }] }],
  ['input[1].type', { input: [hello, { type: 'web_search_call', id: 'ws_1' }] }],
  ['input[0].call_id', { input: [{ type: 'function_call', name: 'f', arguments: '{}' }] }],
  ['input[0].output', { input: [{ type: 'function_call_output', call_id: 'c' }] }],
  ['input', { input: [] }],
  ['input', { input: 5 }],
  ['model', { model: '' }],
  ['text.format', { text: { format: { type: 'json_schema', name: 'a' } } }],
  ['truncation', { truncation: 'auto' }],
  ['prompt', { prompt: { id: 'p' } }],
  ['conversation', { conversation: 'conv_1' }],
  ['context_management', { context_management: [{ type: 'compaction' }] }],
  ['surprise', { surprise: 1 }],
  ['max_output_tokens', { max_output_tokens: 'many' }],
  ['previous_response_id', { previous_response_id: '../x' }],
])('request: not translatable -> names %s', (field, fields) => {
  const error = chatOf(fields) as { readonly field: string };
  expect(error.field.startsWith(field) ? field : error).toBe(field);
});

it('context: the conversation comes before the input, after the instructions; its faults name previous_response_id', () => {
  const context = [
    { type: 'message', role: 'user', content: 'first' },
    { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'one' }] },
  ];
  const before = [
    { role: 'user', content: 'first' },
    { role: 'assistant', content: 'one' },
  ];
  expect(chatOf({ instructions: 'i' }, context)).toEqual(withMessages({ role: 'system', content: 'i' }, ...before, hello));
  expect(chatOf({}, [{ type: 'web_search_call' }])).toMatchObject({ field: 'previous_response_id.type' });
});

it('Codex: its request -> a chat completion with all its tools', () => {
  expect(chatOf(CODEX_REQUEST)).toEqual(CODEX_CHAT);
});

it('items: too many, alone or with the conversation before -> refused', () => {
  const many = (count: number) =>
    Array.from({ length: count }, () => ({ type: 'function_call', call_id: 'c', name: 'f', arguments: '{}' }));
  expect(chatOf({ input: many(10_001) })).toMatchObject({ field: 'input' });
  expect(chatOf({ input: many(1) }, many(10_000))).toMatchObject({ field: 'input' });
  expect(chatOf({ input: many(10_000) })).toMatchObject({ messages: [{ role: 'assistant' }] });
});
