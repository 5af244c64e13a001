// The names and figures of the page in the language of the user.
import { DAY_MS, numberOfDay, type UsageFigures, type UsageRow } from '../../../shared/api/usage';
import type { StatTile } from '../../components/StatTiles';
import type { Labels } from '../../i18n/use-labels';
import type { ChangeFigure } from './usage-change';
import { type DayRange, type Measure, midnightOf, type Subject } from './usage-view';

/** Of the rest: no node worked on its requests, which ended in the queue. The scheduler keeps no model of them. */
export const hasNotRun = ({ prompt_tokens: prompt, output_tokens: output, gpu_seconds: seconds }: UsageFigures): boolean =>
  prompt + output === 0 && seconds === 0;

/** Null: several that are one part of the chart. */
export function nameOf({ t }: Labels, subject: Subject, row: UsageRow | null): string {
  if (row === null) return t('usage.others');
  if (!row.rest) return row.name ?? row.id ?? t('usage.no_key');
  return subject === 'model' && hasNotRun(row) ? t('usage.not_run') : t(`usage.rest.${subject}`);
}

/** `Nov 17 to Nov 23`. Days of two years both have their year. */
export function daysText({ t, format }: Labels, { from, to }: DayRange, nowWallMs: number): string {
  const [fromWallMs, toWallMs] = [midnightOf(from), midnightOf(to)];
  if (from === to) return format.day(fromWallMs, nowWallMs);
  const isOneYear = from.slice(0, 4) === to.slice(0, 4);
  return t('usage.days', {
    from: format.day(fromWallMs, isOneYear ? nowWallMs : toWallMs),
    to: format.day(toWallMs, isOneYear ? nowWallMs : fromWallMs),
  });
}

/** As UTC days, with the time of day at which a day begins here, unless that is midnight. */
export function rangeText(labels: Labels, range: DayRange, nowWallMs: number): string {
  const { t, format } = labels;
  const days = daysText(labels, range, nowWallMs);
  const beginsWallMs = numberOfDay(range.to) * DAY_MS;
  if (new Date(beginsWallMs).getTimezoneOffset() === 0) return t('usage.range', { days });
  return t('usage.range_here', { days, time: format.clock(beginsWallMs, beginsWallMs) });
}

const SECONDS_PER_MINUTE = 60;
const SECONDS_PER_HOUR = 3600;

/** From so many hours on, a decimal is noise. */
const MANY_HOURS = 100;

/** `1.9 h`, `2,173 h` */
function hoursText({ t, format }: Labels, seconds: number): string {
  const hours = seconds / SECONDS_PER_HOUR;
  return t('usage.hours', { hours: format.number(hours, hours < MANY_HOURS ? 1 : 0) });
}

/** With the unit: `420 ms`, `25 s`, `12 min`, `1.9 h`, `2,173 h`. */
export function gpuText(labels: Labels, seconds: number): string {
  const { format } = labels;
  if (seconds === 0) return format.number(0);
  return seconds < SECONDS_PER_HOUR ? format.took(seconds * 1000) : hoursText(labels, seconds);
}

/** With the unit. */
export function measureText(labels: Labels, measure: Measure, value: number): string {
  const { t, format } = labels;
  if (measure === 'gpu') return gpuText(labels, value);
  return measure === 'tokens' ? t('usage.tokens', { tokens: format.compact(value) }) : format.number(value);
}

/** An axis of time has lines at whole hours, minutes or seconds. */
export function axisUnitOf(measure: Measure, highest: number): number {
  if (measure !== 'gpu' || highest < SECONDS_PER_MINUTE) return 1;
  return highest < SECONDS_PER_HOUR ? SECONDS_PER_MINUTE : SECONDS_PER_HOUR;
}

/** Without the unit, for an axis. */
export function tickText({ t, format }: Labels, measure: Measure, value: number): string {
  if (measure !== 'gpu' || value === 0) return format.tick(value);
  return value < SECONDS_PER_HOUR ? format.took(value * 1000) : t('usage.hours', { hours: format.number(value / SECONDS_PER_HOUR, 1) });
}

/** `+12%`. Null: not known. */
function changeText({ format }: Labels, percent: number | null): string | undefined {
  if (percent === null) return undefined;
  const rounded = Math.round(percent);
  return `${rounded > 0 ? '+' : rounded < 0 ? '−' : '±'}${format.percent(Math.abs(rounded))}`;
}

/** `changes`: of each figure, in percent. */
export function usageTiles(
  labels: Labels,
  subject: Subject,
  total: UsageFigures,
  changes: Readonly<Record<ChangeFigure, number | null>> | null,
): readonly StatTile[] {
  const change = (figure: ChangeFigure): { readonly unit?: string } => {
    const unit = changeText(labels, changes?.[figure] ?? null);
    return unit === undefined ? {} : { unit };
  };
  const { t, format } = labels;
  const {
    requests,
    failed,
    cancelled,
    prompt_tokens: prompt,
    cached_tokens: cached,
    output_tokens: output,
    gpu_seconds: seconds,
    refused,
  } = total;
  return [
    {
      label: t(subject === 'node' ? 'usage.attempts' : 'usage.requests'),
      figure: format.number(requests),
      ...change('requests'),
      note:
        refused === 0
          ? t('usage.failed_and_cancelled', { failed: format.number(failed), cancelled: format.number(cancelled) })
          : t('usage.failed_cancelled_refused', {
              failed: format.number(failed),
              cancelled: format.number(cancelled),
              refused: format.number(refused),
            }),
    },
    {
      label: t('usage.prompt'),
      figure: format.compact(prompt),
      ...change('prompt_tokens'),
      note: t('usage.from_cache', { percent: format.percent(prompt === 0 ? 0 : (cached / prompt) * 100) }),
    },
    {
      label: t('usage.output'),
      figure: format.compact(output),
      ...change('output_tokens'),
      note: t(total.estimated === 0 ? 'usage.output_note' : 'usage.output_estimated'),
    },
    { label: t('usage.gpu'), figure: gpuText(labels, seconds), ...change('gpu_seconds'), note: t('usage.gpu_note') },
  ];
}
