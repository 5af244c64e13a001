// The days of limits per day are days in UTC, as in the usage of the pool (ADR 0048): each has 24 hours, whatever the clocks of the host do.
// Pure.

export interface UtcDay {
  /** For example `2026-11-30`. */
  readonly name: string;
  /** The first instant of the next day. */
  readonly endWallMs: number;
}

const DAY_MS = 86_400_000;

export const utcDayAt = (wallMs: number): UtcDay => ({
  name: new Date(wallMs).toISOString().slice(0, 'yyyy-mm-dd'.length),
  endWallMs: (Math.floor(wallMs / DAY_MS) + 1) * DAY_MS,
});
