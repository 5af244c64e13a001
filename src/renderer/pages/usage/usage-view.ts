// What the page shows: the period, by what the bars are divided, and what they measure. It is in the route, so that a link and a reload keep
// it. Pure.
import { dayOf, numberOfDay, USAGE_DAYS } from '../../../shared/api/usage';
import type { RouteFilter } from '../../routes';

export const PERIODS = ['7d', '30d', '1y', 'custom'] as const;
export type Period = (typeof PERIODS)[number];
export const SUBJECTS = ['key', 'model', 'node'] as const;
export type Subject = (typeof SUBJECTS)[number];
export const MEASURES = ['tokens', 'requests', 'gpu'] as const;
export type Measure = (typeof MEASURES)[number];

export interface UsageView {
  readonly period: Period;
  /** Of the period `custom`, as the user typed them. */
  readonly from: string;
  readonly to: string;
  readonly subject: Subject;
  readonly measure: Measure;
}

const LENGTHS: Readonly<Record<Exclude<Period, 'custom'>, number>> = { '7d': 7, '30d': 30, '1y': USAGE_DAYS };

export function viewOf(filters: readonly RouteFilter[], subjects: readonly Subject[]): UsageView {
  const valueOf = (key: string): string => filters.find((filter) => filter.key === key)?.value ?? '';
  const oneOf = <Value extends string>(values: readonly Value[], key: string, byDefault: Value): Value =>
    values.find((value) => value === valueOf(key)) ?? byDefault;
  return {
    period: oneOf(PERIODS, 'period', '7d'),
    from: valueOf('from'),
    to: valueOf('to'),
    subject: oneOf(subjects, 'by', subjects[0] ?? 'model'),
    measure: oneOf(MEASURES, 'measure', 'tokens'),
  };
}

export function filtersOf({ period, from, to, subject, measure }: UsageView): readonly RouteFilter[] {
  const filters = { period, by: subject, measure, ...(period === 'custom' ? { from, to } : {}) };
  return Object.entries(filters).flatMap(([key, value]) => (value === '' ? [] : [{ key, value }]));
}

export interface DayRange {
  readonly from: string;
  readonly to: string;
}

export type RangeFault = 'incomplete' | 'order' | 'length';

const isDay = (text: string): boolean => /^\d{4}-\d{2}-\d{2}$/.test(text) && Number.isInteger(numberOfDay(text));

/** `today`: days since 1970, in UTC. */
export function rangeOf({ period, from, to }: UsageView, today: number): DayRange | RangeFault {
  if (period !== 'custom') return { from: dayOf(today - LENGTHS[period] + 1), to: dayOf(today) };
  if (!isDay(from) || !isDay(to)) return 'incomplete';
  if (from > to) return 'order';
  return numberOfDay(to) - numberOfDay(from) >= USAGE_DAYS ? 'length' : { from, to };
}

/** The midnight of this day where the page is shown: formats of days are in that time zone. */
export const midnightOf = (day: string): number => new Date(`${day}T00:00:00`).getTime();
