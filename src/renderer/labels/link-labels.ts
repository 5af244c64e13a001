// The address of the link and the cause of a lost link, as text.
import { isCode, type Labels } from '../i18n/use-labels';
import type { Catalogue } from '../i18n/en/index';
import { hasText } from '../i18n/texts';

/** `ws://192.168.1.20:7080/` as `192.168.1.20:7080`. */
export const addressOf = (schedulerUrl: string): string => schedulerUrl.replace(/^\w+:\/\//, '').replace(/\/+$/, '');

export function causeLabel(labels: Labels, cause: string): string {
  if (isCode('link_cause', cause)) return labels.code('link_cause', cause);
  const status = httpStatusOf(cause);
  if (status !== null) return labels.t('link_cause_http', { status });
  return isErrorCode(cause) ? labels.t(`error.${cause}.title`) : cause;
}

export type KnownErrorCode = keyof Catalogue['error'];
export const isErrorCode = (code: string): code is KnownErrorCode => hasText('error', code);

/** `502` of `http_502`, a code of links and of model servers; null for another code. */
export const httpStatusOf = (code: string): string | null => /^http_(\d{3})$/.exec(code)?.[1] ?? null;
