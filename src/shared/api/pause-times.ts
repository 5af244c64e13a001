// The ends of a pause that an owner chooses, in the local time of this computer. Pure: the present time is a parameter.

/** The morning of the next day. */
const MORNING = { hours: 8, minutes: 0 } as const;

/** The next time at which a clock on the wall shows this time. */
export function nextClockTimeWallMs(nowWallMs: number, { hours, minutes }: { readonly hours: number; readonly minutes: number }): number {
  const today = new Date(nowWallMs).setHours(hours, minutes, 0, 0);
  return today > nowWallMs ? today : nextDayWallMs(today, { hours, minutes });
}

export const tomorrowWallMs = (nowWallMs: number): number => nextDayWallMs(nowWallMs, MORNING);

/** By the calendar: a day with a change of the clock has not 24 hours. */
function nextDayWallMs(fromWallMs: number, { hours, minutes }: { readonly hours: number; readonly minutes: number }): number {
  const day = new Date(fromWallMs);
  day.setDate(day.getDate() + 1);
  return day.setHours(hours, minutes, 0, 0);
}
