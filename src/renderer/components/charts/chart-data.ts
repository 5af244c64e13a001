// What a chart shows, and the pure part of drawing it: heights of stacked series, gaps, isolated samples. Unknown is a gap, never 0.

/**
 * `owner`: hatched area from the baseline. `pool`: area above the owner's. `total`: load that is not divided, a grey area. `line`: a line.
 * `steps`: an area with steps, for counts that change at once.
 */
export type SeriesKind = 'owner' | 'pool' | 'total' | 'line' | 'steps';
export type Value = number | null;

export interface ChartSeries {
  readonly label: string;
  readonly kind: SeriesKind;
  /** One value for each time. Null: not reported. */
  readonly values: readonly Value[];
}

export interface ChartData {
  /** The ends of the time axis. Times after the last sample are the future and stay empty. */
  readonly fromWallMs: number;
  readonly toWallMs: number;
  /** Ascending. */
  readonly timesWallMs: readonly number[];
  readonly series: readonly ChartSeries[];
  /** The usual time between two samples: a much longer pause is a gap. Absent: only null is a gap. */
  readonly stepMs?: number;
}

export interface ChartEvent {
  readonly atWallMs: number;
  /** The cause, e.g. `Paused, job moved to render-03`. */
  readonly label: string;
}

export interface ChartLimit {
  readonly value: number;
  readonly label: string;
}

export interface Span {
  readonly fromWallMs: number;
  readonly toWallMs: number;
}

/** A pause of this many steps is a gap: one late sample is none. */
const GAP_STEPS = 2.5;

/** The data with null values in each pause that is longer than usual. */
export function withGaps(data: ChartData): ChartData {
  const { stepMs, timesWallMs: times } = data;
  if (stepMs === undefined) return data;
  const pauses = times.flatMap((atWallMs, i) => {
    const next = times[i + 1];
    return next !== undefined && next - atWallMs > stepMs * GAP_STEPS ? [i] : [];
  });
  if (pauses.length === 0) return data;
  const after = new Set(pauses);
  return {
    ...data,
    timesWallMs: times.flatMap((atWallMs, i) => (after.has(i) ? [atWallMs, atWallMs + stepMs] : [atWallMs])),
    series: data.series.map((one) => ({ ...one, values: one.values.flatMap((value, i) => (after.has(i) ? [value, null] : [value])) })),
  };
}

/** The upper edge of each series. The pool's load is stacked above the owner's: without the owner's figure its height is not known. */
export function topsOf({ series }: ChartData): readonly (readonly Value[])[] {
  const owner = series.find(({ kind }) => kind === 'owner');
  return series.map(({ kind, values }) => {
    if (kind !== 'pool' || owner === undefined) return values;
    return values.map((value, i) => {
      const below = owner.values[i] ?? null;
      return value === null || below === null ? null : value + below;
    });
  });
}

/** The highest edge; null: no value is known. */
export function highestOf(data: ChartData): number | null {
  const known = topsOf(data).flatMap((top) => top.filter((value) => value !== null));
  return known.length === 0 ? null : known.reduce((one, other) => Math.max(one, other));
}

/** The times in which no series has a value, from the last known sample to the next. The time before the first sample is a gap, too. */
export function gapsOf({ fromWallMs, timesWallMs, series }: ChartData): readonly Span[] {
  const gaps: Span[] = [];
  let gapFromWallMs: number | null = fromWallMs;
  let lastWallMs = fromWallMs;
  for (const [i, atWallMs] of timesWallMs.entries()) {
    if (atWallMs < fromWallMs) {
      if (isKnown(series, i)) gapFromWallMs = null;
    } else if (isKnown(series, i)) {
      if (gapFromWallMs !== null && atWallMs > gapFromWallMs) gaps.push({ fromWallMs: gapFromWallMs, toWallMs: atWallMs });
      gapFromWallMs = null;
    } else {
      gapFromWallMs ??= lastWallMs;
    }
    lastWallMs = Math.max(atWallMs, fromWallMs);
  }
  if (gapFromWallMs !== null && lastWallMs > gapFromWallMs) gaps.push({ fromWallMs: gapFromWallMs, toWallMs: lastWallMs });
  return gaps;
}

const isKnown = (series: readonly ChartSeries[], i: number): boolean => series.some(({ values }) => values[i] != null);

/** The positions of values between two gaps: a line has no length there, so they are drawn as points. */
export const isolatedOf = (values: ArrayLike<number | null | undefined>): number[] =>
  Array.from(values).flatMap((value, i) => (value != null && values[i - 1] == null && values[i + 1] == null ? [i] : []));
