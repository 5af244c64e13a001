// The cells of the grid of a week: their order, those between two of them, and the moves of the arrow keys.
import { DAY_HOURS, type HourCell, WEEK_DAYS } from '../../../shared/sharing-week';

/** Monday first. */
export const WEEK: readonly number[] = [1, 2, 3, 4, 5, 6, 0];

const rowOf = (day: number): number => WEEK.indexOf(day);

/** The rectangle with these corners. */
export function cellsBetween(one: HourCell, other: HourCell): readonly HourCell[] {
  const [top, bottom] = [rowOf(one.day), rowOf(other.day)].toSorted((a, b) => a - b);
  const [from, to] = [one.hour, other.hour].toSorted((a, b) => a - b);
  if (top === undefined || bottom === undefined || from === undefined || to === undefined) return [];
  return WEEK.slice(top, bottom + 1).flatMap((day) => Array.from({ length: to - from + 1 }, (_, index) => ({ day, hour: from + index })));
}

interface Move {
  readonly rows: number;
  readonly hours: number;
}

export const MOVES: Readonly<Record<string, Move>> = {
  ArrowLeft: { rows: 0, hours: -1 },
  ArrowRight: { rows: 0, hours: 1 },
  ArrowUp: { rows: -1, hours: 0 },
  ArrowDown: { rows: 1, hours: 0 },
  Home: { rows: 0, hours: -DAY_HOURS },
  End: { rows: 0, hours: DAY_HOURS },
};

const within = (value: number, most: number): number => Math.min(Math.max(value, 0), most);

/** The edges of the grid end a move. */
export const moved = ({ day, hour }: HourCell, { rows, hours }: Move): HourCell => ({
  day: WEEK[within(rowOf(day) + rows, WEEK_DAYS - 1)] ?? day,
  hour: within(hour + hours, DAY_HOURS - 1),
});
