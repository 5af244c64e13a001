// The one shape of an HTTP error (api §1), and what goes with it in its head.
import type { ErrorBody } from '../../../shared/api/node-view';
import { type ErrorCode, messageOf, retryAfterSecondsOf } from '../../../shared/protocol/codes';

export const errorBody = (code: ErrorCode, details: ErrorBody['error']['details']): ErrorBody => ({
  error: { code, message: messageOf(code), details },
});

/** When to come back, where that helps. */
export function errorHeaders(code: ErrorCode): Readonly<Record<string, string>> {
  const seconds = retryAfterSecondsOf(code);
  return seconds === null ? {} : { 'retry-after': String(seconds) };
}
