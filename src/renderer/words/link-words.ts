// Where the link leads and why it is down, in words.
import { isCode, type Words } from '../i18n/use-words';
import { en } from '../i18n/en/index';

/** `ws://192.168.1.20:7080/` as `192.168.1.20:7080`. */
export const addressOf = (schedulerUrl: string): string => schedulerUrl.replace(/^\w+:\/\//, '').replace(/\/+$/, '');

/** True when the scheduler answers on this computer only by its name. */
export const isThisComputer = (address: string): boolean => /^(?:127(?:\.\d+){3}|localhost|\[::1\])(?::\d+)?$/.test(address);

export function causeWords(words: Words, cause: string): string {
  if (isCode('link_cause', cause)) return words.code('link_cause', cause);
  const status = httpStatusOf(cause);
  if (status !== null) return words.t('link_cause_http', { status });
  return isErrorCode(cause) ? words.t(`error.${cause}.title`) : cause;
}

export type KnownErrorCode = keyof typeof en.error;
export const isErrorCode = (code: string): code is KnownErrorCode => Object.hasOwn(en.error, code);

/** `502` of `http_502`, a code of links and of model servers; null for another code. */
export const httpStatusOf = (code: string): string | null => /^http_(\d{3})$/.exec(code)?.[1] ?? null;
