// The shape of every HTTP error (docs/api.md), and how to send one on a bare socket: for refused upgrades and for input that is not
// HTTP, where Fastify has no response to write to.
import { type IncomingHttpHeaders, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { ErrorBody } from '../../../shared/api/node-view';
import { type Language, preferredLanguage } from '../../../shared/language';
import { type ErrorCode, httpStatusOfError, messageIn, retryAfterSecondsOf } from '../../../shared/protocol/codes';

export type ErrorDetails = ErrorBody['error']['details'];

export const errorBody = (code: ErrorCode, details: ErrorDetails, language: Language): ErrorBody => ({
  error: { code, message: messageIn(code, language, details), details },
});

/** A header of every error: the `Accept-Language` of the client decides its text. */
export const VARY = { vary: 'Accept-Language' } as const;

/** `Retry-After`, for errors after which a later request may succeed; `Upgrade` where TLS is required. */
export function errorHeaders(code: ErrorCode, details: ErrorDetails): Readonly<Record<string, string>> {
  // RFC 9110 requires the header in this answer.
  if (code === 'TLS_REQUIRED') return { upgrade: 'TLS/1.3' };
  const seconds = retryAfterSecondsOf(code, details);
  return seconds === null ? {} : { 'retry-after': String(seconds) };
}

/** A client that does not close its side keeps the socket this long. */
const CLOSE_WAIT_MS = 2000;

/**
 * Sends the error and closes the socket. The `request` decides the language; null: its headers were not read. A client that has
 * disconnected gets nothing.
 */
export function refuseSocket(
  socket: Duplex,
  code: ErrorCode,
  details: ErrorDetails,
  request: { readonly headers: IncomingHttpHeaders } | null,
  headers: Readonly<Record<string, string>> = {},
): void {
  socket.on('error', () => socket.destroy());
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const status = httpStatusOfError(code);
  const body = JSON.stringify(errorBody(code, details, preferredLanguage(request?.headers['accept-language'])));
  const head = {
    Connection: 'close',
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': String(Buffer.byteLength(body)),
    ...(request === null ? {} : VARY),
    ...headers,
  };
  const lines = Object.entries(head).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${String(status)} ${STATUS_CODES[status] ?? ''}\r\n${lines.join('')}\r\n${body}`);
  // The rest of a request is dropped: closing a socket with unread bytes would discard the answer on its way.
  socket.resume();
  const timer = setTimeout(() => socket.destroy(), CLOSE_WAIT_MS);
  socket.once('close', () => {
    clearTimeout(timer);
  });
}
