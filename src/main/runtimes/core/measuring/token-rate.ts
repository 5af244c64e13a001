// Derives the token rate of an answer: the runtime's own figure, else the number of tokens over the time since the first token.
import { MAX_TOKENS_PER_SECOND } from '../../../../shared/protocol/limits';
import { hasToken } from '../../../../shared/protocol/token-events';
import { figuresIn, MIN_TOKENS, NO_FIGURES, type ServerFigures } from './server-figures';

/** With fewer tokens, or all in one piece (a proxy that buffers the stream), there is no rate. */
const MIN_ARRIVALS = 4;
/** Events closer than this arrived in one piece. */
const APART_MS = 0.5;
const DIGITS = 4;

/** The tokens of a stream so far. */
export interface TokenTiming {
  /** Events with text, or with a part of a tool call. */
  readonly events: number;
  readonly arrivals: number;
  /** Times of the first and the last such event. */
  readonly firstAtMonotonicMs: number;
  readonly lastAtMonotonicMs: number;
  readonly figures: ServerFigures;
}

export const NO_TOKENS: TokenTiming = {
  events: 0,
  arrivals: 0,
  firstAtMonotonicMs: 0,
  lastAtMonotonicMs: 0,
  figures: NO_FIGURES,
};

/** Adds one event. Unreadable values are ignored. */
export function withEvent(timing: TokenTiming, data: unknown, atMonotonicMs: number): TokenTiming {
  const figures = figuresIn(data, timing.figures);
  if (!hasToken(data)) return figures === timing.figures ? timing : { ...timing, figures };
  const isApart = timing.events === 0 || atMonotonicMs - timing.lastAtMonotonicMs >= APART_MS;
  return {
    figures,
    events: timing.events + 1,
    arrivals: timing.arrivals + (isApart ? 1 : 0),
    firstAtMonotonicMs: timing.events === 0 ? atMonotonicMs : timing.firstAtMonotonicMs,
    lastAtMonotonicMs: atMonotonicMs,
  };
}

/** The tokens of an ended stream. Without a figure of the server: the number of events, which is an estimate. */
export const tokensOf = ({ figures, events }: TokenTiming): number => figures.completionTokens ?? events;

/** Whether the tokens came one after the other, so that their times show the speed of the model. */
export const isPaced = (timing: TokenTiming): boolean => timing.arrivals >= MIN_ARRIVALS;

/** Tokens per second of an ended stream. Null: no rate can be derived. */
export function rateOfStream(timing: TokenTiming): number | null {
  const { tokensPerSecond } = timing.figures;
  if (tokensPerSecond !== null) return bounded(tokensPerSecond);
  const tokens = tokensOf(timing);
  if (tokens < MIN_TOKENS || !isPaced(timing)) return null;
  // The time before the first token is not part of the rate.
  return bounded(((tokens - 1) * 1000) / (timing.lastAtMonotonicMs - timing.firstAtMonotonicMs));
}

/** Tokens read per second. Null: no rate can be derived. */
export function rateOfAnswer(body: unknown, tookMs: number): number | null {
  const { promptTokens, totalTokens } = figuresIn(body);
  const tokens = [promptTokens, totalTokens].find((one) => one !== null && one >= MIN_TOKENS) ?? null;
  return tokens === null || tookMs < APART_MS ? null : bounded((tokens * 1000) / tookMs);
}

const bounded = (perSecond: number): number => Number(Math.min(perSecond, MAX_TOKENS_PER_SECOND).toPrecision(DIGITS));
