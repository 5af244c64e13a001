import { expect, test } from 'vitest';
import {
  DEFAULT_OUTPUT_TOKENS,
  expectedTokens,
  promptTokensOf,
  tokensOfAnswer,
  tokensOfPart,
  totalOf,
} from '../../../../../src/main/scheduler/dispatch/prediction/counted-tokens';
import type { JobTimings } from '../../../../../src/main/scheduler/dispatch/prediction/job-timings';
import { requestShapeOf, shapeOfSize } from '../../../../../src/main/scheduler/dispatch/prediction/request-shape';
import type { OpenAiTask } from '../../../../../src/shared/protocol/tasks';
import { NO_TIMINGS } from '../../../../support/no-timings';

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
  expect(expectedTokens(shape)).toBe(tokens);
  expect(promptTokensOf(shape)).toBeLessThanOrEqual(tokens);
});

const timings = (change: Partial<JobTimings>): JobTimings => ({ ...NO_TIMINGS, ...change });
const embedding = shapeOf('/v1/embeddings', { input: PROMPT });
const counted = (prompt: number, cached: number, output: number, isEstimated: boolean) => ({ prompt, cached, output, isEstimated });

/** The request has 500 bytes, the answer 300: 75 tokens by its size. */
test.each([
  ['as reported', chat({}), { promptTokens: 130, cachedTokens: 4, completionTokens: 60 }, counted(130, 4, 60, false)],
  ['as reported, without the cache', chat({}), { promptTokens: 130, completionTokens: 60 }, counted(130, 0, 60, false)],
  ['a prompt of images, reported', chat({}), { promptTokens: 1500, completionTokens: 60 }, counted(1500, 0, 60, false)],
  ['nothing reported -> by the size of the text', chat({}), null, counted(102, 0, 75, true)],
  ['only the prompt -> the answer by its size', chat({}), { promptTokens: 130 }, counted(130, 0, 75, true)],
  ['only the answer -> the prompt by its size', chat({}), { completionTokens: 60 }, counted(102, 0, 60, true)],
  ['zero tokens for a prompt -> by its size', chat({}), { promptTokens: 0, completionTokens: 60 }, counted(102, 0, 60, true)],
  ['more than the prompt can have', chat({}), { promptTokens: 1525, completionTokens: 60 }, counted(102, 0, 75, true)],
  ['more than the answer can have', chat({}), { promptTokens: 130, completionTokens: 365 }, counted(102, 0, 75, true)],
  ['more than max_tokens', chat({ max_tokens: 50 }), { promptTokens: 130, completionTokens: 60 }, counted(102, 0, 75, true)],
  ['too few for the text', chat({}), { promptTokens: 130, completionTokens: 9 }, counted(130, 0, 75, true)],
  ['more from the cache than the prompt', chat({}), { promptTokens: 9, cachedTokens: 10 }, counted(102, 0, 75, true)],
  ['durations that cannot be true', chat({}), { decodeMs: 1e9, promptTokens: 130, completionTokens: 60 }, counted(130, 0, 60, false)],
  ['embedding: no output', embedding, { promptTokens: 110, completionTokens: 5 }, counted(110, 0, 0, false)],
  ['embedding with units, which are no tokens', embedding, { inputUnits: 401 }, counted(101, 0, 0, true)],
  ['speech', shapeOf('/v1/audio/speech', { input: PROMPT }), { inputUnits: 30 }, null],
  ['a sound file', shapeOfSize('/v1/audio/transcriptions', 1_000_000), { promptTokens: 30 }, null],
  ['a command', shapeOfSize('command', 500), null, null],
])('whole answer: %s', (_what, shape, reported, tokens) => {
  const bytes = { requestBytes: 500, answerBytes: 300 };
  expect(tokensOfAnswer(reported === null ? null : timings(reported), shape, bytes)).toEqual(tokens);
});

test('answer that broke off -> the part that the client has; without a part -> none', () => {
  const part = tokensOfPart(chat({}), 81);
  expect(part).toEqual(counted(102, 0, 21, true));
  expect([totalOf(part), totalOf(tokensOfPart(chat({}), null)), totalOf(null)]).toEqual([123, 0, 0]);
  expect(tokensOfPart(chat({}), 0), 'content without a text').toEqual(counted(102, 0, 0, true));
  expect(tokensOfPart(shapeOf('/v1/audio/speech', { input: PROMPT }), 0)).toBeNull();
});
