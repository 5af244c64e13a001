// The figures of one run. TTFT: time to the first token. TPOT: time per further token.
export interface Outcome {
  readonly ttftSeconds: number;
  readonly tpotSeconds: number;
  readonly endSeconds: number;
  readonly promptTokens: number;
  readonly cachedTokens: number;
}

export interface Figures {
  readonly ttftP50: number;
  readonly ttftP90: number;
  readonly ttftP99: number;
  readonly tpotP50: number;
  readonly endP90: number;
  /** Share of the requests with TTFT <= 2 s and TPOT <= 50 ms. */
  readonly goodput: number;
  /** Share of the prompt tokens that came from a cache. */
  readonly cached: number;
  readonly lost: number;
}

const GOOD = { ttftSeconds: 2, tpotSeconds: 0.05 } as const;

export function figuresOf(outcomes: readonly Outcome[], sent: number): Figures {
  const quantile = (value: (outcome: Outcome) => number, share: number): number => {
    const sorted = outcomes.map(value).sort((a, b) => a - b);
    return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN;
  };
  const sum = (value: (outcome: Outcome) => number): number => outcomes.reduce((total, outcome) => total + value(outcome), 0);
  const isGood = ({ ttftSeconds, tpotSeconds }: Outcome): boolean => ttftSeconds <= GOOD.ttftSeconds && tpotSeconds <= GOOD.tpotSeconds;
  return {
    ttftP50: quantile(({ ttftSeconds }) => ttftSeconds, 0.5),
    ttftP90: quantile(({ ttftSeconds }) => ttftSeconds, 0.9),
    ttftP99: quantile(({ ttftSeconds }) => ttftSeconds, 0.99),
    tpotP50: quantile(({ tpotSeconds }) => tpotSeconds, 0.5),
    endP90: quantile(({ endSeconds }) => endSeconds, 0.9),
    goodput: outcomes.filter(isGood).length / sent,
    cached: sum(({ cachedTokens }) => cachedTokens) / sum(({ promptTokens }) => promptTokens),
    lost: sent - outcomes.length,
  };
}
