import { expect, test } from 'vitest';
import { messageIn } from '../../../src/shared/protocol/codes';
import { durationText } from '../../../src/shared/reasons/refusals';

test.each([
  [-5, '0s'],
  [0, '0s'],
  [0.2, '1ms'],
  [120, '120ms'],
  [1000, '1s'],
  [1001, '2s'],
  [59_000, '59s'],
  [60_000, '1m0s'],
  [360_000, '6m0s'],
  [3_599_500, '1h0m0s'],
  [50_700_000, '14h5m0s'],
])('duration of %d ms -> %s', (ms, text) => {
  expect(durationText(ms)).toBe(text);
});

test.each<readonly [object, string, string]>([
  [{ limit: 'requests_per_second', max: 4 }, '4 requests per second', '每秒 4 个请求'],
  [{ limit: 'megabytes_per_minute', max: 1 }, '1 MB of requests per minute', '每分钟 1 MB 的请求数据'],
  [{ limit: 'queued', max: 9, found: 9 }, '9 queued jobs, 9 in the queue', '9 个排队任务，队列中已有 9 个'],
  [{ limit: 'streams', max: 2, found: 2 }, '2 streams at once, 2 open', '同时 2 个流，进行中 2 个'],
  [{ limit: 'background_responses', max: 8, found: 8 }, '8 background responses at once, 8 running', '同时 8 个后台响应，进行中 8 个'],
  [{ limit: 'background_megabytes', max: 64 }, '64 MB of background responses at once', '同时 64 MB 的后台响应'],
  [
    { limit: 'background_megabytes_of_all', max: 256 },
    '256 MB of background responses of all keys at once',
    '所有密钥同时 256 MB 的后台响应',
  ],
  [
    { limit: 'tokens_per_day', max: 700, found: 710, retry_after_seconds: 22_327 },
    '700 tokens per day, 710 used; try again in 6h12m7s',
    '每天 700 个词元，已用 710 个；请在 6 小时 12 分钟 7 秒后重试',
  ],
  [
    { limit: 'tokens_per_minute', max: 7, found: 7, retry_after_seconds: 60 },
    '7 tokens per minute, 7 used; try again in 1m0s',
    '每分钟 7 个词元，已用 7 个；请在 1 分钟后重试',
  ],
  [
    { limit: 'tokens_per_day', max: 1000, found: 900, reserved: 600, retry_after_seconds: 60 },
    '1000 tokens per day, 300 used, 600 reserved for open requests; try again in 1m0s',
    '每天 1000 个词元，已用 300 个，进行中的请求预留 600 个；请在 1 分钟后重试',
  ],
  [
    { limit: 'tokens_per_day', max: 500, found: 19, reserved: 0, wanted: 1026, retry_after_seconds: 60 },
    '500 tokens per day, 19 used, this request may need 1026; try again in 1m0s',
    '每天 500 个词元，已用 19 个，此请求可能需要 1026 个；请在 1 分钟后重试',
  ],
  [{ limit: 'max_at_once', max: 1, found: 1, reserved: 0 }, '1 request at once, 1 open', '同时 1 个请求，进行中 1 个'],
  [{ limit: 'requests_per_minute', max: 1, found: 1 }, '1 request per minute, 1 used', '每分钟 1 个请求，已用 1 个'],
])('message of the limit %j', (details, en, zh) => {
  expect(messageIn('LIMIT_REACHED', 'en', { ...details })).toBe(`this key has reached a limit: ${en}`);
  expect(messageIn('LIMIT_REACHED', 'zh', { ...details })).toBe(`此密钥已达到上限：${zh}`);
});

test('message: details of another kind, or of another code -> the text of the code alone', () => {
  expect(messageIn('LIMIT_REACHED', 'en', { limit: 'questions', max: 8 })).toBe('this key has reached a limit');
  expect(messageIn('NOT_FOUND', 'zh', { reason: 'expired' })).toBe('不存在');
});
