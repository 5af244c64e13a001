// The size of the text that a node generated.
import { Buffer } from 'node:buffer';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { answerBytesOf, outputBytesOf } from '../../../../../src/main/scheduler/jobs/machine/answer-bytes';

const event = (delta: object) => ({ choices: [{ index: 0, delta }] });

function nested(depth: number): unknown {
  let value: unknown = 'a';
  for (let i = 0; i < depth; i++) value = [value];
  return value;
}

test.each<[string, unknown, number]>([
  ['event of a chat', event({ role: 'assistant', content: 'hello' }), 5],
  ['event with a role only', event({ role: 'assistant' }), 0],
  ['reasoning under two names', event({ reasoning_content: 'abc', reasoning: 'abc' }), 3],
  ['part of a tool call', event({ tool_calls: [{ index: 0, id: 'call_1', function: { name: 'find', arguments: '{"a"' } }] }), 8],
  ['event of a completion', { choices: [{ text: 'ab' }] }, 2],
  ['complete chat with two choices', { choices: [{ message: { content: 'ab' } }, { message: { content: 'cde' } }] }, 5],
  ['Chinese text', event({ content: '你好' }), 6],
  ['log probabilities do not count', { choices: [{ delta: { content: 'a' }, logprobs: { content: [{ token: 'aaaa' }] } }] }, 1],
  ['part of a message', { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: '你好' } }, 6],
  ['thought of a message', { type: 'content_block_delta', delta: { type: 'thinking_delta', thinking: 'abc' } }, 3],
  ['input of a tool', { type: 'content_block_delta', delta: { type: 'input_json_delta', partial_json: '{"a"' } }, 4],
  ['start of a tool', { type: 'content_block_start', content_block: { type: 'tool_use', id: 't', name: 'find', input: {} } }, 4],
  [
    'complete message',
    {
      type: 'message',
      content: [
        { type: 'text', text: 'ab' },
        { type: 'tool_use', id: 't', name: 'find', input: { a: 1 } },
      ],
    },
    13,
  ],
  ['part of a response', { type: 'response.output_text.delta', delta: 'abc' }, 3],
  ['text of a response that was sent before', { type: 'response.output_text.done', text: 'abc' }, 0],
  ['complete response', { object: 'response', output: [{ type: 'message', content: [{ type: 'output_text', text: 'abc' }] }] }, 3],
  ['call of a function', event({ function_call: { name: 'find', arguments: '{"a"' } }), 8],
  ['list of parts', event({ content: [{ type: 'text', text: 'abc' }] }), 3],
  ['details of reasoning', event({ reasoning_details: [{ type: 'reasoning.text', text: 'abc', signature: 'xxxx', index: 0 }] }), 3],
  ['reasoning and its details', event({ reasoning: 'abc', reasoning_details: [{ type: 'reasoning.text', text: 'abc' }] }), 3],
  ['unknown fields of an event', event({ role: 'assistant', id: 'c', plan: { steps: ['ab', { say: 'c' }] } }), 3],
  ['unknown fields of a message', { type: 'content_block_delta', delta: { type: 'plan_delta', plan: ['abc'] } }, 3],
  ['end of a message', { type: 'message_delta', delta: { stop_reason: 'end_turn', stop_sequence: 'x' } }, 0],
  ['many values', event({ content: Array(1_000_000).fill('a') }), 9998],
  ['deep values', event({ content: nested(5000) }), 1],
  ['embeddings', { data: [{ embedding: [1, 2] }] }, 0],
  ['not an answer', 'text', 0],
])('%s', (_case, answer, bytes) => {
  expect(answerBytesOf(answer)).toBe(bytes);
});

test('output of a result: its body, or its events', () => {
  expect(outputBytesOf({ status: 200, body: { choices: [{ message: { content: 'abc' } }] } })).toBe(3);
  expect(outputBytesOf({ status: 200, body: null, events: [event({ content: 'ab' }), event({ content: 'c' })] })).toBe(3);
  expect(outputBytesOf(null)).toBe(0);
});

test('any text -> as many bytes as in UTF-8', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (content) => {
      expect(answerBytesOf(event({ content }))).toBe(Buffer.byteLength(content));
    }),
  );
});
