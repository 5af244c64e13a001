// A port that stays with one test while the server on it is stopped. The system gives the port of a killed server to the next server
// that listens on port 0, also to one of another test. Clients of the killed server then connect to that one.
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';

/** Below the ports that systems give for port 0: from 32768 on Linux, from 49152 on macOS and Windows. */
const FIRST = 20_000;
const COUNT = 12_000;
const TRIES = 100;
const HOST = '127.0.0.1';

export interface ReservedPort {
  readonly port: number;
  release(): void;
}

/** A UDP socket with the same number reserves the port among all tests of this machine. Its end releases the port. */
export async function reservePort(): Promise<ReservedPort> {
  for (let tries = 0; tries < TRIES; tries++) {
    const port = FIRST + Math.floor(Math.random() * COUNT);
    const reservation = await reserved(port);
    if (reservation === null) continue;
    const release = (): void => {
      reservation.close();
    };
    if (await isFree(port)) return { port, release };
    release();
  }
  throw new Error(`no free port from ${String(FIRST)} on after ${String(TRIES)} tries`);
}

async function reserved(port: number): Promise<Socket | null> {
  const socket = createSocket('udp4');
  socket.bind({ port, address: HOST, exclusive: true });
  return once(socket, 'listening').then(
    () => socket.unref(),
    () => null,
  );
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, HOST);
  return once(server, 'listening').then(
    async () => {
      server.close();
      await once(server, 'close');
      return true;
    },
    () => false,
  );
}
