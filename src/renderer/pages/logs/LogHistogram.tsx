// The loaded lines over time, with the warnings and errors among them. One span limits the list to its lines. The spans are a list box: one
// stop of the Tab key, arrow keys move between those with lines, Enter or a click chooses one, the same again shows all times.
import { type KeyboardEvent, useLayoutEffect, useMemo, useState } from 'react';
import type { LogLine } from '../../../shared/api/logs';
import { useClock } from '../../clock/Clock';
import { LinkButton } from '../../components/LinkButton';
import { type Labels, useLabels } from '../../i18n/use-labels';
import { type LogBucket, logBuckets, ticksOf, type TimeSpan } from './log-buckets';
import classes from './LogHistogram.module.css';

export interface LogHistogramProps {
  /** Of all loaded times. */
  readonly lines: readonly LogLine[];
  /** Null: the list is not limited. */
  readonly span: TimeSpan | null;
  readonly onSpan: (span: TimeSpan | null) => void;
}

/** The least width of a span: that of a target. */
const SPAN_PX = 24;
const MOST_SPANS = 60;
const FEW_SPANS = 12;
const MOST_TIMES = 6;
const MINUTE_MS = 60_000;

export function LogHistogram({ lines, span, onSpan }: LogHistogramProps) {
  const labels = useLabels();
  const { t, format } = labels;
  const clock = useClock();
  const [box, setBox] = useState<HTMLElement | null>(null);
  const most = useSpansThatFit(box);
  const shown = useMemo(() => logBuckets(lines, most, offsetMs()), [lines, most]);
  if (shown === null) return null;
  const { stepMs, buckets } = shown;
  const timeText = (wallMs: number): string => (stepMs < MINUTE_MS ? format.exactClock : format.clock)(wallMs, clock.now());
  const spanText = ({ fromWallMs, toWallMs }: TimeSpan): string => t('logs.span', { from: timeText(fromWallMs), to: timeText(toWallMs) });
  const title = t('logs.histogram', { step: format.duration(stepMs) });
  const sum = sumOf(buckets);
  const problems = problemsOf(labels, sum).join(t('punctuation.comma'));
  return (
    <section ref={setBox} aria-label={title} className={classes['histogram']}>
      <div className={classes['head']}>
        <span>{title}</span>
        {problems !== '' && <span className={classes['sum']}>{problems}</span>}
        {span !== null && (
          <>
            <b>{spanText(span)}</b>
            <LinkButton onClick={() => onSpan(null)}>{t('logs.all_times')}</LinkButton>
          </>
        )}
      </div>
      <div className={classes['plot']}>
        <Bars
          label={`${title}${t('punctuation.colon')}${countText(labels, sum)}`}
          buckets={buckets}
          span={span}
          textOf={(bucket) => `${spanText(bucket)}${t('punctuation.colon')}${countText(labels, bucket)}`}
          onSpan={onSpan}
        />
        <div className={classes['axis']} aria-hidden="true">
          {[Math.max(...buckets.map(({ lines: count }) => count)), 0].map((value) => (
            <span key={value}>{format.number(value)}</span>
          ))}
        </div>
        <Times buckets={buckets} stepMs={stepMs} timeText={(wallMs) => format.clock(wallMs, clock.now())} exactText={timeText} />
      </div>
    </section>
  );
}

interface BarsProps {
  readonly label: string;
  readonly buckets: readonly LogBucket[];
  readonly span: TimeSpan | null;
  readonly textOf: (bucket: LogBucket) => string;
  readonly onSpan: (span: TimeSpan | null) => void;
}

function Bars({ label, buckets, span, textOf, onSpan }: BarsProps) {
  const highest = Math.max(...buckets.map(({ lines }) => lines));
  const isChosen = ({ fromWallMs, toWallMs }: TimeSpan): boolean =>
    span !== null && fromWallMs < span.toWallMs && toWallMs > span.fromWallMs;
  const choose = (bucket: LogBucket): void =>
    onSpan(isChosen(bucket) ? null : { fromWallMs: bucket.fromWallMs, toWallMs: bucket.toWallMs });
  const withLines = buckets.filter(({ lines }) => lines > 0);
  const stop = withLines.find(isChosen) ?? withLines.at(-1);
  return (
    <div role="listbox" aria-label={label} aria-orientation="horizontal" tabIndex={-1} className={classes['bars']} onKeyDown={moveFocus}>
      {buckets.map((bucket) =>
        bucket.lines === 0 ? (
          <span key={bucket.fromWallMs} aria-hidden="true" data-outside={span === null || isChosen(bucket) ? undefined : ''} />
        ) : (
          <span
            key={bucket.fromWallMs}
            role="option"
            aria-label={textOf(bucket)}
            aria-selected={isChosen(bucket)}
            title={textOf(bucket)}
            tabIndex={bucket === stop ? 0 : -1}
            data-outside={span === null || isChosen(bucket) ? undefined : ''}
            onClick={() => choose(bucket)}
            onKeyDown={(event) => {
              if (event.key !== 'Enter' && event.key !== ' ') return;
              event.preventDefault();
              choose(bucket);
            }}
          >
            <Bar bucket={bucket} highest={highest} />
          </span>
        ),
      )}
    </div>
  );
}

/** Errors are at the bottom, and warnings above them. One of them is seen among many lines. */
function Bar({ bucket: { lines, warnings, errors }, highest }: { readonly bucket: LogBucket; readonly highest: number }) {
  const parts = [
    ['error', errors],
    ['warn', warnings],
    ['other', lines - warnings - errors],
  ] as const;
  return (
    <span className={classes['bar']} style={{ height: `${String((lines / highest) * 100)}%` }}>
      {parts.map(([kind, count]) => count > 0 && <i key={kind} data-kind={kind} style={{ flexGrow: count }} />)}
    </span>
  );
}

interface TimesProps {
  readonly buckets: readonly LogBucket[];
  readonly stepMs: number;
  readonly timeText: (wallMs: number) => string;
  /** Of spans within two minutes. */
  readonly exactText: (wallMs: number) => string;
}

/** The beginning of some spans, at round times. */
function Times({ buckets, stepMs, timeText, exactText }: TimesProps) {
  const ticks = ticksOf(buckets, stepMs, MOST_TIMES, offsetMs());
  const isWhole = ticks.every((i) => (buckets[i]?.fromWallMs ?? 0) % MINUTE_MS === 0);
  return (
    <div className={classes['times']} aria-hidden="true">
      {ticks.map((i, nth) => (
        <span
          key={i}
          data-odd={nth % 2 === 1 ? '' : undefined}
          data-last={i * 10 > buckets.length * 9 ? '' : undefined}
          style={{ left: `${String((i / buckets.length) * 100)}%` }}
        >
          {(isWhole ? timeText : exactText)(buckets[i]?.fromWallMs ?? 0)}
        </span>
      ))}
    </div>
  );
}

/** Local time minus UTC. */
const offsetMs = (): number => -new Date().getTimezoneOffset() * MINUTE_MS;

function moveFocus(event: KeyboardEvent<HTMLElement>): void {
  const options = [...event.currentTarget.querySelectorAll<HTMLElement>('[role="option"]')];
  const at = options.findIndex((option) => option === document.activeElement);
  const moves: Readonly<Record<string, number>> = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: options.length - 1 };
  const next = moves[event.key];
  if (next === undefined) return;
  event.preventDefault();
  options[next]?.focus();
}

type Counts = Pick<LogBucket, 'lines' | 'warnings' | 'errors'>;

function sumOf(buckets: readonly LogBucket[]): Counts {
  const sum = (countOf: (bucket: LogBucket) => number): number => buckets.reduce((total, bucket) => total + countOf(bucket), 0);
  return { lines: sum(({ lines }) => lines), warnings: sum(({ warnings }) => warnings), errors: sum(({ errors }) => errors) };
}

const problemsOf = ({ t, format }: Labels, { warnings, errors }: Counts): readonly string[] => [
  ...(warnings === 0 ? [] : [t('logs.warnings', { count: warnings, shown: format.number(warnings) })]),
  ...(errors === 0 ? [] : [t('logs.errors', { count: errors, shown: format.number(errors) })]),
];

function countText(labels: Labels, counts: Counts): string {
  const { t, format } = labels;
  const lines = t('logs.lines', { count: counts.lines, shown: format.number(counts.lines) });
  return [lines, ...problemsOf(labels, counts)].join(t('punctuation.comma'));
}

/** As many spans as have the width of a target. */
function useSpansThatFit(box: HTMLElement | null): number {
  const [most, setMost] = useState(FEW_SPANS);
  useLayoutEffect(() => {
    if (box === null) return undefined;
    const sizes = new ResizeObserver(() => setMost(Math.min(MOST_SPANS, Math.max(FEW_SPANS, Math.floor(box.clientWidth / SPAN_PX)))));
    sizes.observe(box);
    return () => sizes.disconnect();
  }, [box]);
  return most;
}
