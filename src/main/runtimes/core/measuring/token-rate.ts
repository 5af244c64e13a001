// Derives the token rate of an answer: the runtime's own figure, else the number of tokens over the time since the first token.
import { z } from 'zod';
import { MAX_TOKENS_PER_SECOND } from '../../../../shared/protocol/limits';

/** With fewer tokens, or all in one piece (a proxy that buffers the stream), there is no rate. */
const MIN_TOKENS = 4;
const MIN_ARRIVALS = 4;
/** Events closer than this arrived in one piece. */
const APART_MS = 0.5;
const DIGITS = 4;

/** The tokens of a stream so far. */
export interface TokenTiming {
  /** Events with text. */
  readonly events: number;
  readonly arrivals: number;
  /** Times of the first and the last event with text. */
  readonly firstAtMonotonicMs: number;
  readonly lastAtMonotonicMs: number;
  readonly usageTokens: number | null;
  readonly reportedPerSecond: number | null;
}

export const NO_TOKENS: TokenTiming = {
  events: 0,
  arrivals: 0,
  firstAtMonotonicMs: 0,
  lastAtMonotonicMs: 0,
  usageTokens: null,
  reportedPerSecond: null,
};

const text = z.string().nullish();
const deltaSchema = z.object({
  choices: z.tuple([z.object({ delta: z.object({ content: text, reasoning_content: text, reasoning: text }) })]),
});
const usageSchema = z.object({ usage: z.object({ completion_tokens: z.number().int().min(0) }) });
/** llama.cpp's own measurement, in its last event. */
const timingsSchema = z.object({
  timings: z.object({ predicted_n: z.number().min(MIN_TOKENS), predicted_per_second: z.number().positive() }),
});
const readSchema = z.object({
  usage: z.union([
    z.object({ prompt_tokens: z.number().min(MIN_TOKENS) }).transform(({ prompt_tokens: tokens }) => tokens),
    z.object({ total_tokens: z.number().min(MIN_TOKENS) }).transform(({ total_tokens: tokens }) => tokens),
  ]),
});

/** Adds one event. Unreadable values are ignored. */
export function withEvent(timing: TokenTiming, data: unknown, atMonotonicMs: number): TokenTiming {
  const usage = usageSchema.safeParse(data).data?.usage.completion_tokens ?? timing.usageTokens;
  const reported = timingsSchema.safeParse(data).data?.timings.predicted_per_second ?? timing.reportedPerSecond;
  const withFigures = { ...timing, usageTokens: usage, reportedPerSecond: reported };
  if (!hasText(data)) return withFigures;
  const isApart = timing.events === 0 || atMonotonicMs - timing.lastAtMonotonicMs >= APART_MS;
  return {
    ...withFigures,
    events: timing.events + 1,
    arrivals: timing.arrivals + (isApart ? 1 : 0),
    firstAtMonotonicMs: timing.events === 0 ? atMonotonicMs : timing.firstAtMonotonicMs,
    lastAtMonotonicMs: atMonotonicMs,
  };
}

function hasText(data: unknown): boolean {
  const delta = deltaSchema.safeParse(data).data?.choices[0].delta;
  return [delta?.content, delta?.reasoning_content, delta?.reasoning].some((part) => part != null && part !== '');
}

/** Tokens per second of an ended stream. Null: no rate can be derived. */
export function rateOfStream({
  events,
  arrivals,
  firstAtMonotonicMs,
  lastAtMonotonicMs,
  usageTokens,
  reportedPerSecond,
}: TokenTiming): number | null {
  if (reportedPerSecond !== null) return bounded(reportedPerSecond);
  const tokens = usageTokens ?? events;
  if (tokens < MIN_TOKENS || arrivals < MIN_ARRIVALS) return null;
  // The time before the first token is not part of the rate.
  return bounded(((tokens - 1) * 1000) / (lastAtMonotonicMs - firstAtMonotonicMs));
}

/** Tokens read per second. Null: no rate can be derived. */
export function rateOfAnswer(body: unknown, tookMs: number): number | null {
  const tokens = readSchema.safeParse(body).data?.usage;
  return tokens === undefined || tookMs < APART_MS ? null : bounded((tokens * 1000) / tookMs);
}

const bounded = (perSecond: number): number => Number(Math.min(perSecond, MAX_TOKENS_PER_SECOND).toPrecision(DIGITS));
