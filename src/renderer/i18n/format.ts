// Numbers, times and ages in a language. Times are in the time zone of the machine, which Intl reads.

export interface Format {
  /** At most `digits` decimals (0); e.g. 12,345 or 3.5. */
  readonly number: (value: number, digits?: number) => string;
  /** A figure: `2.0M`, `211.1M`; in Chinese `3323万`, `2.11亿`. Figures of one column have about the same precision. */
  readonly compact: (value: number) => string;
  /** A value of an axis: `2.4K`, `25M`; in Chinese `2400`, `2500万`. */
  readonly tick: (value: number) => string;
  /** 0-100 as `62%`. */
  readonly percent: (value: number) => string;
  /** Memory, in GiB as card makers count: `24 GB`, `10.6 GB`, `1.82 TB`. */
  readonly gb: (value: number) => string;
  /** Memory in the unit of `ofGb`, without the unit: `0.58` of 1.82 TB. */
  readonly gbPart: (value: number, ofGb: number) => string;
  /** The size of a file: `512 B`, `63.2 MB`, from a GB on with a decimal below 10: `2.0 GB`, `54 GB`. */
  readonly bytes: (value: number) => string;
  /** `19:42` on the day of `nowWallMs`, else with the date. */
  readonly clock: (wallMs: number, nowWallMs: number) => string;
  /** `19:42:03`, with the date when it was another day. */
  readonly exactClock: (wallMs: number, nowWallMs: number) => string;
  /** How long something took: `40 ms`, `1.3 s`, from a minute on as a duration. */
  readonly took: (ms: number) => string;
  /** `8 s`, `3 min`, `2 h 5 min`, `4 d`: never negative, rounded down. */
  readonly duration: (ms: number) => string;
  /** Hours and minutes, also of many days: `14 h 36 min`. */
  readonly hours: (ms: number) => string;
  /** A figure of a table in seconds, without the unit: `0` (exactly nothing), `<0.1`, `2.0`, `131`. */
  readonly seconds: (seconds: number) => string;
  /** `1:42`, for a countdown of minutes: never negative, rounded up to the second. */
  readonly countdown: (ms: number) => string;
  /** `2 Nov`, with the year when it is another one. */
  readonly day: (wallMs: number, nowWallMs: number) => string;
  /** 0: Sunday. */
  readonly weekday: (day: number, style: 'short' | 'long') => string;
}

/** A Sunday, in the time zone of the machine. */
const A_SUNDAY = { year: 2023, month: 0, day: 1 } as const;

const NARROW_SPACE = '\u00a0';
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const UNITS = {
  en: { millisecond: 'ms', second: 's', minute: 'min', hour: 'h', day: 'd', minuteOfHour: 'min' },
  'zh-CN': { millisecond: '毫秒', second: '秒', minute: '分钟', hour: '小时', day: '天', minuteOfHour: '分' },
} as const;
/** 亿 is 10,000 times 万: three digits of each, and the whole part of both. */
const COMPACT_DIGITS = {
  en: { minimumFractionDigits: 1, maximumFractionDigits: 1 },
  'zh-CN': {
    minimumSignificantDigits: 3,
    maximumSignificantDigits: 3,
    minimumFractionDigits: 0,
    maximumFractionDigits: 0,
    roundingPriority: 'morePrecision',
  },
} as const;
/** Below, a figure is whole in every language. */
const SHORTENED_FROM = 1000;
/** As readers count. */
const GB_PER_TB = 1000;
const MEMORY_UNITS = { gb: { name: 'GB', gb: 1, digits: 1 }, tb: { name: 'TB', gb: GB_PER_TB, digits: 2 } } as const;

const BYTE_UNITS = ['B', 'kB', 'MB', 'GB', 'TB'] as const;
const GIGABYTES = BYTE_UNITS.indexOf('GB');
/** Below, a whole number would be less precise than its neighbours in a column. */
const DECIMAL_BELOW = 10;

/** The unit for an amount, its size in GB, and the decimals that it is shown with. */
export const memoryUnitOf = (gb: number) => (gb < GB_PER_TB ? MEMORY_UNITS.gb : MEMORY_UNITS.tb);

/** The name of each language is in that language. */
export const LANGUAGE_NAMES = { en: 'English', 'zh-CN': '简体中文' } as const;

export type Language = keyof typeof UNITS;

/** Less than this is shown as less than 0.1. */
const LEAST_SECONDS = 0.05;
/** From here on a decimal says nothing. */
const WHOLE_SECONDS_FROM = 99.95;

function createWeekday(language: Language): Format['weekday'] {
  const formats = {
    short: new Intl.DateTimeFormat(language, { weekday: 'short' }),
    long: new Intl.DateTimeFormat(language, { weekday: 'long' }),
  };
  return (day, style) => formats[style].format(new Date(A_SUNDAY.year, A_SUNDAY.month, A_SUNDAY.day + day));
}

const MONTH_DAY = { month: 'short', day: 'numeric' } as const;
const HOUR_MINUTE = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;

export function createFormat(language: Language): Format {
  const formats = [0, 1, 2].map((digits) => new Intl.NumberFormat(language, { maximumFractionDigits: digits }));
  const number = (value: number, digits = 0): string => formats[digits]?.format(value) ?? String(value);
  const unit = (value: number, name: string): string => `${number(value)}${NARROW_SPACE}${name}`;
  const compact = new Intl.NumberFormat(language, { notation: 'compact', ...COMPACT_DIGITS[language] });
  const tick = new Intl.NumberFormat(language, { notation: 'compact', maximumFractionDigits: 1 });
  const timeOfDay = new Intl.DateTimeFormat(language, HOUR_MINUTE);
  const dateAndTime = new Intl.DateTimeFormat(language, { ...MONTH_DAY, ...HOUR_MINUTE });
  const timeWithSeconds = new Intl.DateTimeFormat(language, { ...HOUR_MINUTE, second: '2-digit' });
  const dateWithSeconds = new Intl.DateTimeFormat(language, { ...MONTH_DAY, ...HOUR_MINUTE, second: '2-digit' });
  const dayOfYear = new Intl.DateTimeFormat(language, MONTH_DAY);
  const dayAndYear = new Intl.DateTimeFormat(language, { year: 'numeric', ...MONTH_DAY });
  const oneDecimal = new Intl.NumberFormat(language, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  const isSameDay = (wallMs: number, nowWallMs: number): boolean => new Date(wallMs).toDateString() === new Date(nowWallMs).toDateString();
  const gbPart = (value: number, ofGb: number): string => {
    const { gb, digits } = memoryUnitOf(ofGb);
    return number(value / gb, digits);
  };
  const units = UNITS[language];
  const hours = (ms: number): string => {
    const minutes = Math.floor((ms % HOUR) / MINUTE);
    if (ms < HOUR) return unit(minutes, units.minute);
    const whole = unit(Math.floor(ms / HOUR), units.hour);
    return minutes === 0 ? whole : `${whole} ${unit(minutes, units.minuteOfHour)}`;
  };
  const duration = (ms: number): string => {
    const left = Math.max(0, ms);
    if (left < MINUTE) return unit(Math.floor(left / SECOND), units.second);
    if (left < HOUR) return unit(Math.floor(left / MINUTE), units.minute);
    return left < DAY ? hours(left) : unit(Math.floor(left / DAY), units.day);
  };
  return {
    number,
    compact: (value) => (value < SHORTENED_FROM ? number(value) : compact.format(value)),
    tick: (value) => tick.format(value),
    percent: (value) => `${number(value)}%`,
    gb: (value) => `${gbPart(value, value)}${NARROW_SPACE}${memoryUnitOf(value).name}`,
    gbPart,
    bytes(value) {
      // From 999.95 MB on, the rounded number is in the next unit.
      const step = BYTE_UNITS.findLastIndex((_, at) => value >= (1 - 0.5e-4) * 1000 ** at);
      const size = value / 1000 ** step;
      const digits = step >= GIGABYTES && size < DECIMAL_BELOW ? oneDecimal.format(size) : number(size, step <= 0 ? 0 : 1);
      return `${digits}${NARROW_SPACE}${BYTE_UNITS[step] ?? 'B'}`;
    },
    clock: (wallMs, nowWallMs) => (isSameDay(wallMs, nowWallMs) ? timeOfDay : dateAndTime).format(wallMs),
    exactClock: (wallMs, nowWallMs) => (isSameDay(wallMs, nowWallMs) ? timeWithSeconds : dateWithSeconds).format(wallMs),
    took(ms) {
      const whole = Math.max(0, Math.round(ms));
      if (whole < SECOND) return unit(whole, units.millisecond);
      // Rounded down like every duration, so that 59.99 s is not a minute.
      return whole < MINUTE ? `${number(Math.floor(whole / 100) / 10, 1)}${NARROW_SPACE}${units.second}` : duration(whole);
    },
    duration,
    hours,
    seconds(seconds) {
      if (seconds === 0) return '0';
      if (seconds < LEAST_SECONDS) return `<${number(0.1, 1)}`;
      return seconds < WHOLE_SECONDS_FROM ? oneDecimal.format(seconds) : number(seconds);
    },
    countdown(ms) {
      const seconds = Math.max(0, Math.ceil(ms / SECOND));
      return `${String(Math.floor(seconds / 60))}:${String(seconds % 60).padStart(2, '0')}`;
    },
    day: (wallMs, nowWallMs) =>
      (new Date(wallMs).getFullYear() === new Date(nowWallMs).getFullYear() ? dayOfYear : dayAndYear).format(wallMs),
    weekday: createWeekday(language),
  };
}
