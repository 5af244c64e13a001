// The loaded lines of the log counted by equal spans of time: what the histogram draws.
import type { LogLine } from '../../../shared/api/logs';

/** `toWallMs` is the first instant after the span. */
export interface TimeSpan {
  readonly fromWallMs: number;
  readonly toWallMs: number;
}

export interface LogBucket extends TimeSpan {
  readonly lines: number;
  /** Of the lines. */
  readonly warnings: number;
  readonly errors: number;
}

export interface LogBuckets {
  readonly stepMs: number;
  /** The earliest one first, without gaps. The first and the last one have lines. */
  readonly buckets: readonly LogBucket[];
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Spans that begin at round times. */
const STEPS = [
  ...[1, 2, 5, 10, 15, 30].map((count) => count * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((count) => count * MINUTE),
  ...[1, 2, 3, 6, 12].map((count) => count * HOUR),
];

/** In at most `most` spans. `offsetMs`: local time minus UTC, so that days begin at midnight. Null: no line. */
export function logBuckets(lines: readonly Pick<LogLine, 'at' | 'level'>[], most: number, offsetMs: number): LogBuckets | null {
  let [oldest, newest] = [Infinity, -Infinity];
  for (const { at } of lines) {
    oldest = Math.min(oldest, at);
    newest = Math.max(newest, at);
  }
  if (oldest > newest) return null;
  const indexOf = (wallMs: number, stepMs: number): number => Math.floor((wallMs + offsetMs) / stepMs);
  const spansOf = (stepMs: number): number => indexOf(newest, stepMs) - indexOf(oldest, stepMs) + 1;
  const days = Math.ceil((newest - oldest + DAY) / (DAY * Math.max(1, most - 1)));
  const stepMs = STEPS.find((step) => spansOf(step) <= most) ?? days * DAY;
  const first = indexOf(oldest, stepMs);
  const counts = Array.from({ length: spansOf(stepMs) }, () => ({ lines: 0, warnings: 0, errors: 0 }));
  for (const { at, level } of lines) {
    const count = counts[indexOf(at, stepMs) - first];
    if (count === undefined) continue;
    count.lines++;
    if (level === 'warn') count.warnings++;
    if (level === 'error') count.errors++;
  }
  const startOf = (i: number): number => (first + i) * stepMs - offsetMs;
  return { stepMs, buckets: counts.map((count, i) => ({ fromWallMs: startOf(i), toWallMs: startOf(i + 1), ...count })) };
}

export const isWithin = (wallMs: number, { fromWallMs, toWallMs }: TimeSpan): boolean => wallMs >= fromWallMs && wallMs < toWallMs;

/**
 * The spans whose beginning is written below them: at multiples of a round step, whole minutes where the spans reach over two of them. At
 * most `most`.
 */
export function ticksOf(buckets: readonly TimeSpan[], stepMs: number, most: number, offsetMs: number): readonly number[] {
  const least = buckets.length * stepMs >= 2 * MINUTE ? Math.max(stepMs, MINUTE) : stepMs;
  const at = (every: number): readonly number[] =>
    buckets.flatMap(({ fromWallMs }, i) => ((fromWallMs + offsetMs) % every === 0 ? [i] : []));
  const steps = [...STEPS, ...[1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 5000].map((days) => days * DAY)];
  const fitting = steps.find((every) => every >= least && every % stepMs === 0 && at(every).length <= most);
  return fitting === undefined ? [] : at(fitting);
}
