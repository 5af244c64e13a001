// When a stream without `[DONE]` has said all.
import { expect, test } from 'vitest';
import { hearOfEnd, isComplete, NO_END } from '../../../../../src/main/runtimes/core/openai/stream-end';
import { chatChunks } from '../../../../support/stand-ins/openai-answers';

const choice = (index: number | undefined, reason?: string | null) => ({ choices: [{ index, delta: {}, finish_reason: reason }] });

test.each<[string, readonly unknown[], boolean]>([
  ['nothing', [], false],
  ['a chat with the reason of its end', chatChunks, true],
  ['a chat without it', chatChunks.slice(0, -1), false],
  ['the tokens after the reason', [...chatChunks, { choices: [], usage: {} }], true],
  ['a reason before the last words', [choice(0, 'stop'), choice(0, null)], true],
  ['two choices of which one goes on', [choice(0, 'stop'), choice(1)], false],
  ['two choices at their ends', [choice(0), choice(1), choice(1, 'length'), choice(0, 'stop')], true],
  ['a choice without a number', [choice(undefined), choice(undefined, 'stop')], true],
  ['an event of something else', [{ n: 0 }, 'text', { choices: 7 }], false],
  ['the last event of sound', [{ type: 'transcript.text.delta' }, { type: 'transcript.text.done' }], true],
  ['another event after it', [{ type: 'transcript.text.done' }, { type: 'x' }], false],
])('%s', (_what, events, expected) => {
  expect(isComplete(events.reduce(hearOfEnd, NO_END))).toBe(expected);
});
