// The value axis: from 0 to the total, or to a round value above the highest one, with two to four grid lines above the baseline.

export type ChartScale =
  /** A known total, such as 100 % or 24 GB. */
  | { readonly total: number }
  /** The axis ends at a round value above the highest one, and at least here. */
  | { readonly atLeast: number };

/** Each of them can be halved to a number of one decimal. */
const ROUND = [1, 1.2, 1.6, 2, 2.4, 3, 4, 6, 8, 10];
/** Below this height, labels of four grid lines are too close. */
const FOUR_LINES_FROM_PX = 150;

export function roundAbove(value: number): number {
  if (!(value > 0)) return 0;
  const power = 10 ** Math.floor(Math.log10(value));
  const step = ROUND.find((round) => round * power >= value * (1 - 1e-9)) ?? 10;
  // Without the noise of a product such as 6 * 0.1.
  return Number((step * power).toPrecision(6));
}

export function topOf(scale: ChartScale, highest: number | null): number {
  if ('total' in scale) return scale.total;
  return roundAbove(Math.max(scale.atLeast, highest ?? 0));
}

/** From 0 to the top. Four lines only where their labels are whole numbers: half a job is none. */
export function valueTicks(top: number, heightPx: number): readonly number[] {
  const parts = heightPx >= FOUR_LINES_FROM_PX && Number.isInteger(top / 4) ? 4 : 2;
  return Array.from({ length: parts + 1 }, (_, i) => (top * i) / parts);
}
