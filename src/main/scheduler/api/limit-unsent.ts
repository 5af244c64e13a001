// One budget for the bytes of all answers that their clients have not read. An answer may have megabytes, and a client that does not read
// it keeps it in memory. Over the budget, the address with the most bytes loses the connection with its largest answer.
import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { AbuseLog } from '../../platform/abuse-log';
import { sourceOf } from '../../platform/source-address';
import { overBudget, type Part } from '../access/over-budget';

/** Four of the largest results. The process takes more: copies, and memory that is not yet collected. */
const MAX_UNSENT_BYTES = 64 * 1024 * 1024;
/** Large results are read slowly: a few megabytes in this time. */
const CHECK_INTERVAL_MS = 50;

interface Unsent extends Part {
  readonly socket: Duplex;
}

export interface UnsentOptions {
  readonly maxBytes?: number;
  /** Of a connection. Default: what waits in its socket. */
  readonly unsentBytes?: (socket: Duplex) => number;
}

/** Checks only while a connection is open, so that an idle scheduler does not wake the processor. */
export function limitUnsent(
  server: Server,
  abuse: Pick<AbuseLog, 'limitReached'>,
  { maxBytes = MAX_UNSENT_BYTES, unsentBytes = ({ writableLength }) => writableLength }: UnsentOptions = {},
): void {
  const open = new Map<Duplex, string>();
  let timer: NodeJS.Timeout | null = null;
  const stop = (): void => {
    if (timer !== null) clearInterval(timer);
    timer = null;
  };
  const forget = (socket: Duplex): void => {
    open.delete(socket);
    if (open.size === 0) stop();
  };
  const check = (): void => {
    const unsent: Unsent[] = [];
    for (const [socket, from] of open) {
      const bytes = unsentBytes(socket);
      if (bytes > 0) unsent.push({ socket, from, bytes });
    }
    for (const { socket, from } of overBudget(unsent, maxBytes)) {
      abuse.limitReached('unsent_bytes', from);
      socket.destroy();
    }
  };
  server.on('connection', (socket: Socket) => {
    open.set(socket, sourceOf(socket.remoteAddress));
    socket.once('close', () => {
      forget(socket);
    });
    timer ??= setInterval(check, CHECK_INTERVAL_MS).unref();
  });
  // Sockets of nodes have their own limits.
  server.on('upgrade', (_request: unknown, socket: Duplex) => {
    forget(socket);
  });
  server.once('close', stop);
}
