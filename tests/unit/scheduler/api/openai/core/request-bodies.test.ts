// The fields of requests to the OpenAI paths.
import { expect, test } from 'vitest';
import { transcriptionBodySchema, translationBodySchema } from '../../../../../../src/main/scheduler/api/openai/core/request-bodies';

const body = { model: 'whisper', file: { filename: 'a.wav', content_type: 'audio/wav', base64: 'AAAA' } };

test.each([
  ['absent', undefined, true],
  ['false', false, true],
  ['true', true, false],
  ['not a boolean', 'yes', false],
])('stream of a translation: %s', (_what, stream, isValid) => {
  expect(translationBodySchema.safeParse({ ...body, stream }).success).toBe(isValid);
  expect(transcriptionBodySchema.safeParse({ ...body, stream }).success).toBe(stream !== 'yes');
});

test('stream of a translation -> the error says that it is not possible', () => {
  const read = translationBodySchema.safeParse({ ...body, stream: true });
  expect(read.error?.issues).toMatchObject([{ path: ['stream'], message: 'translations are not streamed' }]);
});
