// Bounds the open HTTP connections of one source. A client could otherwise hold every file handle of the scheduler with connections that
// it keeps alive. A connection that becomes a node socket or a newcomer's does not count any more: the node endpoint has its own limits.
import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { AbuseLog } from '../../platform/abuse-log';
import { sourceOf } from '../../platform/source-address';
import { refuseSocket } from '../access/error-response';

export function limitConnections(server: Server, maxPerAddress: number, abuse: AbuseLog): void {
  const open = new Map<string, number>();
  const counted = new Map<object, string>();
  const release = (socket: object): void => {
    const from = counted.get(socket);
    if (from === undefined) return;
    counted.delete(socket);
    const left = (open.get(from) ?? 1) - 1;
    if (left === 0) open.delete(from);
    else open.set(from, left);
  };
  // Before the listener of the HTTP server, which would begin to read a request.
  server.prependListener('connection', (socket: Socket) => {
    const from = sourceOf(socket.remoteAddress);
    const count = open.get(from) ?? 0;
    if (count >= maxPerAddress) {
      abuse.limitReached('connections_per_address', from);
      refuseSocket(socket, 'OVERLOADED', { limit: 'connections_per_address', maximum: maxPerAddress }, null);
      return;
    }
    open.set(from, count + 1);
    counted.set(socket, from);
    socket.once('close', () => {
      release(socket);
    });
  });
  server.prependListener('upgrade', (_request: unknown, socket: Duplex) => {
    // A refused socket stays counted until it is closed.
    setImmediate(() => {
      if (socket.writable) release(socket);
    });
  });
}
