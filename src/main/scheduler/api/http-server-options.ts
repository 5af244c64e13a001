// What every HTTP server of a scheduler has: its timeouts, and the answer to input that is not HTTP.
import type { Duplex } from 'node:stream';
import { refuseSocket } from '../access/error-response';

const HEADERS_TIMEOUT_MS = 10_000;
/** Of headers and body together. */
export const REQUEST_TIMEOUT_MS = 10_000;
/** Interval of the check for requests that exceed these timeouts. */
const TIMEOUT_CHECK_MS = 1000;
/** Of a connection between two requests. */
const KEEP_ALIVE_TIMEOUT_MS = 72_000;

export const HEADERS_TIMEOUTS = { headersTimeout: HEADERS_TIMEOUT_MS, connectionsCheckingInterval: TIMEOUT_CHECK_MS } as const;

export const SERVER_TIMEOUTS = {
  ...HEADERS_TIMEOUTS,
  requestTimeout: REQUEST_TIMEOUT_MS,
  keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
} as const;

/** For the `clientError` of a server. */
export function answerBrokenRequest({ code }: { readonly code?: string }, socket: Duplex): void {
  if (code === 'HPE_HEADER_OVERFLOW') refuseSocket(socket, 'PAYLOAD_TOO_LARGE', { field: 'headers', reason: 'too large' }, null);
  else if (code === 'ERR_HTTP_REQUEST_TIMEOUT') refuseSocket(socket, 'REQUEST_TIMEOUT', null, null);
  else refuseSocket(socket, 'INVALID_REQUEST', { field: '', reason: 'not HTTP' }, null);
}
