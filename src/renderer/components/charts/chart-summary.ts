// A chart in words, for screen readers: the time, the last, lowest and highest value of each series, the limit, gaps and events. And the
// rows of its table.
import type { Labels } from '../../i18n/use-labels';
import { type ChartData, type ChartEvent, type ChartLimit, gapsOf, type Value } from './chart-data';

export interface SummaryInput {
  readonly data: ChartData;
  readonly limit: ChartLimit | null;
  readonly events: readonly ChartEvent[];
  /** A value with its unit. */
  readonly valueText: (value: number) => string;
  readonly nowWallMs: number;
}

/** More gaps or events than these are counted, not listed. */
const MOST_LISTED = 5;
/** The rows of the table of a chart with more samples are samples at equal distances. */
const MOST_ROWS = 120;

export function summaryOf(labels: Labels, { data, limit, events, valueText, nowWallMs }: SummaryInput): string {
  const { t, format, gap: space } = labels;
  const clock = (wallMs: number): string => format.clock(wallMs, nowWallMs);
  const span = (fromWallMs: number, toWallMs: number): string => t('chart.span', { from: clock(fromWallMs), to: clock(toWallMs) });
  const gaps = gapsOf(data);
  const inView = events.filter(({ atWallMs }) => atWallMs >= data.fromWallMs && atWallMs <= data.toWallMs);
  const listed = (texts: readonly string[]): string =>
    texts.length > MOST_LISTED ? t('chart.times', { count: texts.length }) : texts.join(t('punctuation.semicolon'));
  return [
    t('chart.time', { span: span(data.fromWallMs, data.toWallMs) }),
    ...data.series.map(({ label, values }) => seriesText(labels, label, values, valueText)),
    ...(limit === null ? [] : [t('chart.limit', { limit: limit.label })]),
    ...(gaps.length === 0 ? [] : [t('chart.gaps', { gaps: listed(gaps.map((one) => span(one.fromWallMs, one.toWallMs))) })]),
    ...(inView.length === 0
      ? []
      : [t('chart.events', { events: listed(inView.map(({ atWallMs, label }) => `${clock(atWallMs)} ${label}`)) })]),
  ].join(space);
}

function seriesText({ t }: Labels, name: string, values: readonly Value[], valueText: (value: number) => string): string {
  const known = values.filter((value) => value !== null);
  const last = known.at(-1);
  if (last === undefined) return t('chart.no_values', { name });
  const [low, high] = [known.reduce((a, b) => Math.min(a, b)), known.reduce((a, b) => Math.max(a, b))];
  return t('chart.values', { name, last: valueText(last), low: valueText(low), high: valueText(high) });
}

export interface ChartRow {
  readonly atWallMs: number;
  readonly values: readonly Value[];
}

/** The latest sample first. */
export function rowsOf({ timesWallMs, series }: ChartData): readonly ChartRow[] {
  const every = Math.ceil(timesWallMs.length / MOST_ROWS);
  const rows = timesWallMs.map((atWallMs, i) => ({ atWallMs, values: series.map(({ values }) => values[i] ?? null) })).reverse();
  return rows.filter((_row, i) => i % every === 0);
}
