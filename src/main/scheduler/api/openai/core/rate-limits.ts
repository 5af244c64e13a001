// The limits of a key as OpenAI's headers show them, and the failure of a request that is over one (ADR 0047).
import type { ProgramLimitName, ProgramLimitReached } from '../../../../../shared/api/program-limits';
import type { Localized } from '../../../../../shared/language';
import type { RateLimit, RateLimits } from '../../../members/core/program-limits';
import { type OpenAiFailure, serverFailure } from './openai-error';

/** OpenAI's clients do not wait longer, and would repeat the request too early. */
const MAX_CLIENT_WAIT_SECONDS = 60;
const SECONDS_PER_MINUTE = 60;
const SECONDS_PER_HOUR = 3600;
const MS_PER_SECOND = 1000;

/** For the OpenAPI document. */
export const rateLimitHeaderTexts = {
  'X-RateLimit-Limit-Requests': 'Requests per minute of the key. Absent, as the next two: no limit.',
  'X-RateLimit-Remaining-Requests': 'How many of them are left now.',
  'X-RateLimit-Reset-Requests': 'When all of them are left, such as `1s` or `6m0s`.',
  'X-RateLimit-Limit-Tokens':
    'Tokens per minute or per day of the key: the limit of which less is left. Absent, as the next two: no limit.',
  'X-RateLimit-Remaining-Tokens': 'How many of them are left now. Tokens that open requests reserved are used.',
  'X-RateLimit-Reset-Tokens': 'When all of them are left.',
};

export function rateLimitHeaders({ requests, tokens }: RateLimits): Readonly<Record<string, string>> {
  return { ...headersOf('requests', requests), ...headersOf('tokens', tokens) };
}

const headersOf = (unit: keyof RateLimits, rate: RateLimit | null): Record<string, string> =>
  rate === null
    ? {}
    : {
        [`x-ratelimit-limit-${unit}`]: String(rate.limit),
        [`x-ratelimit-remaining-${unit}`]: String(rate.remaining),
        [`x-ratelimit-reset-${unit}`]: durationText(rate.resetMs),
      };

/** As OpenAI writes durations: `120ms`, `1s`, `6m0s`, `14h5m0s`. */
export function durationText(ms: number): string {
  if (ms <= 0) return '0s';
  if (ms < MS_PER_SECOND) return `${String(Math.ceil(ms))}ms`;
  const all = Math.ceil(ms / MS_PER_SECOND);
  const [hours, minutes] = [Math.floor(all / SECONDS_PER_HOUR), Math.floor((all % SECONDS_PER_HOUR) / SECONDS_PER_MINUTE)];
  const seconds = `${String(all % SECONDS_PER_MINUTE)}s`;
  if (hours > 0) return `${String(hours)}h${String(minutes)}m${seconds}`;
  return minutes > 0 ? `${String(minutes)}m${seconds}` : seconds;
}

const LIMIT_TEXTS: Readonly<Record<ProgramLimitName, (max: string, found: string) => Localized>> = {
  requests_per_minute: (max, found) => ({ en: `${max} requests per minute, ${found} used`, zh: `每分钟 ${max} 个请求，已用 ${found} 个` }),
  tokens_per_minute: (max, found) => ({ en: `${max} tokens per minute, ${found} used`, zh: `每分钟 ${max} 个词元，已用 ${found} 个` }),
  tokens_per_day: (max, found) => ({ en: `${max} tokens per day, ${found} used`, zh: `每天 ${max} 个词元，已用 ${found} 个` }),
  max_at_once: (max, found) => ({ en: `${max} requests at once, ${found} open`, zh: `同时 ${max} 个请求，进行中 ${found} 个` }),
};

export function limitFailure({ limit, max, found, retryAfterSeconds }: ProgramLimitReached): OpenAiFailure {
  const failure = serverFailure('LIMIT_REACHED', { limit, max, found, retry_after_seconds: retryAfterSeconds });
  const { en, zh } = LIMIT_TEXTS[limit](String(max), String(found));
  const wait = durationText(retryAfterSeconds * MS_PER_SECOND);
  return {
    ...failure,
    retryAfterSeconds,
    mayRetry: retryAfterSeconds < MAX_CLIENT_WAIT_SECONDS,
    reason: { en: `${en}; try again in ${wait}`, zh: `${zh}；请在 ${String(retryAfterSeconds)} 秒后重试` },
  };
}
