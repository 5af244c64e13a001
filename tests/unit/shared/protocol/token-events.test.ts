// The events of a stream that have a token.
import { expect, test } from 'vitest';
import { hasToken } from '../../../../src/shared/protocol/token-events';

const chunk = (delta: object | null) => ({ choices: [{ index: 0, delta, finish_reason: null }] });

test.each<[string, unknown, boolean]>([
  ['role', chunk({ role: 'assistant' }), false],
  ['role with empty text', chunk({ role: 'assistant', content: '' }), false],
  ['text', chunk({ content: 'a' }), true],
  ['reasoning', chunk({ content: null, reasoning_content: 'a' }), true],
  ['tool call', chunk({ tool_calls: [{ index: 0 }] }), true],
  ['no tool call', chunk({ tool_calls: [] }), false],
  ['text of a completion', { choices: [{ index: 0, text: 'a' }] }, true],
  ['end', { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] }, false],
  ['usage', { choices: [], usage: {} }, false],
  ['no event', 'text', false],
])('%s', (_case, event, expected) => {
  expect(hasToken(event)).toBe(expected);
});
