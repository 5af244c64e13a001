// The limits of a key as OpenAI's headers show them, and the failure of a request that is over one (ADR 0047).
import type { ProgramLimitReached } from '../../../../../shared/api/program-limits';
import { durationText } from '../../../../../shared/reasons/refusals';
import type { RateLimit, RateLimits } from '../../../members/core/program-limits';
import { type OpenAiFailure, serverFailure } from './openai-error';

/** OpenAI's clients do not wait longer, and would repeat the request too early. */
const MAX_CLIENT_WAIT_SECONDS = 60;

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

export function limitFailure({ retryAfterSeconds, ...figures }: ProgramLimitReached): OpenAiFailure {
  const failure = serverFailure('LIMIT_REACHED', { ...figures, retry_after_seconds: retryAfterSeconds });
  return { ...failure, retryAfterSeconds, mayRetry: retryAfterSeconds < MAX_CLIENT_WAIT_SECONDS };
}
