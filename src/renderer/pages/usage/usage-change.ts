// How the use has changed since the period before. Only whole days count, and as many before: today has not ended. Pure.
import { dayOf, numberOfDay, USAGE_DAYS, type Usage } from '../../../shared/api/usage';
import type { DayRange } from './usage-view';

/** Two periods of the same length. */
export interface Comparison {
  readonly days: DayRange;
  readonly before: DayRange;
}

/** Null: there is no whole day, or the scheduler does not keep the days before. `today`: days since 1970, in UTC. */
export function comparisonOf({ from, to }: DayRange, today: number): Comparison | null {
  const [first, last] = [numberOfDay(from), Math.min(numberOfDay(to), today - 1)];
  // The period before ends where this one begins, so that weekdays are compared with the same weekdays.
  const length = numberOfDay(to) - first + 1;
  if (last < first || first - length <= today - USAGE_DAYS) return null;
  return { days: { from, to: dayOf(last) }, before: { from: dayOf(first - length), to: dayOf(last - length) } };
}

/** Whether the pool was counted in all of these days. */
export const isCounted = ({ since }: Usage, { from }: DayRange): boolean => since !== null && since <= from;

export type ChangeFigure = 'requests' | 'prompt_tokens' | 'output_tokens' | 'gpu_seconds';

/** In percent. Null: there was none before. */
export function changeOf(figure: ChangeFigure, byDay: Usage, before: Usage, { days }: Comparison): number | null {
  const now = byDay.rows.reduce((sum, row) => sum + (row.day !== null && row.day <= days.to ? row[figure] : 0), 0);
  const then = before.total[figure];
  return then === 0 ? null : ((now - then) / then) * 100;
}
