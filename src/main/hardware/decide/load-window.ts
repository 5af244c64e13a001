// Smooths a load: the mean over the last 30 s, weighted by time. It is defined from the first reading on. While no reading is added, it
// stays: the last reading of a figure that cannot be measured now.

const SMOOTHING_MS = 30_000;

export interface LoadReading {
  readonly endsAtMonotonicMs: number;
  /** The time that the reading covers. More than 0. */
  readonly durationMs: number;
  /** May be slightly below 0 or above 100, because it is a difference of two measurements. The mean is bounded. */
  readonly percent: number;
}

/** The readings of the last 30 s before the newest one, in order. */
export type LoadWindow = readonly LoadReading[];

export const EMPTY_WINDOW: LoadWindow = [];

export function withReading(window: LoadWindow, reading: LoadReading): LoadWindow {
  const startsAtMonotonicMs = reading.endsAtMonotonicMs - SMOOTHING_MS;
  return [...window.filter(({ endsAtMonotonicMs }) => endsAtMonotonicMs > startsAtMonotonicMs), reading];
}

/** Percent from 0 to 100 with one decimal. Null: there is no reading. Of the oldest reading only the part inside the 30 s counts. */
export function meanOf(window: LoadWindow): number | null {
  const newest = window.at(-1);
  if (newest === undefined) return null;
  const startsAtMonotonicMs = newest.endsAtMonotonicMs - SMOOTHING_MS;
  let sum = 0;
  let sumMs = 0;
  for (const { endsAtMonotonicMs, durationMs, percent } of window) {
    const insideMs = Math.min(durationMs, endsAtMonotonicMs - startsAtMonotonicMs);
    sum += percent * insideMs;
    sumMs += insideMs;
  }
  return Math.min(100, Math.max(0, Math.round((sum / sumMs) * 10) / 10));
}
