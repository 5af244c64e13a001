// Tables: a request of the Responses API as a chat completion. The forms of both are those of OpenAI's API reference.
import { expect, it } from 'vitest';
import { cpuMsOf } from '../../../../../../support/cpu-time';
import { chatOf, hello, parameters, withMessages } from './chat-of';

it.each<[string, object, object]>([
  ['text', {}, withMessages(hello)],
  ['instructions', { instructions: 'be brief' }, withMessages({ role: 'system', content: 'be brief' }, hello)],
  ['message without a type', { input: [{ role: 'user', content: 'hello' }] }, withMessages(hello)],
  [
    'developer message after instructions -> one system message',
    {
      instructions: 'be brief',
      input: [
        { role: 'developer', content: [{ type: 'input_text', text: 'no jokes' }] },
        { ...hello, type: 'message' },
      ],
    },
    withMessages({ role: 'system', content: 'be brief\n\nno jokes' }, hello),
  ],
  [
    'developer message later -> system message of its own',
    { input: [hello, { role: 'developer', content: 'no jokes' }] },
    withMessages(hello, { role: 'system', content: 'no jokes' }),
  ],
  [
    'two texts of a user -> parts',
    {
      input: [
        {
          role: 'user',
          content: [
            { type: 'input_text', text: 'a' },
            { type: 'input_text', text: 'b' },
          ],
        },
      ],
    },
    withMessages({
      role: 'user',
      content: [
        { type: 'text', text: 'a' },
        { type: 'text', text: 'b' },
      ],
    }),
  ],
  [
    'image',
    {
      input: [
        {
          role: 'user',
          content: [
            { type: 'input_text', text: 'what?' },
            { type: 'input_image', image_url: 'data:image/png;base64,AA==', detail: 'low' },
          ],
        },
      ],
    },
    withMessages({
      role: 'user',
      content: [
        { type: 'text', text: 'what?' },
        { type: 'image_url', image_url: { url: 'data:image/png;base64,AA==', detail: 'low' } },
      ],
    }),
  ],
  [
    'audio',
    { input: [{ role: 'user', content: [{ type: 'input_audio', input_audio: { data: 'AA==', format: 'wav' } }] }] },
    withMessages({ role: 'user', content: [{ type: 'input_audio', input_audio: { data: 'AA==', format: 'wav' } }] }),
  ],
  [
    'answer and refusal of the model',
    {
      input: [
        {
          type: 'message',
          id: 'msg_1',
          status: 'completed',
          role: 'assistant',
          content: [{ type: 'output_text', text: 'hi', annotations: [] }],
        },
        { type: 'message', role: 'assistant', content: [{ type: 'refusal', refusal: 'no' }] },
      ],
    },
    withMessages({ role: 'assistant', content: 'hi' }, { role: 'assistant', content: 'no' }),
  ],
  [
    'reasoning, text, two calls and their outputs -> one turn, two tool messages',
    {
      input: [
        hello,
        { type: 'reasoning', id: 'rs_1', summary: [], content: [{ type: 'reasoning_text', text: 'think' }] },
        { type: 'message', role: 'assistant', content: 'wait' },
        { type: 'function_call', call_id: 'c1', name: 'weather', arguments: '{"city":"Bonn"}' },
        { type: 'function_call', call_id: 'c2', name: 'weather', arguments: '{"city":"Rome"}' },
        { type: 'function_call_output', call_id: 'c1', output: 'rain' },
        { type: 'function_call_output', call_id: 'c2', output: [{ type: 'input_text', text: 'sun' }] },
      ],
    },
    withMessages(
      hello,
      {
        role: 'assistant',
        content: 'wait',
        reasoning_content: 'think',
        reasoning: 'think',
        tool_calls: [
          { id: 'c1', type: 'function', function: { name: 'weather', arguments: '{"city":"Bonn"}' } },
          { id: 'c2', type: 'function', function: { name: 'weather', arguments: '{"city":"Rome"}' } },
        ],
      },
      { role: 'tool', tool_call_id: 'c1', content: 'rain' },
      { role: 'tool', tool_call_id: 'c2', content: 'sun' },
    ),
  ],
  [
    'reasoning sealed by the pool -> its text; by another service -> nothing',
    {
      input: [
        { type: 'reasoning', summary: [], encrypted_content: 'muster-plain:think' },
        { type: 'function_call', call_id: 'c1', name: 'f', arguments: '{}' },
        { type: 'function_call_output', call_id: 'c1', output: 'ok' },
        { type: 'reasoning', summary: [], encrypted_content: 'gAAAAB' },
        { type: 'message', role: 'assistant', content: 'done' },
      ],
    },
    withMessages(
      {
        role: 'assistant',
        content: null,
        reasoning_content: 'think',
        reasoning: 'think',
        tool_calls: [{ id: 'c1', type: 'function', function: { name: 'f', arguments: '{}' } }],
      },
      { role: 'tool', tool_call_id: 'c1', content: 'ok' },
      { role: 'assistant', content: 'done' },
    ),
  ],
  [
    'image in an output -> message of the user after all outputs',
    {
      input: [
        { type: 'function_call', call_id: 'c1', name: 'f', arguments: '{}' },
        { type: 'function_call', call_id: 'c2', name: 'f', arguments: '{}' },
        { type: 'function_call_output', call_id: 'c1', output: [{ type: 'input_image', image_url: 'https://e.org/a.png' }] },
        { type: 'function_call_output', call_id: 'c2', output: 'ok' },
      ],
    },
    withMessages(
      {
        role: 'assistant',
        content: null,
        tool_calls: [
          { id: 'c1', type: 'function', function: { name: 'f', arguments: '{}' } },
          { id: 'c2', type: 'function', function: { name: 'f', arguments: '{}' } },
        ],
      },
      { role: 'tool', tool_call_id: 'c1', content: '' },
      { role: 'tool', tool_call_id: 'c2', content: 'ok' },
      { role: 'user', content: [{ type: 'image_url', image_url: { url: 'https://e.org/a.png' } }] },
    ),
  ],
  [
    'custom call and command of the past',
    {
      input: [
        { type: 'custom_tool_call', call_id: 'c1', name: 'apply_patch', input: '*** Begin' },
        { type: 'custom_tool_call_output', call_id: 'c1', output: 'ok' },
        { type: 'local_shell_call', id: 'lsh_1', call_id: 'c2', status: 'completed', action: { type: 'exec', command: ['ls'], env: {} } },
        { type: 'local_shell_call_output', id: 'c2', output: 'a.txt' },
      ],
    },
    withMessages(
      {
        role: 'assistant',
        content: null,
        tool_calls: [{ id: 'c1', type: 'function', function: { name: 'apply_patch', arguments: '{"input":"*** Begin"}' } }],
      },
      { role: 'tool', tool_call_id: 'c1', content: 'ok' },
      {
        role: 'assistant',
        content: null,
        tool_calls: [{ id: 'c2', type: 'function', function: { name: 'local_shell', arguments: '{"command":["ls"]}' } }],
      },
      { role: 'tool', tool_call_id: 'c2', content: 'a.txt' },
    ),
  ],
  [
    'settings',
    {
      max_output_tokens: 64,
      temperature: 0.5,
      top_p: 0.9,
      top_logprobs: 2,
      reasoning: { effort: 'low', summary: 'auto' },
      user: 'u',
      prompt_cache_key: 'k',
      seed: 7,
      metadata: { a: 'b' },
      truncation: 'disabled',
      service_tier: 'auto',
      store: false,
      stream: true,
    },
    {
      ...withMessages(hello),
      temperature: 0.5,
      top_p: 0.9,
      user: 'u',
      prompt_cache_key: 'k',
      max_tokens: 64,
      reasoning_effort: 'low',
      logprobs: true,
      top_logprobs: 2,
      seed: 7,
      stream: true,
      stream_options: { include_usage: true },
    },
  ],
  ['logprobs by include', { include: ['message.output_text.logprobs'] }, { ...withMessages(hello), logprobs: true, top_logprobs: 0 }],
  [
    'json_schema',
    { text: { verbosity: 'low', format: { type: 'json_schema', name: 'city', schema: parameters, strict: true } } },
    {
      ...withMessages(hello),
      verbosity: 'low',
      response_format: { type: 'json_schema', json_schema: { name: 'city', schema: parameters, strict: true } },
    },
  ],
  ['json_object', { text: { format: { type: 'json_object' } } }, { ...withMessages(hello), response_format: { type: 'json_object' } }],
  ['plain text format', { text: { format: { type: 'text' } } }, withMessages(hello)],
  ['null fields', { instructions: null, tools: null, conversation: null, prompt: null, text: null }, withMessages(hello)],
])('request: %s', (_, fields, chat) => {
  expect(chatOf(fields)).toEqual(chat);
});

it('limits: tools of all namespaces, parts of all items -> refused before they are read', () => {
  const tools = Array.from({ length: 200 }, (_, space) => ({
    type: 'namespace',
    name: `n${String(space)}`,
    tools: Array.from({ length: 150 }, (__, index) => ({ type: 'function', name: `f${String(index)}` })),
  }));
  expect(chatOf({ tools })).toEqual({ field: 'tools', reason: 'more than 4096 with those of namespaces' });
  expect(cpuMsOf(() => chatOf({ tools }))).toBeLessThan(100);
  const content = Array.from({ length: 9000 }, () => ({ type: 'input_text', text: '' }));
  const item = { role: 'user', content };
  const reason = 'more than 32768 parts with the conversation before';
  expect(chatOf({ input: [item, item] }, [item, item])).toEqual({ field: 'input', reason });
  expect(chatOf({ input: [item, item, item] })).toHaveProperty('messages');
  const reasoning = { type: 'reasoning', summary: Array.from({ length: 40_000 }, () => ({ text: '' })) };
  expect(chatOf({ input: [item, reasoning] })).toEqual({ field: 'input', reason });
});
