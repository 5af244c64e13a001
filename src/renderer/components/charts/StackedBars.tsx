// Amounts in equal spans of time, divided by what they belong to, such as tokens per day by model. The span that has not ended is pale. The
// parts are stacked in the order of the legend. A part with a link is opened from its bars and from the legend. The user can leave out the
// rest, which may be much larger than the named parts. Without a canvas: a bar changes at most once a minute.
import { type MouseEvent, type PointerEvent, type ReactNode, useState } from 'react';
import { useLabels } from '../../i18n/use-labels';
import { LinkButton } from '../LinkButton';
import { ScrollRegion } from '../ScrollRegion';
import { BarsFrame } from './BarsFrame';
import chart from './Chart.module.css';
import { ChartFrame } from './ChartFrame';
import classes from './StackedBars.module.css';
import { topOf, valueTicks } from './value-scale';

export interface StackedSeries {
  readonly key: string;
  readonly label: string;
  /** All that has no part of its own. */
  readonly isRest: boolean;
  /** Several without a part of their own, which may be much larger than the named parts: the user can leave them out. */
  readonly isHideable: boolean;
  /** The page of this part alone. Null: it has none. */
  readonly href: string | null;
  /** One for each bar. */
  readonly values: readonly number[];
}

export interface StackedBarsProps {
  readonly label: string;
  readonly note?: ReactNode;
  /** The names of the spans, the first one first. */
  readonly spans: readonly string[];
  /** Whether the last span has not ended. */
  readonly isLastOpen: boolean;
  /** The first one is at the bottom. */
  readonly series: readonly StackedSeries[];
  /** At the top of the axis at least, in units of the axis. */
  readonly atLeast: number;
  /** The unit of the axis for the highest bar, such as 3600 for seconds that are shown as hours: its lines are at round numbers of it. */
  readonly unitOf: (highest: number) => number;
  /** A value with its unit. */
  readonly valueText: (value: number) => string;
  readonly tickText: (value: number) => string;
  readonly heightPx?: number;
}

/** Names below the bars. */
const MOST_NAMES = 7;
/** Of the other colours there are as many. */
export const MOST_SERIES = 6;

const sumAt = (series: readonly StackedSeries[], i: number): number => series.reduce((sum, { values }) => sum + (values[i] ?? 0), 0);
const totalOf = ({ values }: StackedSeries): number => values.reduce((sum, value) => sum + value, 0);
const colourOf = (isRest: boolean, i: number): string => (isRest ? 'rest' : String((i % MOST_SERIES) + 1));

export function StackedBars(props: StackedBarsProps) {
  const { label, note, series, valueText, heightPx = 180 } = props;
  const [isTable, setIsTable] = useState(false);
  const [hidesRest, setHidesRest] = useState(false);
  const named = series.filter(({ isHideable }) => !isHideable);
  const canHide = named.length > 0 && !isTable;
  const drawn = hidesRest && canHide ? named : series;
  return (
    <ChartFrame label={label} title={label} note={note} aside={undefined} isTable={isTable} onTable={setIsTable}>
      {isTable ? <Table {...props} heightPx={heightPx} /> : <Bars {...props} series={drawn} heightPx={heightPx} />}
      <ul className={classes['legend']}>
        {series.map((one, i) => (
          <li key={one.key} data-series={colourOf(one.isRest, i)} data-hidden={drawn.includes(one) ? undefined : ''}>
            <LegendText one={one} value={valueText(totalOf(one))} />
            {one.isHideable && canHide && <HideRest label={one.label} isHidden={hidesRest} onHide={setHidesRest} />}
          </li>
        ))}
      </ul>
    </ChartFrame>
  );
}

function LegendText({ one: { href, label }, value }: { readonly one: StackedSeries; readonly value: string }) {
  const text = (
    <>
      <span>{label}</span> {value}
    </>
  );
  return href === null ? text : <a href={href}>{text}</a>;
}

interface HideRestProps {
  readonly label: string;
  readonly isHidden: boolean;
  readonly onHide: (isHidden: boolean) => void;
}

function HideRest({ label, isHidden, onHide }: HideRestProps) {
  const { t } = useLabels();
  const text = t(isHidden ? 'chart.show_rest' : 'chart.hide_rest');
  return (
    <LinkButton label={`${text}${t('punctuation.colon')}${label}`} onClick={() => onHide(!isHidden)}>
      {text}
    </LinkButton>
  );
}

/** Links in an image are no links for screen readers: they have those of the legend. */
function openPart({ target }: MouseEvent<HTMLDivElement>): void {
  const href = target instanceof HTMLElement ? target.dataset['href'] : undefined;
  if (href !== undefined) window.location.hash = href;
}

type DrawnProps = StackedBarsProps & { readonly heightPx: number };

function Bars({ label, spans, isLastOpen, series, atLeast, unitOf, valueText, tickText, heightPx }: DrawnProps) {
  const { t } = useLabels();
  const [pointed, setPointed] = useState<number | null>(null);
  const sums = spans.map((_span, i) => sumAt(series, i));
  const highest = Math.max(0, ...sums);
  const unit = unitOf(highest);
  const top = topOf({ atLeast }, highest / unit) * unit;
  const point = (event: PointerEvent<HTMLDivElement>): void => {
    const { left, width } = event.currentTarget.getBoundingClientRect();
    const i = Math.floor(((event.clientX - left) / width) * spans.length);
    setPointed(i >= 0 && i < spans.length ? i : null);
  };
  const summary = series.map((one) => `${one.label} ${valueText(totalOf(one))}`).join(t('punctuation.semicolon'));
  const every = Math.ceil(spans.length / MOST_NAMES);
  return (
    <BarsFrame
      summary={`${label}${t('punctuation.colon')}${summary === '' ? t('chart.all_zero') : summary}`}
      heightPx={heightPx}
      ticks={valueTicks(top / unit, heightPx).map((tick) => tick * unit)}
      top={top}
      tickText={tickText}
      names={
        <div className={classes['names']}>
          {spans.map((span, i) => (
            <span key={span}>{i % every === 0 && <i data-odd={(i / every) % 2 === 1 ? '' : undefined}>{span}</i>}</span>
          ))}
        </div>
      }
      onPointerMove={point}
      onPointerLeave={() => setPointed(null)}
      onClick={openPart}
    >
      <div className={classes['columns']} data-many={spans.length > 31 ? '' : undefined}>
        {spans.map((span, i) => (
          <div
            key={span}
            className={classes['column']}
            data-open={isLastOpen && i === spans.length - 1 ? '' : undefined}
            data-pointed={i === pointed ? '' : undefined}
          >
            {series.map((one, at) => {
              const value = one.values[i] ?? 0;
              if (value <= 0) return null;
              return (
                <span
                  key={one.key}
                  data-series={colourOf(one.isRest, at)}
                  data-href={one.href ?? undefined}
                  style={{ height: `${String((value / top) * 100)}%` }}
                />
              );
            })}
          </div>
        ))}
      </div>
      {pointed !== null && <Readout spans={spans} series={series} pointed={pointed} valueText={valueText} />}
    </BarsFrame>
  );
}

interface ReadoutProps {
  readonly spans: readonly string[];
  readonly series: readonly StackedSeries[];
  readonly pointed: number;
  readonly valueText: (value: number) => string;
}

/** Hidden from screen readers: they have the summary and the table. */
function Readout({ spans, series, pointed, valueText }: ReadoutProps) {
  const middle = (pointed + 0.5) / spans.length;
  return (
    <div
      className={chart['readout']}
      style={{ left: `${String(middle * 100)}%` }}
      data-side={middle > 0.5 ? 'left' : 'right'}
      aria-hidden="true"
    >
      <b>
        {spans[pointed]} · {valueText(sumAt(series, pointed))}
      </b>
      {series.map((one, i) => {
        const value = one.values[pointed] ?? 0;
        return value <= 0 ? null : (
          <span key={one.key} className={classes['part']} data-series={colourOf(one.isRest, i)}>
            {one.label} {valueText(value)}
          </span>
        );
      })}
    </div>
  );
}

/** The latest span first. */
function Table({ label, spans, series, valueText, heightPx }: DrawnProps) {
  const { t } = useLabels();
  const rows = spans.map((span, i) => ({ span, i })).reverse();
  return (
    <ScrollRegion label={label} className={chart['tableScroll']} style={{ maxHeight: Math.max(heightPx, 180) }}>
      <table className={chart['table']}>
        <thead>
          <tr>
            <th scope="col">{t('chart.column_time')}</th>
            {series.map((one) => (
              <th key={one.key} scope="col">
                {one.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ span, i }) => (
            <tr key={span}>
              <th scope="row">{span}</th>
              {series.map((one) => (
                <td key={one.key}>{valueText(one.values[i] ?? 0)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  );
}
