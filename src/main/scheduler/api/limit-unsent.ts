// One budget for the bytes of all answers that their clients have not read. An answer may have megabytes, and a client that does not read
// it keeps it in memory. Over the budget, the address with the most bytes loses the connection with its largest answer.
import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { AbuseLog } from '../../platform/abuse-log';
import { sourceOf } from '../../platform/source-address';
import { overBudget, type Part } from '../access/over-budget';

/** The system and the heap keep copies of these bytes. */
const MAX_UNSENT_BYTES = 128 * 1024 * 1024;
/** Answers of `MAX_UNSENT_BYTES` take longer to make. */
const CHECK_INTERVAL_MS = 250;

interface Unsent extends Part {
  readonly socket: Duplex;
}

export function limitUnsent(server: Server, abuse: Pick<AbuseLog, 'limitReached'>, maxBytes = MAX_UNSENT_BYTES): void {
  const open = new Map<Duplex, string>();
  server.on('connection', (socket: Socket) => {
    open.set(socket, sourceOf(socket.remoteAddress));
    socket.once('close', () => open.delete(socket));
  });
  // Sockets of nodes have their own limits.
  server.on('upgrade', (_request: unknown, socket: Duplex) => open.delete(socket));
  const timer = setInterval(() => {
    const unsent: Unsent[] = [];
    for (const [socket, from] of open) if (socket.writableLength > 0) unsent.push({ socket, from, bytes: socket.writableLength });
    for (const { socket, from } of overBudget(unsent, maxBytes)) {
      abuse.limitReached('unsent_bytes', from);
      socket.destroy();
    }
  }, CHECK_INTERVAL_MS);
  timer.unref();
  server.once('close', () => {
    clearInterval(timer);
  });
}
