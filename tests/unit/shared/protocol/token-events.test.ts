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
  ['text of a message', { type: 'content_block_delta', delta: { type: 'text_delta', text: 'a' } }, true],
  ['thought of a message', { type: 'content_block_delta', delta: { type: 'thinking_delta', thinking: 'a' } }, true],
  ['part of a tool call', { type: 'content_block_delta', delta: { type: 'input_json_delta', partial_json: '{' } }, true],
  ['signature', { type: 'content_block_delta', delta: { type: 'signature_delta', signature: 'a' } }, false],
  ['start of a message', { type: 'message_start', message: {} }, false],
  ['text of a response', { type: 'response.output_text.delta', delta: 'a' }, true],
  ['end of a text of a response', { type: 'response.output_text.done', text: 'a' }, false],
  ['transcription', { type: 'transcript.text.delta', delta: 'a' }, false],
  ['no event', 'text', false],
])('%s', (_case, event, expected) => {
  expect(hasToken(event)).toBe(expected);
});
