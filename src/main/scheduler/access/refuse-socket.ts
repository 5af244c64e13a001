// An HTTP error on a bare socket, where the framework has no response to write to: refused upgrades, and what is no HTTP.
import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { ErrorBody } from '../../../shared/api/node-view';
import { type ErrorCode, httpStatusOf } from '../../../shared/protocol/codes';
import { errorBody } from './error-body';

/** Says why and closes. A peer that has gone already is no matter. */
export function refuseSocket(
  socket: Duplex,
  code: ErrorCode,
  details: ErrorBody['error']['details'],
  headers: Readonly<Record<string, string>> = {},
): void {
  socket.on('error', () => socket.destroy());
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const status = httpStatusOf(code);
  const body = JSON.stringify(errorBody(code, details));
  const head = {
    Connection: 'close',
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': String(Buffer.byteLength(body)),
    ...headers,
  };
  const lines = Object.entries(head).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${String(status)} ${STATUS_CODES[status] ?? ''}\r\n${lines.join('')}\r\n${body}`);
}
