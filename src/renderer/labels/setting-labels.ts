// The texts of a setting: its value with the unit, the origin of the value, and why a change was refused.
import type { SettingRefusal, SettingValue, SettingView } from '../../shared/api/settings';
import { parseSharingHours, type SharingHours } from '../../shared/sharing-hours';
import { parseVramLimit } from '../../shared/vram-limit';
import { isCode, type Labels } from '../i18n/use-labels';
import { localized } from './localized';

type Shown = Pick<SettingView, 'control' | 'unit' | 'key'>;

export function valueText(labels: Labels, { control, unit, key }: Shown, value: SettingValue): string {
  const { t, format } = labels;
  if (value === null) return t('settings.not_set');
  if (typeof value === 'boolean') return t(value ? 'settings.on' : 'settings.off');
  if (Array.isArray(value))
    return value.length === 0 ? t('settings.none') : value.map((item) => itemText(labels, key, item)).join(t('punctuation.list'));
  if (typeof value === 'string') return control === 'choice' ? labels.code('setting_choice', value) : value;
  switch (unit) {
    case null:
      // A port is a name, not an amount.
      return key.endsWith('.port') ? String(value) : format.number(value, 2);
    case 'percent':
      return format.percent(value);
    case 'bytes':
      return isWholeMebibytes(value) ? `${format.number(value / MEBIBYTE)}\u00a0${t('setting_unit.mebibytes')}` : format.bytes(value);
    case 'seconds':
      return value < 60 || value % 60 !== 0
        ? `${format.number(value, 2)}\u00a0${t('setting_unit.seconds')}`
        : format.duration(value * 1000);
    case 'mebibytes':
    case 'megabytes_per_minute':
    case 'per_second':
    case 'celsius':
      return `${format.number(value, 2)}\u00a0${t(`setting_unit.${unit}`)}`;
  }
}

export const MEBIBYTE = 1_048_576;
/** Amounts of bytes are powers of two, as a rule. */
export const isWholeMebibytes = (bytes: number): boolean => bytes > 0 && bytes % MEBIBYTE === 0;
export const MEGABYTE = 1_000_000;
export const isWholeMegabytes = (bytes: number): boolean => bytes > 0 && bytes % MEGABYTE === 0;

/** An item of a list: `RTX 4090: 16 GB` of `RTX 4090=16`. */
export function itemText({ t, format }: Labels, key: string, item: string): string {
  const hours = key === 'agent.sharing_hours' ? parseSharingHours(item) : null;
  if (hours !== null) return hoursText({ t, format }, hours);
  const limit = key === 'agent.vram_limits_gb' ? parseVramLimit(item) : null;
  return limit === null ? item : `${limit.gpu}${t('punctuation.colon')}${format.gb(limit.gb)}`;
}

/** `Mon to Fri, 18:00 to 08:00 the next day` */
function hoursText({ t, format }: Pick<Labels, 't' | 'format'>, { days, fromMinutes, toMinutes }: SharingHours): string {
  const [first = 0, last = first] = [days[0], days.at(-1)];
  const [from, to] = [format.weekday(first, 'short'), format.weekday(last, 'short')];
  const dayText = days.length === 7 ? t('setting_hours.every_day') : days.length === 1 ? from : t('setting_hours.days', { from, to });
  const times = { days: dayText, from: timeOfDay(fromMinutes), to: timeOfDay(toMinutes) };
  return t(toMinutes < fromMinutes ? 'setting_hours.next_day' : 'setting_hours.same_day', times);
}

const timeOfDay = (minutes: number): string =>
  [Math.floor(minutes / 60), minutes % 60].map((part) => String(part).padStart(2, '0')).join(':');

/** `mode`: the share mode that gives a limit its default. Null: it gives none. */
export function originText(labels: Labels, { origin, key }: Pick<SettingView, 'origin' | 'key'>, mode: string | null): string {
  const { t } = labels;
  switch (origin.from) {
    case 'flag':
      return t('setting_origin.flag', { name: origin.name });
    case 'env':
      return t('setting_origin.env', { name: origin.name });
    case 'file':
      return origin.line === null ? t('setting_origin.file_no_line') : t('setting_origin.file', { line: origin.line });
    case 'app':
      return t('setting_origin.app');
    case 'default':
      if (!key.startsWith('agent.limits.') && key !== 'agent.share') return t('setting_origin.default');
      return key === 'agent.share' || mode === null
        ? t('setting_origin.default_of_scheduler')
        : t('setting_origin.default_of', { mode: labels.code('setting_choice', mode) });
  }
}

/** What may be entered for a number. */
export function rangeText({ t, format }: Labels, range: NonNullable<SettingView['range']>): string {
  const values = { min: format.number(range.min, 2), max: format.number(range.max, 2) };
  return t(range.whole ? 'setting_problem.whole' : 'setting_problem.out_of_range', values);
}

/** The problem, and the value that still holds. `titleOf`: of another setting. */
export function refusalText(
  labels: Labels,
  setting: SettingView,
  refusal: SettingRefusal,
  titleOf: (key: string) => string | null,
): string {
  const { t, gap } = labels;
  const still = t('setting_problem.still', { value: valueText(labels, setting, setting.value) });
  return `${problemText(labels, setting, refusal, titleOf)}${gap}${still}`;
}

function problemText(labels: Labels, setting: SettingView, refusal: SettingRefusal, titleOf: (key: string) => string | null): string {
  const { t } = labels;
  const { problem, related, reason } = refusal;
  const other = related === null ? '' : (titleOf(related) ?? related);
  switch (problem) {
    case 'out_of_range':
      return setting.range === null ? t('setting_problem.not_expected') : rangeText(labels, setting.range);
    case 'not_expected':
      return setting.expected === null ? t('setting_problem.not_expected') : localized(labels, setting.expected);
    case 'conflict':
      return setting.control === 'path' ? t('setting_problem.conflict_enter', { other }) : t('setting_problem.conflict', { other });
    case 'overridden':
      return t('setting_problem.overridden', { name: reason ?? t('setting_origin.app') });
    case 'file_unwritable':
      return t('setting_problem.file_unwritable', { reason: reason ?? '' });
    case 'file_invalid':
    case 'file_read_only':
    case 'file_changing':
    case 'not_editable':
      return isCode('setting_problem', problem) ? labels.code('setting_problem', problem) : problem;
  }
}
