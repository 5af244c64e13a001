// The one shape of an HTTP error (api §1), and what goes with it in its head.
import type { ErrorBody } from '../../../shared/api/node-view';
import type { Language } from '../../../shared/language';
import { type ErrorCode, messageIn, retryAfterSecondsOf } from '../../../shared/protocol/codes';

export const errorBody = (code: ErrorCode, details: ErrorBody['error']['details'], language: Language): ErrorBody => ({
  error: { code, message: messageIn(code, language), details },
});

/** Of every error whose language the client's `Accept-Language` decides. */
export const VARY = { vary: 'Accept-Language' } as const;

/** When to come back, where that helps. */
export function errorHeaders(code: ErrorCode): Readonly<Record<string, string>> {
  const seconds = retryAfterSecondsOf(code);
  return seconds === null ? {} : { 'retry-after': String(seconds) };
}
