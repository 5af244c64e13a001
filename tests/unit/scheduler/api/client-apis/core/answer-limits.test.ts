// The limit of the characters of a translated stream.
import { expect, it } from 'vitest';
import { AnswerEncoder, MAX_TRANSLATED_CHARACTERS } from '../../../../../../src/main/scheduler/api/client-apis/core/answer-encoder';
import { messagesFormat } from '../../../../../../src/main/scheduler/api/client-apis/core/messages/messages-format';
import { startMessage } from '../../../../../../src/main/scheduler/api/client-apis/core/messages/stream';

const encoderOf = (isTranslated: boolean): AnswerEncoder =>
  new AnswerEncoder({
    format: messagesFormat,
    translated: isTranslated ? { data: { name: 'messages' }, answer: () => null, stream: startMessage } : null,
    choice: null,
    facts: { id: 'a', requestId: 'r', model: 'm', atWallMs: 0 },
    language: 'en',
  });
const TEXT = 'x'.repeat(MAX_TRANSLATED_CHARACTERS / 4);
const chunk = { choices: [{ delta: { content: TEXT } }] };

it('text at the limit, then one more character -> broken, no further text', () => {
  const encoder = encoderOf(true);
  for (let count = 0; count < 4; count++) expect(encoder.chunk(chunk)).toContain(TEXT);
  expect(encoder.isBroken).toBe(false);
  expect(encoder.chunk({ choices: [{ delta: { content: 'x' } }] })).toBe('');
  expect(encoder.isBroken).toBe(true);
  expect(encoder.end([])).toBe('');
});

it('text that waits behind an open call -> counted too', () => {
  const encoder = encoderOf(true);
  encoder.chunk({ choices: [{ delta: { tool_calls: [{ index: 0, id: 'a', function: { name: 'f', arguments: '' } }] } }] });
  for (let count = 0; count < 4; count++) encoder.chunk(chunk);
  expect(encoder.isBroken).toBe(true);
});

it('a native stream -> no limit', () => {
  const encoder = encoderOf(false);
  for (let count = 0; count < 5; count++) expect(encoder.chunk(chunk)).toContain(TEXT);
  expect(encoder.isBroken).toBe(false);
});
