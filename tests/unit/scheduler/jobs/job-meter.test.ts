import { expect, test } from 'vitest';
import { requestShapeOf, shapeOfSize } from '../../../../src/main/scheduler/dispatch/prediction/request-shape';
import { DEFAULT_OUTPUT_TOKENS, estimatedTokens, promptTokensOf } from '../../../../src/main/scheduler/jobs/job-meter';
import type { OpenAiTask } from '../../../../src/shared/protocol/tasks';

const PROMPT = 'x'.repeat(401);
const shapeOf = (path: OpenAiTask['path'], body: object) =>
  requestShapeOf({ kind: 'openai', path, body: { model: 'm', ...body } }, '', null, 1);
const chat = (body: object) => shapeOf('/v1/chat/completions', { messages: [{ role: 'user', content: PROMPT }], ...body });

test.each([
  ['chat without a limit', chat({}), 102 + DEFAULT_OUTPUT_TOKENS],
  ['chat with max_tokens', chat({ max_tokens: 50 }), 102 + 50],
  ['chat with several answers', chat({ max_completion_tokens: 50, n: 3 }), 102 + 150],
  ['messages', shapeOf('/v1/messages', { max_tokens: 7, messages: [{ role: 'user', content: PROMPT }] }), 102 + 7],
  ['completion with tokens in place of a text', shapeOf('/v1/completions', { prompt: [1, 2, 3], max_tokens: 5 }), 3 + 5],
  ['embedding', shapeOf('/v1/embeddings', { input: PROMPT }), 101],
  ['rerank', shapeOf('/v1/rerank', { query: 'q'.repeat(4), documents: ['d'.repeat(8)] }), 3],
  ['speech', shapeOf('/v1/audio/speech', { input: PROMPT }), 0],
  ['a sound file', shapeOfSize('/v1/audio/transcriptions', 1_000_000), 0],
  ['a command', shapeOfSize('command', 1_000_000), 0],
])('estimate: %s -> %s', (_what, shape, tokens) => {
  expect(estimatedTokens(shape)).toBe(tokens);
  expect(promptTokensOf(shape)).toBeLessThanOrEqual(tokens);
});
