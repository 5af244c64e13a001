// An HTTP error on a bare socket, where the framework has no response to write to: refused upgrades, and what is no HTTP.
import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { IncomingHttpHeaders } from 'node:http';
import type { ErrorBody } from '../../../shared/api/node-view';
import { preferredLanguage } from '../../../shared/language';
import { type ErrorCode, httpStatusOf } from '../../../shared/protocol/codes';
import { errorBody, VARY } from './error-body';

/** Says why and closes, in the language that the request prefers; null: its head was not read. A peer that has gone already is no matter. */
export function refuseSocket(
  socket: Duplex,
  code: ErrorCode,
  details: ErrorBody['error']['details'],
  request: { readonly headers: IncomingHttpHeaders } | null,
  headers: Readonly<Record<string, string>> = {},
): void {
  socket.on('error', () => socket.destroy());
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const status = httpStatusOf(code);
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
}
