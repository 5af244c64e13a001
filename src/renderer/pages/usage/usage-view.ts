// What the page shows: the period, by what the bars are divided, and what they measure. It is in the route, so that a link and a reload keep
// it. Pure.
import { dayOf, isDay, numberOfDay, USAGE_DAYS } from '../../../shared/api/usage';
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
  /** Only the use of this key or member, model or node. Null: of all. */
  readonly only: Part | null;
}

/** One key or member, model or node. */
export interface Part {
  readonly subject: Subject;
  readonly id: string;
}

/** By what the use of one part can be divided. Counts are kept by key and model, and by node and model. */
const DIVIDED_BY: Readonly<Record<Subject, readonly Subject[]>> = { key: ['model'], model: ['key', 'node'], node: ['model'] };
/** A member reads the use of its own key, which has no nodes. */
const OWN_SUBJECTS: readonly Subject[] = ['model'];

export const subjectsOf = (only: Part | null, mayView: boolean): readonly Subject[] =>
  !mayView ? OWN_SUBJECTS : only === null ? SUBJECTS : DIVIDED_BY[only.subject];

/** As parameters of a query. */
export function queryOf(only: Part | null): { readonly key?: string; readonly model?: string; readonly node_id?: string } {
  if (only === null) return {};
  return only.subject === 'key' ? { key: only.id } : only.subject === 'model' ? { model: only.id } : { node_id: only.id };
}

const LENGTHS: Readonly<Record<Exclude<Period, 'custom'>, number>> = { '7d': 7, '30d': 30, '1y': USAGE_DAYS };

export function viewOf(filters: readonly RouteFilter[], subjects: readonly Subject[]): UsageView {
  const valueOf = (key: string): string => filters.find((filter) => filter.key === key)?.value ?? '';
  const oneOf = <Value extends string>(values: readonly Value[], key: string, byDefault: Value): Value =>
    values.find((value) => value === valueOf(key)) ?? byDefault;
  const part = SUBJECTS.find((subject) => valueOf(subject) !== '');
  return {
    period: oneOf(PERIODS, 'period', '7d'),
    from: valueOf('from'),
    to: valueOf('to'),
    subject: oneOf(subjects, 'by', subjects[0] ?? 'model'),
    measure: oneOf(MEASURES, 'measure', 'tokens'),
    only: part === undefined ? null : { subject: part, id: valueOf(part) },
  };
}

export function filtersOf({ period, from, to, subject, measure, only }: UsageView): readonly RouteFilter[] {
  const filters = {
    period,
    by: subject,
    measure,
    ...(period === 'custom' ? { from, to } : {}),
    ...(only === null ? {} : { [only.subject]: only.id }),
  };
  return Object.entries(filters).flatMap(([key, value]) => (value === '' ? [] : [{ key, value }]));
}

export interface DayRange {
  readonly from: string;
  readonly to: string;
}

export type RangeFault = 'incomplete' | 'order' | 'length';
export type RangeEnd = 'from' | 'to';
/** Of a period of the user: why an end is wrong. */
export type RangeFaults = Partial<Readonly<Record<RangeEnd, RangeFault>>>;

/** Without faults, the period is a range. */
export function faultsOf({ period, from, to }: Pick<UsageView, 'period' | 'from' | 'to'>): RangeFaults {
  if (period !== 'custom') return {};
  if (!isDay(from) || !isDay(to))
    return { ...(isDay(from) ? {} : { from: 'incomplete' as const }), ...(isDay(to) ? {} : { to: 'incomplete' as const }) };
  if (from > to) return { to: 'order' };
  return numberOfDay(to) - numberOfDay(from) >= USAGE_DAYS ? { from: 'length' } : {};
}

/** `today`: days since 1970, in UTC. `last`: the range that was shown before, for a period that is wrong. */
export function rangeOf(view: Pick<UsageView, 'period' | 'from' | 'to'>, today: number, last: DayRange | null): DayRange {
  const { period, from, to } = view;
  if (period === 'custom' && Object.keys(faultsOf(view)).length === 0) return { from, to };
  if (period === 'custom' && last !== null) return last;
  const length = LENGTHS[period === 'custom' ? '7d' : period];
  return { from: dayOf(today - length + 1), to: dayOf(today) };
}

/** The midnight of this day where the page is shown: formats of days are in that time zone. */
export const midnightOf = (day: string): number => new Date(`${day}T00:00:00`).getTime();
