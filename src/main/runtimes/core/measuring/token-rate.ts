// How fast an answer came: by what the runtime itself tells, else by its tokens over the time after the first. Pure.
import { z } from 'zod';
import { MAX_TOKENS_PER_SECOND } from '../../../../shared/protocol/limits';

/** Fewer, or all in one piece (a proxy that gathers the stream), say nothing of the speed. */
const MIN_TOKENS = 4;
const MIN_ARRIVALS = 4;
/** Events closer than this came in one piece. */
const APART_MS = 0.5;
const DIGITS = 4;

/** What was heard of a stream so far. */
export interface Heard {
  /** Events with text. */
  readonly events: number;
  readonly arrivals: number;
  /** Of the first and the last event with text, ms. */
  readonly firstAtMs: number;
  readonly lastAtMs: number;
  readonly usageTokens: number | null;
  readonly toldPerSecond: number | null;
}

export const NOTHING_HEARD: Heard = { events: 0, arrivals: 0, firstAtMs: 0, lastAtMs: 0, usageTokens: null, toldPerSecond: null };

const text = z.string().nullish();
const deltaSchema = z.object({
  choices: z.tuple([z.object({ delta: z.object({ content: text, reasoning_content: text, reasoning: text }) })]),
});
const usageSchema = z.object({ usage: z.object({ completion_tokens: z.number().int().min(0) }) });
/** llama.cpp tells in its last event what it measured itself. */
const timingsSchema = z.object({
  timings: z.object({ predicted_n: z.number().min(MIN_TOKENS), predicted_per_second: z.number().positive() }),
});
const readSchema = z.object({
  usage: z.union([
    z.object({ prompt_tokens: z.number().min(MIN_TOKENS) }).transform(({ prompt_tokens: tokens }) => tokens),
    z.object({ total_tokens: z.number().min(MIN_TOKENS) }).transform(({ total_tokens: tokens }) => tokens),
  ]),
});

/** One more event of a stream, as it came. What cannot be read is passed over. */
export function hear(heard: Heard, data: unknown, atMs: number): Heard {
  const usage = usageSchema.safeParse(data).data?.usage.completion_tokens ?? heard.usageTokens;
  const told = timingsSchema.safeParse(data).data?.timings.predicted_per_second ?? heard.toldPerSecond;
  const withFigures = { ...heard, usageTokens: usage, toldPerSecond: told };
  if (!hasText(data)) return withFigures;
  const isApart = heard.events === 0 || atMs - heard.lastAtMs >= APART_MS;
  return {
    ...withFigures,
    events: heard.events + 1,
    arrivals: heard.arrivals + (isApart ? 1 : 0),
    firstAtMs: heard.events === 0 ? atMs : heard.firstAtMs,
    lastAtMs: atMs,
  };
}

function hasText(data: unknown): boolean {
  const delta = deltaSchema.safeParse(data).data?.choices[0].delta;
  return [delta?.content, delta?.reasoning_content, delta?.reasoning].some((part) => part != null && part !== '');
}

/** Tokens per second of a stream that has ended; null: it does not tell. */
export function rateOfStream({ events, arrivals, firstAtMs, lastAtMs, usageTokens, toldPerSecond }: Heard): number | null {
  if (toldPerSecond !== null) return bounded(toldPerSecond);
  const tokens = usageTokens ?? events;
  if (tokens < MIN_TOKENS || arrivals < MIN_ARRIVALS) return null;
  // The first token ended the waiting for it: it is no part of the pace.
  return bounded(((tokens - 1) * 1000) / (lastAtMs - firstAtMs));
}

/** Tokens read per second of an answer as a whole; null: it does not tell. */
export function rateOfAnswer(body: unknown, tookMs: number): number | null {
  const tokens = readSchema.safeParse(body).data?.usage;
  return tokens === undefined || tookMs < APART_MS ? null : bounded((tokens * 1000) / tookMs);
}

const bounded = (perSecond: number): number => Number(Math.min(perSecond, MAX_TOKENS_PER_SECOND).toPrecision(DIGITS));
