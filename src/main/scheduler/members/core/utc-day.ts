// The days of limits per day are days in UTC, as in the usage of the pool (ADR 0048): each has 24 hours, whatever the clocks of the host do.
// Pure.
import { DAY_MS, dayNumberOf, dayOf } from '../../../../shared/api/usage';

export interface UtcDay {
  /** For example `2026-11-30`. */
  readonly name: string;
  /** The first instant of the next day. */
  readonly endWallMs: number;
}

export function utcDayAt(wallMs: number): UtcDay {
  const number = dayNumberOf(wallMs);
  return { name: dayOf(number), endWallMs: (number + 1) * DAY_MS };
}
