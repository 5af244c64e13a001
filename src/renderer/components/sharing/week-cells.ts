// The cells of the grid of a week: their order, those between two of them, and the moves of the arrow keys.
import { DAY_HOURS, type HourCell, WEEK_DAYS } from '../../../shared/sharing-week';

/** Monday first. */
export const WEEK: readonly number[] = [1, 2, 3, 4, 5, 6, 0];

const placeOf = (day: number): number => WEEK.indexOf(day);

/** The rectangle with these corners. */
export function cellsBetween(one: HourCell, other: HourCell): readonly HourCell[] {
  const [first, last] = [placeOf(one.day), placeOf(other.day)].toSorted((a, b) => a - b);
  const [from, to] = [one.hour, other.hour].toSorted((a, b) => a - b);
  if (first === undefined || last === undefined || from === undefined || to === undefined) return [];
  return WEEK.slice(first, last + 1).flatMap((day) => Array.from({ length: to - from + 1 }, (_, index) => ({ day, hour: from + index })));
}

/** Cells to the right and down. */
interface Move {
  readonly right: number;
  readonly down: number;
}

/** Home and End: the first and the last cell of the row. */
export const MOVES: Readonly<Record<string, Move>> = {
  ArrowLeft: { right: -1, down: 0 },
  ArrowRight: { right: 1, down: 0 },
  ArrowUp: { right: 0, down: -1 },
  ArrowDown: { right: 0, down: 1 },
  Home: { right: -DAY_HOURS, down: 0 },
  End: { right: DAY_HOURS, down: 0 },
};

const within = (value: number, most: number): number => Math.min(Math.max(value, 0), most);

/** The edges of the grid end a move. `isByHour`: the rows are hours, the columns days. */
export function moved({ day, hour }: HourCell, { right, down }: Move, isByHour: boolean): HourCell {
  const [days, hours] = isByHour ? [right, down] : [down, right];
  return { day: WEEK[within(placeOf(day) + days, WEEK_DAYS - 1)] ?? day, hour: within(hour + hours, DAY_HOURS - 1) };
}
