// Why a request was refused, from the code of its error and the details: the second part of the message, such as the limit that the key has
// reached. Details are codes and numbers, so a text is made for each language.
import type { Language, Localized } from '../language';

type Details = Readonly<Record<string, unknown>>;

const MS_PER_SECOND = 1000;
const SECONDS_PER_MINUTE = 60;
const SECONDS_PER_HOUR = 3600;

interface LimitFigures {
  readonly max: string;
  /** The present use, without the reserved part. */
  readonly used: string;
  /** Of open requests. Empty: nothing. */
  readonly reserved: string;
  /** The tokens that the request itself reserves. Empty: not known. */
  readonly wanted: string;
}

const many = (count: string, one: string, several: string): string => `${count} ${count === '1' ? one : several}`;
const requests = (count: string): string => many(count, 'request', 'requests');

const tokens = ({ max, used, reserved, wanted }: LimitFigures, { en, zh }: Localized): Localized => {
  const [ofOpen, ofThis] = [reserved === '' ? null : reserved, wanted === '' ? null : wanted];
  return {
    en: [
      `${many(max, 'token', 'tokens')} per ${en}, ${used} used`,
      ...(ofOpen === null ? [] : [`${ofOpen} reserved for open requests`]),
      ...(ofThis === null ? [] : [`this request may need ${ofThis}`]),
    ].join(', '),
    zh: [
      `每${zh} ${max} 个词元，已用 ${used} 个`,
      ...(ofOpen === null ? [] : [`进行中的请求预留 ${ofOpen} 个`]),
      ...(ofThis === null ? [] : [`此请求可能需要 ${ofThis} 个`]),
    ].join('，'),
  };
};

const LIMIT_TEXTS: Readonly<Record<string, (figures: LimitFigures) => Localized>> = {
  requests_per_minute: ({ max, used }) => ({
    en: `${requests(max)} per minute, ${used} used`,
    zh: `每分钟 ${max} 个请求，已用 ${used} 个`,
  }),
  tokens_per_minute: (figures) => tokens(figures, { en: 'minute', zh: '分钟' }),
  tokens_per_day: (figures) => tokens(figures, { en: 'day', zh: '天' }),
  max_at_once: ({ max, used }) => ({ en: `${requests(max)} at once, ${used} open`, zh: `同时 ${max} 个请求，进行中 ${used} 个` }),
  requests_per_second: ({ max }) => ({ en: `${requests(max)} per second`, zh: `每秒 ${max} 个请求` }),
  megabytes_per_minute: ({ max }) => ({ en: `${max} MB of requests per minute`, zh: `每分钟 ${max} MB 的请求数据` }),
  queued: ({ max, used }) => ({
    en: `${many(max, 'queued job', 'queued jobs')}, ${used} in the queue`,
    zh: `${max} 个排队任务，队列中已有 ${used} 个`,
  }),
  streams: ({ max, used }) => ({
    en: `${many(max, 'stream', 'streams')} at once, ${used} open`,
    zh: `同时 ${max} 个流，进行中 ${used} 个`,
  }),
  background_responses: ({ max, used }) => ({
    en: `${many(max, 'background response', 'background responses')} at once, ${used} running`,
    zh: `同时 ${max} 个后台响应，进行中 ${used} 个`,
  }),
  background_megabytes: ({ max }) => ({ en: `${max} MB of background responses at once`, zh: `同时 ${max} MB 的后台响应` }),
  background_megabytes_of_all: ({ max }) => ({
    en: `${max} MB of background responses of all keys at once`,
    zh: `所有密钥同时 ${max} MB 的后台响应`,
  }),
};

const AUTHENTICATION_TEXTS: Readonly<Record<string, Localized>> = {
  expired: { en: 'the key has expired', zh: '密钥已过期' },
  used_up: { en: 'the invitation was used', zh: '邀请已被使用' },
};

/** Null: the code says all, or the details are of another kind. */
export function refusalText(code: string, details: Details | null): Localized | null {
  if (details === null) return null;
  switch (code) {
    case 'LIMIT_REACHED':
      return limitText(details);
    case 'FORBIDDEN':
      return forbiddenText(details);
    case 'UNAUTHORIZED':
      return AUTHENTICATION_TEXTS[textOf(details['reason'])] ?? null;
    default:
      return null;
  }
}

function limitText({ limit, max, found, reserved, wanted, retry_after_seconds: seconds }: Details): Localized | null {
  const ofOpen = typeof reserved === 'number' && reserved > 0 ? reserved : 0;
  const used = textOf(typeof found === 'number' ? found - ofOpen : found);
  const figures = { max: textOf(max), used, reserved: ofOpen === 0 ? '' : textOf(ofOpen), wanted: textOf(wanted) };
  const text = LIMIT_TEXTS[textOf(limit)]?.(figures) ?? null;
  if (text === null || typeof seconds !== 'number' || seconds <= 0) return text;
  const wait = waitText(seconds * MS_PER_SECOND);
  return { en: `${text.en}; try again in ${wait.en}`, zh: `${text.zh}；请在 ${wait.zh}后重试` };
}

function forbiddenText({ reason, model, limit, max, found }: Details): Localized | null {
  if (reason === 'model_not_allowed') return { en: `it may not use the model ${textOf(model)}`, zh: `不能使用模型 ${textOf(model)}` };
  if (limit !== 'priority') return null;
  return { en: `the highest priority is ${textOf(max)}, not ${textOf(found)}`, zh: `最高优先级为 ${textOf(max)}，而不是 ${textOf(found)}` };
}

const textOf = (value: unknown): string => (typeof value === 'string' || typeof value === 'number' ? String(value) : '');

export const withReason = (text: Localized, reason: Localized | null, language: Language): string =>
  reason === null ? text[language] : `${text[language]}${language === 'en' ? ': ' : '：'}${reason[language]}`;

/** As OpenAI writes durations: `120ms`, `1s`, `6m0s`, `14h5m0s`. */
export function durationText(ms: number): string {
  if (ms <= 0) return '0s';
  if (ms < MS_PER_SECOND) return `${String(Math.ceil(ms))}ms`;
  const { hours, minutes, seconds } = partsOf(ms);
  if (hours > 0) return `${String(hours)}h${String(minutes)}m${String(seconds)}s`;
  return minutes > 0 ? `${String(minutes)}m${String(seconds)}s` : `${String(seconds)}s`;
}

function waitText(ms: number): Localized {
  const { hours, minutes, seconds } = partsOf(ms);
  const parts = [
    ...(hours > 0 ? [`${String(hours)} 小时`] : []),
    ...(minutes > 0 ? [`${String(minutes)} 分钟`] : []),
    ...(seconds > 0 ? [`${String(seconds)} 秒`] : []),
  ];
  return { en: durationText(ms), zh: parts.join(' ') };
}

function partsOf(ms: number): { readonly hours: number; readonly minutes: number; readonly seconds: number } {
  const all = Math.ceil(ms / MS_PER_SECOND);
  return {
    hours: Math.floor(all / SECONDS_PER_HOUR),
    minutes: Math.floor((all % SECONDS_PER_HOUR) / SECONDS_PER_MINUTE),
    seconds: all % SECONDS_PER_MINUTE,
  };
}
