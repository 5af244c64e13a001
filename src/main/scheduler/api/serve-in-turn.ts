// Pipelined requests of one connection are served one after the other, each in a turn of the event loop of its own. Node starts all
// requests of a read at once: a few hundred kilobytes of requests stopped the scheduler for half a second, and each whole answer waited in
// memory.
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { AbuseLog } from '../../platform/abuse-log';
import { sourceOf } from '../../platform/source-address';

/** More than any client sends ahead. */
const MAX_WAITING = 64;

type Exchange = readonly [request: IncomingMessage, response: ServerResponse];

export function serveInTurn(server: Server, abuse: Pick<AbuseLog, 'limitReached'>): void {
  const handlers = server.listeners('request') as RequestListener[];
  /** The requests behind the one that is served. */
  const lines = new WeakMap<Socket, Exchange[]>();
  const serve = (socket: Socket, [request, response]: Exchange): void => {
    response.once('close', () => {
      setImmediate(() => {
        serveNext(socket);
      });
    });
    for (const handle of handlers) handle(request, response);
  };
  const serveNext = (socket: Socket): void => {
    const next = socket.destroyed ? undefined : lines.get(socket)?.shift();
    if (next === undefined) lines.delete(socket);
    else serve(socket, next);
  };
  server.removeAllListeners('request');
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const { socket } = request;
    // Node parses the rest of a read although the connection was closed.
    if (socket.destroyed) return;
    const line = lines.get(socket);
    if (line === undefined) {
      lines.set(socket, []);
      serve(socket, [request, response]);
    } else if (line.length < MAX_WAITING) line.push([request, response]);
    else {
      abuse.limitReached('pipelined_requests', sourceOf(socket.remoteAddress));
      socket.destroy();
    }
  });
}
