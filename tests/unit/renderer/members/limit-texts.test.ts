import { expect, test } from 'vitest';
import {
  hasWrong,
  isWrong,
  limitsParam,
  limitTextsOf,
  NO_LIMITS,
  refusesRequests,
} from '../../../../src/renderer/pages/members/limit-texts';
import { keyLimitsSchema, updateKeyBodySchema } from '../../../../src/shared/api/members';

test.each([
  ['', false],
  [' ', false],
  ['1', false],
  [' 20 ', false],
  ['1000000', false],
  ['0', true],
  ['-1', true],
  ['1.5', true],
  ['1e3', true],
  ['many', true],
  ['1000001', true],
])('requests per minute "%s" -> wrong: %s, as for the scheduler', (text, wrong) => {
  expect(isWrong('requests_per_minute', text)).toBe(wrong);
  const texts = { ...NO_LIMITS, requests_per_minute: text };
  expect(hasWrong(texts)).toBe(wrong);
  const isAccepted = updateKeyBodySchema.safeParse({ limits: limitsParam(texts) }).success;
  expect(isAccepted).toBe(!wrong || text === '1e3');
});

test('the limits of a key -> texts -> the same limits', () => {
  const limits = keyLimitsSchema.parse({ requests_per_minute: 5, tokens_per_day: 1_000_000_000_000, priority: 'high', max_queued: 3 });
  const texts = limitTextsOf(limits);
  expect(texts).toEqual({ ...NO_LIMITS, requests_per_minute: '5', tokens_per_day: '1000000000000', priority: 'high' });
  const rest = { tokens_per_minute: null, max_at_once: null };
  expect(limitsParam(texts)).toEqual({ ...rest, requests_per_minute: 5, tokens_per_day: 1_000_000_000_000, priority: 'high' });
  expect(limitTextsOf(keyLimitsSchema.parse({}))).toEqual(NO_LIMITS);
});

test.each([
  ['', false],
  ['0', false],
  ['many', false],
  ['1', true],
  [' 1099 ', true],
  ['1100', false],
  ['1000000', false],
])('tokens per day "%s" -> too few for a request without max_tokens: %s', (text, few) => {
  expect(refusesRequests({ ...NO_LIMITS, tokens_per_day: text })).toBe(few);
});
