// Complete answers to requests for a stream, converted to events.
import { expect, test } from 'vitest';
import { eventsOf } from '../../../../src/shared/protocol/whole-answer-events';
import { chatAnswer, completionAnswer } from '../../../support/stand-ins/openai-answers';

const HEAD = { id: 'chatcmpl-1', created: 1_700_000_000, model: 'm', object: 'chat.completion.chunk' };
const WORDS = { index: 0, delta: { role: 'assistant', content: 'The node is ready.' }, finish_reason: null };
const END = { index: 0, delta: {}, finish_reason: 'stop' };
const { usage } = chatAnswer;

test('chat: an event with the text, then an event with finish reason and usage', () => {
  expect(eventsOf('/v1/chat/completions', chatAnswer, false)).toEqual([
    { ...HEAD, choices: [WORDS] },
    { ...HEAD, choices: [END], usage },
  ]);
});

test('chat: usage requested -> usage in its own event', () => {
  expect(eventsOf('/v1/chat/completions', chatAnswer, true)).toEqual([
    { ...HEAD, choices: [WORDS] },
    { ...HEAD, choices: [END] },
    { ...HEAD, choices: [], usage },
  ]);
});

test('chat: tool calls get an index, choices keep their order, optional fields may be absent', () => {
  const call = { id: 'c', type: 'function', function: { name: 'f', arguments: '{}' } };
  const body = {
    choices: [
      { message: { role: 'assistant', content: null, tool_calls: [call] }, finish_reason: 'tool_calls' },
      { message: { content: 'b' }, logprobs: null },
    ],
    usage: null,
  };
  expect(eventsOf('/v1/chat/completions', body, false)).toEqual([
    {
      object: 'chat.completion.chunk',
      choices: [
        { index: 0, delta: { role: 'assistant', content: null, tool_calls: [{ index: 0, ...call }] }, finish_reason: null },
        { index: 1, delta: { content: 'b' }, logprobs: null, finish_reason: null },
      ],
    },
    {
      object: 'chat.completion.chunk',
      choices: [
        { index: 0, delta: {}, finish_reason: 'tool_calls' },
        { index: 1, delta: {}, finish_reason: 'stop' },
      ],
    },
  ]);
});

test('completion: one event', () => {
  expect(eventsOf('/v1/completions', completionAnswer, false)).toEqual([completionAnswer]);
  expect(eventsOf('/v1/completions', { choices: [{ text: 'a' }] }, false)).toEqual([
    { object: 'text_completion', choices: [{ text: 'a' }] },
  ]);
});

test.each([
  undefined,
  null,
  'text',
  7,
  [],
  {},
  { error: { message: 'x' } },
  { text: 'a' },
  { choices: [] },
  { choices: [{}] },
  { choices: null },
])('answer: %j -> null', (body) => {
  expect(eventsOf('/v1/chat/completions', body, false)).toBeNull();
  expect(eventsOf('/v1/completions', body, false)).toBeNull();
});
