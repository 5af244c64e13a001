// The days of limits per day: from midnight to midnight in a time zone. A day has 23 or 25 hours when the clocks change. Pure.

export interface LocalDay {
  /** For example `2026-11-30`. */
  readonly name: string;
  readonly startWallMs: number;
  /** The first instant of the next day. */
  readonly endWallMs: number;
}

const HOUR_MS = 3_600_000;
/** No day of a time zone is longer: clocks change by one or two hours, and once by a day. */
const MAX_DAY_MS = 49 * HOUR_MS;

export function localDayAt(wallMs: number, timeZone: string): LocalDay {
  const format = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
  const name = format.format(wallMs);
  const isToday = (otherWallMs: number): boolean => format.format(otherWallMs) === name;
  return {
    name,
    startWallMs: firstWallMs(wallMs - MAX_DAY_MS, wallMs, isToday),
    endWallMs: firstWallMs(wallMs, wallMs + MAX_DAY_MS, (otherWallMs) => !isToday(otherWallMs)),
  };
}

/** The first instant after `beforeWallMs` for which the condition holds. It holds from there on up to `untilWallMs`. */
function firstWallMs(beforeWallMs: number, untilWallMs: number, holds: (wallMs: number) => boolean): number {
  let [before, at] = [Math.floor(beforeWallMs), Math.floor(untilWallMs)];
  while (at - before > 1) {
    const middle = Math.floor((before + at) / 2);
    if (holds(middle)) at = middle;
    else before = middle;
  }
  return at;
}

/** Whether a day that was found earlier is the present one. */
export const isWithin = ({ startWallMs, endWallMs }: LocalDay, wallMs: number): boolean => wallMs >= startWallMs && wallMs < endWallMs;
