// Whole answers in the place of streams, as servers and proxies give them, and the events that clients read instead.
import { expect, test } from 'vitest';
import { eventsOf } from '../../../../src/shared/protocol/whole-answer-events';
import { chatAnswer, completionAnswer } from '../../../support/stand-ins/openai-answers';

const HEAD = { id: 'chatcmpl-1', created: 1_700_000_000, model: 'm', object: 'chat.completion.chunk' };
const WORDS = { index: 0, delta: { role: 'assistant', content: 'The node is ready.' }, finish_reason: null };
const END = { index: 0, delta: {}, finish_reason: 'stop' };
const { usage } = chatAnswer;

test('a chat is an event with the words, and one with the reason of its end and the tokens', () => {
  expect(eventsOf('/v1/chat/completions', chatAnswer, false)).toEqual([
    { ...HEAD, choices: [WORDS] },
    { ...HEAD, choices: [END], usage },
  ]);
});

test('the tokens have an event of their own where it was asked for', () => {
  expect(eventsOf('/v1/chat/completions', chatAnswer, true)).toEqual([
    { ...HEAD, choices: [WORDS] },
    { ...HEAD, choices: [END] },
    { ...HEAD, choices: [], usage },
  ]);
});

test('calls of tools are numbered, every choice keeps its place, and a server need not tell more', () => {
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

test('a completion is one event of its own shape', () => {
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
])('%j is no answer', (body) => {
  expect(eventsOf('/v1/chat/completions', body, false)).toBeNull();
  expect(eventsOf('/v1/completions', body, false)).toBeNull();
});
