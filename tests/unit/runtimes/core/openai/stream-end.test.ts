// When a stream without `[DONE]` is complete.
import { expect, test } from 'vitest';
import { streamEndAfter, isComplete, NO_END } from '../../../../../src/main/runtimes/core/openai/stream-end';
import { chatChunks } from '../../../../support/stand-ins/openai-answers';

const choice = (index: number | undefined, reason?: string | null) => ({ choices: [{ index, delta: {}, finish_reason: reason }] });

test.each<[string, readonly unknown[], boolean]>([
  ['no event', [], false],
  ['chat with a finish reason', chatChunks, true],
  ['chat without a finish reason', chatChunks.slice(0, -1), false],
  ['usage after the finish reason', [...chatChunks, { choices: [], usage: {} }], true],
  ['finish reason before the last delta', [choice(0, 'stop'), choice(0, null)], true],
  ['two choices, one unfinished', [choice(0, 'stop'), choice(1)], false],
  ['two finished choices', [choice(0), choice(1), choice(1, 'length'), choice(0, 'stop')], true],
  ['choice without an index', [choice(undefined), choice(undefined, 'stop')], true],
  ['other events', [{ n: 0 }, 'text', { choices: 7 }], false],
  ['last event of an audio stream', [{ type: 'transcript.text.delta' }, { type: 'transcript.text.done' }], true],
  ['message', [{ type: 'message_start' }, { type: 'message_stop' }], true],
  ['message without its end', [{ type: 'message_start' }, { type: 'message_delta' }], false],
  ['response', [{ type: 'response.created' }, { type: 'response.completed' }], true],
  ['failed response', [{ type: 'response.failed' }], true],
  ['incomplete response', [{ type: 'response.incomplete' }], true],
  ['part of a response', [{ type: 'response.created' }, { type: 'response.output_text.done' }], false],
  ['another event after the last one', [{ type: 'transcript.text.done' }, { type: 'x' }], false],
])('isComplete: %s', (_title, events, expected) => {
  expect(isComplete(events.reduce(streamEndAfter, NO_END))).toBe(expected);
});
