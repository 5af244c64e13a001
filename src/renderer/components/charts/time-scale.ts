// The time axis: round clock times of the local time zone, as many as their labels have space.

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const STEPS = [
  ...[1, 2, 5, 10, 15, 30].map((count) => count * MINUTE),
  ...[1, 2, 3, 6, 12].map((count) => count * HOUR),
  ...[1, 2, 7].map((count) => count * DAY),
];
/** A label with some space beside it. */
const LABEL_PX = 84;

export interface TimeTicks {
  readonly ticks: readonly number[];
  readonly stepMs: number;
}

/** `offsetMs`: local time minus UTC. */
export function timeTicks(fromWallMs: number, toWallMs: number, widthPx: number, offsetMs: number): TimeTicks {
  const least = ((toWallMs - fromWallMs) / Math.max(1, widthPx)) * LABEL_PX;
  const stepMs = STEPS.find((step) => step >= least) ?? Math.ceil(least / (7 * DAY)) * 7 * DAY;
  const first = Math.ceil((fromWallMs + offsetMs) / stepMs) * stepMs - offsetMs;
  const count = Math.max(0, Math.floor((toWallMs - first) / stepMs) + 1);
  return { ticks: Array.from({ length: count }, (_, i) => first + i * stepMs), stepMs };
}

/** Whether the label of a tick is a day: at midnight, and where ticks are days apart. */
export const isDayTick = (atWallMs: number, stepMs: number, offsetMs: number): boolean =>
  stepMs >= DAY || (atWallMs + offsetMs) % DAY === 0;
