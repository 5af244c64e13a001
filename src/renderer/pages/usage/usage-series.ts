// The bars of the chart: a bar for each day, or for each week of a long period; the largest keys, models or nodes, and the rest. Pure.
import { dayOf, numberOfDay, type Usage, type UsageFigures, type UsageRow } from '../../../shared/api/usage';
import { MOST_SERIES, type StackedSeries } from '../../components/charts/StackedBars';
import { hasNotRun } from './usage-labels';
import type { Measure } from './usage-view';

/** Above this, bars of days are too thin. */
const MOST_DAYS = 92;
const WEEK = 7;

export interface PartSeries extends Omit<StackedSeries, 'href'> {
  /** Null: of several parts, or without an id. */
  readonly id: string | null;
}

export interface UsageSeries {
  /** The first day of each bar. */
  readonly days: readonly string[];
  readonly isWeekly: boolean;
  readonly isLastOpen: boolean;
  readonly series: readonly PartSeries[];
}

const VALUES: Readonly<Record<Measure, (figures: UsageFigures) => number>> = {
  tokens: ({ prompt_tokens: prompt, output_tokens: output }) => prompt + output,
  requests: ({ requests }) => requests,
  gpu: ({ gpu_seconds: seconds }) => seconds,
};

export const measured = (measure: Measure, figures: UsageFigures): number => VALUES[measure](figures);

/** The largest first, as in the legend; the rest last. */
export const byMeasure = (rows: readonly UsageRow[], measure: Measure): readonly UsageRow[] =>
  rows.toSorted((one, other) => Number(one.rest) - Number(other.rest) || measured(measure, other) - measured(measure, one));

/** `labelOf`: of a row; null names several that are one part. One alone keeps its name. */
export function usageSeries({ from, to, today, rows }: Usage, measure: Measure, labelOf: (row: UsageRow | null) => string): UsageSeries {
  const [first, last] = [numberOfDay(from), numberOfDay(to)];
  const isWeekly = last - first + 1 > MOST_DAYS;
  const step = isWeekly ? WEEK : 1;
  const length = Math.ceil((last - first + 1) / step);
  const groups = new Map<string, { readonly row: UsageRow; readonly values: number[]; total: number }>();
  for (const row of rows) {
    const key = row.rest ? 'rest' : `id ${row.id ?? ''}`;
    const group = groups.get(key) ?? { row, values: Array<number>(length).fill(0), total: 0 };
    groups.set(key, group);
    const at = Math.floor((numberOfDay(row.day ?? from) - first) / step);
    const value = measured(measure, row);
    group.values[at] = (group.values[at] ?? 0) + value;
    group.total += value;
  }
  const named = [...groups].filter(([key, { total }]) => key !== 'rest' && total > 0).sort(([, a], [, b]) => b.total - a.total);
  const shown = named.slice(0, MOST_SERIES);
  const restRow = rows.find((row) => row.rest && !hasNotRun(row)) ?? rows.find(({ rest: isRest }) => isRest);
  const restGroup = groups.get('rest');
  const others = [
    ...named.slice(MOST_SERIES).map(([, group]) => group),
    ...(restGroup === undefined || restRow === undefined || restGroup.total === 0 ? [] : [{ ...restGroup, row: restRow }]),
  ];
  const only = others.length === 1 ? (others[0]?.row ?? null) : null;
  const rest = Array.from({ length }, (_, i) => others.reduce((sum, { values }) => sum + (values[i] ?? 0), 0));
  return {
    days: Array.from({ length }, (_, i) => dayOf(first + i * step)),
    isWeekly,
    isLastOpen: last >= numberOfDay(today),
    series: [
      ...shown.map(([key, { row, values }]) => ({ key, id: row.id, label: labelOf(row), isRest: false, isHideable: false, values })),
      ...(rest.some((value) => value > 0)
        ? [{ key: 'rest', id: only?.id ?? null, label: labelOf(only), isRest: true, isHideable: only?.rest !== false, values: rest }]
        : []),
    ],
  };
}
