import { describe, expect, test } from 'vitest';
import { submitFailure } from '../../../../../../src/main/scheduler/api/openai/core/job-failure';
import { messageOf } from '../../../../../../src/main/scheduler/api/openai/core/openai-error';
import { rateLimitHeaders } from '../../../../../../src/main/scheduler/api/openai/core/rate-limits';

test('headers: only of the limits that the key has', () => {
  const rate = { limit: 60, remaining: 59, resetMs: 1000 };
  expect(rateLimitHeaders({ requests: null, tokens: null })).toEqual({});
  expect(rateLimitHeaders({ requests: rate, tokens: { limit: 150_000, remaining: 149_984, resetMs: 360_000 } })).toEqual({
    'x-ratelimit-limit-requests': '60',
    'x-ratelimit-remaining-requests': '59',
    'x-ratelimit-reset-requests': '1s',
    'x-ratelimit-limit-tokens': '150000',
    'x-ratelimit-remaining-tokens': '149984',
    'x-ratelimit-reset-tokens': '6m0s',
  });
});

describe('failure', () => {
  test.each([
    [
      'requests_per_minute',
      'this key has reached a limit: 20 requests per minute, 20 used; try again in 3s',
      '此密钥已达到上限：每分钟 20 个请求，已用 20 个；请在 3 秒后重试',
    ],
    [
      'tokens_per_minute',
      'this key has reached a limit: 20 tokens per minute, 20 used; try again in 3s',
      '此密钥已达到上限：每分钟 20 个词元，已用 20 个；请在 3 秒后重试',
    ],
    [
      'tokens_per_day',
      'this key has reached a limit: 20 tokens per day, 20 used; try again in 3s',
      '此密钥已达到上限：每天 20 个词元，已用 20 个；请在 3 秒后重试',
    ],
    [
      'max_at_once',
      'this key has reached a limit: 20 requests at once, 20 open; try again in 3s',
      '此密钥已达到上限：同时 20 个请求，进行中 20 个；请在 3 秒后重试',
    ],
  ] as const)('%s -> the limit, its value, the use and the wait', (limit, en, zh) => {
    const failure = submitFailure({ code: 'LIMIT_REACHED', limit, max: 20, found: 20, reserved: 0, retryAfterSeconds: 3 });
    expect([messageOf(failure, 'en'), messageOf(failure, 'zh')]).toEqual([en, zh]);
    expect(failure).toMatchObject({
      status: 429,
      retryAfterSeconds: 3,
      mayRetry: true,
      error: {
        type: 'rate_limit_error',
        code: 'limit_reached',
        muster: { limit, max: 20, found: 20, reserved: 0, retry_after_seconds: 3 },
      },
    });
  });

  test('a limit of tokens -> also what the request wants', () => {
    const failure = submitFailure({
      code: 'LIMIT_REACHED',
      limit: 'tokens_per_day',
      max: 20,
      found: 5,
      reserved: 0,
      wanted: 16,
      retryAfterSeconds: 3,
    });
    expect(failure.error.muster).toEqual({ limit: 'tokens_per_day', max: 20, found: 5, reserved: 0, wanted: 16, retry_after_seconds: 3 });
  });

  test('a wait that no client library waits for -> no retry by the library', () => {
    const reached = { code: 'LIMIT_REACHED', limit: 'tokens_per_day', max: 20, found: 20, reserved: 0 } as const;
    expect(submitFailure({ ...reached, retryAfterSeconds: 59 }).mayRetry).toBe(true);
    expect(submitFailure({ ...reached, retryAfterSeconds: 60 })).toMatchObject({ mayRetry: false, retryAfterSeconds: 60 });
  });
});
