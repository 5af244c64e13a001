// Counts in equal spans of time, such as jobs per hour. The span that has not ended is pale, the future is empty, and a span that was not
// reported is a dotted line. Without a canvas: a few elements that change once in a span.
import { type ReactNode, useState } from 'react';
import { type Labels, useLabels } from '../../i18n/use-labels';
import type { ChartData, Value } from './chart-data';
import { BarsFrame } from './BarsFrame';
import { ChartFrame } from './ChartFrame';
import { ChartTable } from './ChartTable';
import { timeTicks } from './time-scale';
import { type ChartScale, topOf, valueTicks } from './value-scale';
import classes from './BarsChart.module.css';

export interface BarsChartProps {
  readonly label: string;
  /** Null: the page shows the name beside the chart. */
  readonly title?: ReactNode;
  readonly note?: ReactNode;
  readonly fromWallMs: number;
  readonly toWallMs: number;
  readonly stepMs: number;
  /** One value for each step from the start. Null: not reported. Steps after the last value are the future. */
  readonly values: readonly Value[];
  /** Whether the last span has not ended. */
  readonly isLastOpen: boolean;
  readonly scale?: ChartScale;
  readonly valueText: (value: number) => string;
  readonly heightPx?: number;
}

/** An empty day has an axis, too. */
const AT_LEAST: ChartScale = { atLeast: 4 };
/** The labels of a narrow card. */
const LABELS_PX = 360;

export function BarsChart(props: BarsChartProps) {
  const { label, title = label, note, fromWallMs, toWallMs, stepMs, values, valueText, heightPx = 90 } = props;
  const [isTable, setIsTable] = useState(false);
  const data: ChartData = {
    fromWallMs,
    toWallMs,
    timesWallMs: values.map((_value, i) => fromWallMs + i * stepMs),
    series: [{ label, kind: 'steps', values }],
  };
  return (
    <ChartFrame label={label} title={title} note={note} aside={undefined} isTable={isTable} onTable={setIsTable}>
      {isTable ? (
        <ChartTable label={label} data={data} valueText={valueText} heightPx={heightPx} />
      ) : (
        <Bars {...props} heightPx={heightPx} />
      )}
    </ChartFrame>
  );
}

function Bars(props: BarsChartProps & { readonly heightPx: number }) {
  const { label, fromWallMs, toWallMs, stepMs, values, isLastOpen, scale = AT_LEAST, valueText, heightPx } = props;
  const labels = useLabels();
  const known = values.filter((value) => value !== null);
  const top = topOf(scale, known.length === 0 ? null : Math.max(...known));
  const percentOf = (wallMs: number): string => `${String(((wallMs - fromWallMs) / (toWallMs - fromWallMs)) * 100)}%`;
  const width = percentOf(fromWallMs + stepMs);
  const { ticks } = timeTicks(fromWallMs, toWallMs, LABELS_PX, -new Date(toWallMs).getTimezoneOffset() * 60_000);
  return (
    <BarsFrame
      summary={`${label}${labels.t('punctuation.colon')}${summaryOf(labels, props)}`}
      heightPx={heightPx}
      ticks={valueTicks(top, 0)}
      top={top}
      tickText={valueText}
      names={
        <div className={classes['times']}>
          {ticks.map((tick) => (
            <span key={tick} style={{ left: percentOf(tick) }}>
              {labels.format.clock(tick, tick)}
            </span>
          ))}
        </div>
      }
    >
      {values.map((value, i) => (
        <span
          key={fromWallMs + i * stepMs}
          className={classes['bar']}
          data-unknown={value === null ? '' : undefined}
          data-open={isLastOpen && i === values.length - 1 ? '' : undefined}
          style={{ left: percentOf(fromWallMs + i * stepMs), width, height: `${String(((value ?? 0) / top) * 100)}%` }}
        />
      ))}
    </BarsFrame>
  );
}

function summaryOf({ t, format }: Labels, { fromWallMs, stepMs, values, valueText }: BarsChartProps): string {
  const shown = values.flatMap((value, i) => {
    const atWallMs = fromWallMs + i * stepMs;
    return value === 0 ? [] : [`${format.clock(atWallMs, atWallMs)} ${value === null ? t('unknown.not_reported') : valueText(value)}`];
  });
  return shown.length === 0 ? t('chart.all_zero') : shown.join(t('punctuation.comma'));
}
