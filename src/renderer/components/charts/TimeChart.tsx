// A chart over time: the owner's load hatched from the baseline, the pool's above it, a dashed limit, events with their causes. Gaps stay
// gaps, and the future stays empty. uPlot draws the chart on a canvas and is loaded with the first chart. The same data are a text for
// screen readers and a table.
import { type ReactNode, useMemo, useRef, useState } from 'react';
import { useLabels } from '../../i18n/use-labels';
import { type ChartData, type ChartEvent, type ChartLimit, highestOf, withGaps } from './chart-data';
import { summaryOf } from './chart-summary';
import { ChartFrame } from './ChartFrame';
import { ChartTable } from './ChartTable';
import type { PlotInput, Pointed } from './plot';
import { Readout } from './Readout';
import { isDayTick } from './time-scale';
import { usePlot } from './use-plot';
import { type ChartScale, topOf } from './value-scale';
import classes from './Chart.module.css';

export interface TimeChartProps {
  /** The name of the chart, and its title unless `title` replaces it. A title of null: the page shows the name beside the chart. */
  readonly label: string;
  readonly title?: ReactNode;
  /** Beside the title: the unit or the source. */
  readonly note?: ReactNode;
  /** At the right of the title: the present value. */
  readonly aside?: ReactNode;
  readonly data: ChartData;
  readonly scale: ChartScale;
  /** A value with its unit, e.g. `53%`. Used on the axis, too, unless `tickText` is shorter. */
  readonly valueText: (value: number) => string;
  readonly tickText?: (value: number) => string;
  readonly limit?: ChartLimit | null;
  readonly events?: readonly ChartEvent[];
  /** With the time axis. The least height where the chart `fills` its place. */
  readonly heightPx?: number;
  /** The chart is as high as its place, which is a flex column. */
  readonly fills?: boolean;
  /** False: the chart is above another one with the same times. */
  readonly hasTimes?: boolean;
  /** Charts with the same key show the same time below the pointer. */
  readonly sync?: string;
}

const NO_EVENTS: readonly ChartEvent[] = [];

export function TimeChart(props: TimeChartProps) {
  const { label, title = label, aside, valueText, heightPx = 150, fills = false } = props;
  const limit = useSameLimit(props.limit ?? null);
  const note = props.note ?? (limit === null ? undefined : <span className={classes['limit']}>{limit.label}</span>);
  const [isTable, setIsTable] = useState(false);
  const data = useMemo(() => withGaps(props.data), [props.data]);
  return (
    <ChartFrame label={label} title={title} note={note} aside={aside} isTable={isTable} onTable={setIsTable} fills={fills}>
      {isTable ? (
        <ChartTable label={label} data={data} valueText={valueText} heightPx={heightPx} />
      ) : (
        <Drawing {...props} data={data} limit={limit} heightPx={heightPx} />
      )}
    </ChartFrame>
  );
}

/** The same object while the line and its label are the same: a page that makes a new one at each reading draws no chart again. */
function useSameLimit(limit: ChartLimit | null): ChartLimit | null {
  const { value = null, label = '' } = limit ?? {};
  return useMemo(() => (value === null ? null : { value, label }), [value, label]);
}

type DrawingProps = TimeChartProps & { readonly heightPx: number; readonly limit: ChartLimit | null };

function Drawing({ data, limit, heightPx, ...props }: DrawingProps) {
  const { label, scale, valueText, tickText = valueText, events = NO_EVENTS, hasTimes = true, sync, fills } = props;
  const labels = useLabels();
  const { t, format } = labels;
  const [pointed, setPointed] = useState<Pointed | null>(null);
  const box = useRef<HTMLDivElement>(null);
  const input = useMemo((): PlotInput => {
    const offsetMs = -new Date(data.toWallMs).getTimezoneOffset() * 60_000;
    return {
      data,
      top: topOf(scale, highestOf(data)),
      limit,
      events,
      hasTimes,
      valueText: tickText,
      timeText: (wallMs, stepMs) =>
        stepMs > 0 && isDayTick(wallMs, stepMs, offsetMs) ? format.day(wallMs, wallMs) : format.clock(wallMs, wallMs),
      gapText: t('unknown.not_reported'),
      offsetMs,
      sync,
    };
  }, [data, scale, limit, events, hasTimes, tickText, format, t, sync]);
  usePlot(box, input, setPointed);
  return (
    <div className={classes['drawing']}>
      <div
        ref={box}
        className={classes['canvas']}
        style={fills ? { minHeight: heightPx } : { height: heightPx }}
        aria-hidden="true"
        data-plot=""
      />
      <Summary label={label} data={data} limit={limit} events={events} valueText={valueText} />
      {pointed !== null && <Readout data={data} pointed={pointed} valueText={valueText} />}
    </div>
  );
}

interface SummaryProps {
  readonly label: string;
  readonly data: ChartData;
  readonly limit: ChartLimit | null;
  readonly events: readonly ChartEvent[];
  readonly valueText: (value: number) => string;
}

/** An image for screen readers: the text is built again with the data, not each second. */
function Summary({ label, data, limit, events, valueText }: SummaryProps) {
  const labels = useLabels();
  const text = useMemo(
    () => summaryOf(labels, { data, limit, events, valueText, nowWallMs: data.toWallMs }),
    [labels, data, limit, events, valueText],
  );
  return <div className="visually-hidden" role="img" aria-label={`${label}${labels.t('punctuation.colon')}${text}`} />;
}
