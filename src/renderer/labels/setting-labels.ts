// The texts of a setting: its value with the unit, the origin of the value, and why a change was refused.
import type { SettingRefusal, SettingValue, SettingView } from '../../shared/api/settings';
import { parseSharingHours, type SharingHours } from '../../shared/sharing-hours';
import { SHARE_MODES } from '../../shared/api/share-modes';
import { parseVramLimit } from '../../shared/vram-limit';
import { isCode, type Labels } from '../i18n/use-labels';
import { localized } from './localized';
import { shareModeText } from './share-mode-text';
import { hoursOfTyped } from './typed-hours';

type Shown = Pick<SettingView, 'control' | 'unit' | 'key'>;

export function valueText(labels: Labels, { control, unit, key }: Shown, value: SettingValue): string {
  const { t, format } = labels;
  if (value === null) return t('settings.not_set');
  if (typeof value === 'boolean') return t(value ? 'settings.on' : 'settings.off');
  if (Array.isArray(value))
    return value.length === 0 ? t('settings.none') : value.map((item) => itemText(labels, key, item)).join(t('punctuation.list'));
  if (typeof value === 'string') return control === 'choice' ? labels.code('setting_choice', value) : value;
  const zero = value === 0 ? zeroText(labels, key) : null;
  if (zero !== null) return zero;
  switch (unit) {
    case null:
      return isPort(key) ? String(value) : format.number(value, 2);
    case 'percent':
      return format.percent(value);
    case 'bytes':
      return roundText(labels, unit, value) ?? format.bytes(value);
    case 'seconds':
    case 'mebibytes':
    case 'megabytes_per_minute':
    case 'per_second':
    case 'celsius':
      return roundText(labels, unit, value) ?? `${format.number(value, 2)}\u00a0${t(`setting_unit.${unit}`)}`;
  }
}

/** The file has 0 for them. On the page the field is empty, and shows this. */
const ZERO_TEXTS = {
  'server.port': 'settings.free_port',
  'server.ollama_port': 'settings.off',
  'scheduler.status_push_interval_seconds': 'settings.off',
} as const;

/** What 0 means for a setting. Null: a number like others. */
export const zeroText = ({ t }: Pick<Labels, 't'>, key: string): string | null =>
  key in ZERO_TEXTS ? t(ZERO_TEXTS[key as keyof typeof ZERO_TEXTS]) : null;

/** Larger units, the largest first. Amounts of bytes are powers of two, as a rule. */
const LARGER_UNITS = {
  seconds: { days: 86_400, hours: 3600, minutes: 60 },
  bytes: { gibibytes: 1_073_741_824, mebibytes: 1_048_576, megabytes: 1_000_000 },
  mebibytes: { gibibytes: 1024 },
} as const;

export interface RoundAmount {
  readonly unit: { [Unit in keyof typeof LARGER_UNITS]: keyof (typeof LARGER_UNITS)[Unit] }[keyof typeof LARGER_UNITS];
  readonly amount: number;
}

/** A round amount in the largest unit in which it is whole: `7 days` of 604,800 s. One day is 24 hours. Null: it is not round. */
export function roundAmountOf(unit: SettingView['unit'], value: number): RoundAmount | null {
  if (unit !== 'seconds' && unit !== 'bytes' && unit !== 'mebibytes') return null;
  const units = Object.entries(LARGER_UNITS[unit]) as (readonly [RoundAmount['unit'], number])[];
  const found = units.find(([name, size]) => value >= size && value % size === 0 && (name !== 'days' || value > size));
  return found === undefined ? null : { unit: found[0], amount: value / found[1] };
}

function roundText({ t, format }: Labels, unit: SettingView['unit'], value: number): string | null {
  const round = roundAmountOf(unit, value);
  return round === null ? null : `${format.number(round.amount)}\u00a0${t(`setting_unit.${round.unit}`)}`;
}

/** What each choice of a setting means. Empty: the names say it. */
export const choiceTexts = (labels: Labels, key: string): readonly string[] =>
  key !== 'agent.share'
    ? []
    : SHARE_MODES.map((mode) => `${labels.code('setting_choice', mode)}${labels.t('punctuation.colon')}${shareModeText(labels, mode)}`);

/** An item of a list: `RTX 4090: 16 GB` of `RTX 4090=16`. */
export function itemText({ t, format }: Labels, key: string, item: string): string {
  const hours = key === 'agent.sharing_hours' ? parseSharingHours(item) : null;
  if (hours !== null) return hoursText({ t, format }, hours);
  const limit = key === 'agent.vram_limits_gb' ? parseVramLimit(item) : null;
  return limit === null ? item : `${limit.gpu}${t('punctuation.colon')}${format.gb(limit.gb)}`;
}

/** The item that a person typed, as the configuration has it. */
export const itemOfTyped = (key: string, typed: string): string => (key === 'agent.sharing_hours' ? hoursOfTyped(typed) : typed);

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
export function rangeText({ t, format }: Labels, key: string, range: NonNullable<SettingView['range']>): string {
  const text = (value: number): string => (isPort(key) ? String(value) : format.number(value, 2));
  return t(range.whole ? 'setting_problem.whole' : 'setting_problem.out_of_range', { min: text(range.min), max: text(range.max) });
}

/** A port is a name, not an amount. */
export const isPort = (key: string): boolean => key.endsWith('port');

/** The value that holds after a refused change. `inherited`: the choice or limit that holds while the setting has none. */
export function stillText(labels: Labels, setting: SettingView, inherited: string | null): string {
  const { t } = labels;
  if (setting.value !== null || inherited === null) return t('setting_problem.still', { value: valueText(labels, setting, setting.value) });
  const value = valueText(labels, setting, setting.control === 'number' ? Number(inherited) : inherited);
  // The own limits of a pool are no default of another.
  return t(setting.key.startsWith('agent.') ? 'setting_problem.still_default' : 'setting_problem.still', { value });
}

export interface RefusedSetting {
  readonly setting: SettingView;
  readonly inherited: string | null;
  /** Of another setting. */
  readonly titleOf: (key: string) => string | null;
}

/** The problem, and the value that still holds. */
export const refusalText = (labels: Labels, { setting, inherited, titleOf }: RefusedSetting, refusal: SettingRefusal): string =>
  `${problemText(labels, setting, refusal, titleOf)}${labels.gap}${stillText(labels, setting, inherited)}`;

function problemText(labels: Labels, setting: SettingView, refusal: SettingRefusal, titleOf: (key: string) => string | null): string {
  const { t } = labels;
  const { problem, related, reason } = refusal;
  const other = related === null ? '' : (titleOf(related) ?? related);
  switch (problem) {
    case 'out_of_range':
      return setting.range === null ? t('setting_problem.not_expected') : rangeText(labels, setting.key, setting.range);
    case 'not_expected':
      return setting.expected === null ? t('setting_problem.not_expected') : localized(labels, setting.expected);
    case 'conflict':
      return setting.control === 'path' ? t('setting_problem.conflict_enter', { other }) : t('setting_problem.conflict', { other });
    case 'overridden':
      return t('setting_problem.overridden', { name: reason ?? t('setting_origin.app') });
    case 'file_unwritable':
      return t('setting_problem.file_unwritable', { reason: reason ?? '' });
    case 'file_read_only':
      return t('setting_problem.file_read_only', { file: reason ?? 'config.toml' });
    case 'file_invalid':
    case 'file_changing':
    case 'not_editable':
      return isCode('setting_problem', problem) ? labels.code('setting_problem', problem) : problem;
  }
}
