// The hours in which a computer shares, in the configuration: `mon-fri 18:00-08:00`, `sat-sun 00:00-24:00`, `22:00-06:00`. The times are those
// of a clock on the wall of this computer. Hours that end before they begin go on until the next day.

const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const DAYS_OF_A_WEEK = DAYS.length;
const MINUTES_OF_A_DAY = 24 * 60;

export interface SharingHours {
  /** The days on which the hours begin. 0: Sunday. */
  readonly days: readonly number[];
  readonly fromMinutes: number;
  readonly toMinutes: number;
}

/** Null: not such hours. */
export function parseSharingHours(text: string): SharingHours | null {
  const [, dayText, from = '', to = ''] = /^(?:(\S+)\s+)?(\d{1,2}:\d{2})\s*-\s*(\d{1,2}:\d{2})$/.exec(text.trim().toLowerCase()) ?? [];
  const [days, fromMinutes, toMinutes] = [daysOf(dayText), minutesOf(from), minutesOf(to)];
  if (days === null || fromMinutes === null || toMinutes === null) return null;
  if (fromMinutes === toMinutes || fromMinutes === MINUTES_OF_A_DAY) return null;
  return { days, fromMinutes, toMinutes };
}

function daysOf(text: string | undefined): readonly number[] | null {
  if (text === undefined) return DAYS.map((_, day) => day);
  const [first = '', last = first, ...more] = text.split('-');
  const [from, to] = [DAYS.indexOf(first), DAYS.indexOf(last)];
  if (from < 0 || to < 0 || more.length > 0) return null;
  const count = ((to - from + DAYS_OF_A_WEEK) % DAYS_OF_A_WEEK) + 1;
  return Array.from({ length: count }, (_, index) => (from + index) % DAYS_OF_A_WEEK);
}

function minutesOf(text: string): number | null {
  const [hours, minutes] = text.split(':').map(Number);
  if (hours === undefined || minutes === undefined || minutes > 59) return null;
  const total = hours * 60 + minutes;
  return Number.isFinite(total) && total <= MINUTES_OF_A_DAY ? total : null;
}

export interface SharingTime {
  readonly isOpen: boolean;
  /** When this changes next. Null: never. */
  readonly changesAtWallMs: number | null;
}

/** By the calendar and clock of this computer, also on a day on which its clock changes. Without hours, sharing is always open. */
export function sharingTimeAt(hours: readonly SharingHours[], nowWallMs: number): SharingTime {
  if (hours.length === 0) return { isOpen: true, changesAtWallMs: null };
  const spans = hours.flatMap((one) => spansOf(one, nowWallMs)).toSorted((a, b) => a.fromWallMs - b.fromWallMs);
  // Hours that overlap or touch are one time.
  const end = spans.reduce<number | null>((latest, { fromWallMs, toWallMs }) => {
    const isRunning = fromWallMs <= (latest ?? nowWallMs) && toWallMs > nowWallMs;
    return isRunning ? Math.max(latest ?? toWallMs, toWallMs) : latest;
  }, null);
  const lastWallMs = Math.max(...spans.map(({ toWallMs }) => toWallMs));
  if (end !== null) return { isOpen: true, changesAtWallMs: end === lastWallMs ? null : end };
  return { isOpen: false, changesAtWallMs: spans.find(({ fromWallMs }) => fromWallMs > nowWallMs)?.fromWallMs ?? null };
}

/** From yesterday, whose hours may end today, to a week from now. */
function spansOf({ days, fromMinutes, toMinutes }: SharingHours, nowWallMs: number) {
  return Array.from({ length: DAYS_OF_A_WEEK + 2 }, (_, index) => index - 1).flatMap((offset) => {
    const day = new Date(nowWallMs);
    day.setHours(0, 0, 0, 0);
    day.setDate(day.getDate() + offset);
    if (!days.includes(day.getDay())) return [];
    const fromWallMs = new Date(day).setHours(0, fromMinutes, 0, 0);
    const toWallMs = new Date(day).setHours(0, toMinutes + (toMinutes <= fromMinutes ? MINUTES_OF_A_DAY : 0), 0, 0);
    // The clock skips these hours.
    return toWallMs <= fromWallMs ? [] : [{ fromWallMs, toWallMs }];
  });
}
