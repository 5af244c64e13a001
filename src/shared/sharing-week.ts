// The hours of a week in which a computer shares, for a grid of hours: what `sharing-hours.ts` reads, minute by minute, and back.
import { parseSharingHours } from './sharing-hours';

const DAY_NAMES = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
export const WEEK_DAYS = 7;
export const DAY_HOURS = 24;
const HOUR_MINUTES = 60;
const DAY_MINUTES = DAY_HOURS * HOUR_MINUTES;
const WEEK_MINUTES = WEEK_DAYS * DAY_MINUTES;

/** 1: open. From Sunday 0:00 on. */
export type SharingWeek = Readonly<Uint8Array>;

export interface HourCell {
  /** 0: Sunday. */
  readonly day: number;
  readonly hour: number;
}

/** Without hours, all are open. A text that is no hours opens none. */
export function weekOf(texts: readonly string[]): SharingWeek {
  const week = new Uint8Array(WEEK_MINUTES);
  if (texts.length === 0) return week.fill(1);
  for (const text of texts) {
    const hours = parseSharingHours(text);
    if (hours === null) continue;
    const { days, fromMinutes, toMinutes } = hours;
    const length = toMinutes - fromMinutes + (toMinutes <= fromMinutes ? DAY_MINUTES : 0);
    for (const day of days) {
      const from = day * DAY_MINUTES + fromMinutes;
      week.fill(1, from, from + length);
      // On Saturday the hours go on at the beginning of the week.
      if (from + length > WEEK_MINUTES) week.fill(1, 0, from + length - WEEK_MINUTES);
    }
  }
  return week;
}

const startOf = ({ day, hour }: HourCell): number => day * DAY_MINUTES + hour * HOUR_MINUTES;

export function withCells(week: SharingWeek, cells: readonly HourCell[], isOpen: boolean): SharingWeek {
  const next = Uint8Array.from(week);
  for (const cell of cells) next.fill(isOpen ? 1 : 0, startOf(cell), startOf(cell) + HOUR_MINUTES);
  return next;
}

export function cellState(week: SharingWeek, cell: HourCell): 'open' | 'part' | 'closed' {
  const minutes = week.subarray(startOf(cell), startOf(cell) + HOUR_MINUTES);
  if (minutes.every((minute) => minute === 1)) return 'open';
  return minutes.includes(1) ? 'part' : 'closed';
}

export const openMinutes = (week: SharingWeek): number => week.reduce((sum, minute) => sum + minute, 0);

interface Span {
  readonly day: number;
  readonly from: number;
  readonly to: number;
}

/** The shortest list that `weekOf` reads as this week. Empty: always. Null: never, which is no schedule. */
export function hoursOfWeek(week: SharingWeek): readonly string[] | null {
  const open = openMinutes(week);
  if (open === WEEK_MINUTES) return [];
  if (open === 0) return null;
  const byTimes = new Map<string, number[]>();
  for (const { day, from, to } of spansOf(week)) {
    const times = `${timeText(from)}-${timeText(to)}`;
    byTimes.set(times, [...(byTimes.get(times) ?? []), day]);
  }
  return [...byTimes].flatMap(([times, days]) => dayTexts(days).map((text) => (text === null ? times : `${text} ${times}`)));
}

/** From Monday on. A time of less than a day may go on until the next day; a longer one is split at each midnight. */
function spansOf(week: SharingWeek): readonly Span[] {
  const spans: Span[] = [];
  // From a closed minute on, so that no open time is cut in two.
  const first = week.indexOf(0);
  for (let offset = 0; offset < WEEK_MINUTES;) {
    const from = (first + offset) % WEEK_MINUTES;
    let length = 0;
    while (offset + length < WEEK_MINUTES && week[(from + length) % WEEK_MINUTES] === 1) length++;
    if (length > 0) spans.push(...splitSpan(from, length));
    offset += Math.max(1, length);
  }
  return spans.toSorted((one, other) => fromMonday(one.day) - fromMonday(other.day) || one.from - other.from);
}

function splitSpan(start: number, length: number): readonly Span[] {
  const [day, from] = [Math.floor(start / DAY_MINUTES), start % DAY_MINUTES];
  if (from + length <= DAY_MINUTES) return [{ day, from, to: from + length }];
  if (length < DAY_MINUTES) return [{ day, from, to: (from + length) % DAY_MINUTES }];
  const rest = (start + DAY_MINUTES - from) % WEEK_MINUTES;
  return [{ day, from, to: DAY_MINUTES }, ...splitSpan(rest, length - (DAY_MINUTES - from))];
}

const fromMonday = (day: number): number => (day + WEEK_DAYS - 1) % WEEK_DAYS;

/** `mon-fri`, `sun`. Null: every day. */
function dayTexts(days: readonly number[]): readonly (string | null)[] {
  if (days.length === WEEK_DAYS) return [null];
  const runs: number[][] = [];
  for (const day of days) {
    const last = runs.at(-1)?.at(-1);
    if (last !== undefined && fromMonday(day) === fromMonday(last) + 1) runs.at(-1)?.push(day);
    else runs.push([day]);
  }
  return runs.map((run) => {
    const [from, to] = [DAY_NAMES[run[0] ?? 0], DAY_NAMES[run.at(-1) ?? 0]];
    return from === to ? String(from) : `${String(from)}-${String(to)}`;
  });
}

const timeText = (minutes: number): string =>
  `${String(Math.floor(minutes / HOUR_MINUTES)).padStart(2, '0')}:${String(minutes % HOUR_MINUTES).padStart(2, '0')}`;
