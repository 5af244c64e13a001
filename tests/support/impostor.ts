// A program that took the port of a scheduler, for tests of the proof before a secret (ADR 0023).
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

export interface Impostor {
  readonly port: number;
  /** All bytes that it received. */
  readonly received: () => string;
  readonly connections: () => number;
}

/** A program that listens at a port of this computer, and handles each connection as the test says. */
export async function openImpostor(
  handle: (socket: Socket, piece: string) => void,
  at: { port?: number; host?: string } = {},
): Promise<Impostor> {
  let received = '';
  let connections = 0;
  const sockets: Socket[] = [];
  const server: Server = createServer((socket) => {
    connections++;
    sockets.push(socket);
    socket.on('error', () => undefined);
    socket.on('data', (piece) => {
      received += piece.toString('latin1');
      handle(socket, piece.toString('latin1'));
    });
  });
  await new Promise<void>((resolve, reject) => server.on('error', reject).listen(at.port ?? 0, at.host ?? '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, received: () => received, connections: () => connections };
}

export const answer = (status: string, body: string): string =>
  `HTTP/1.1 ${status}\r\nContent-Type: application/json\r\nContent-Length: ${String(body.length)}\r\n\r\n${body}`;
/** Agrees to everything. */
export const agreeing = (socket: Socket): void =>
  void socket.write(answer('200 OK', '{"proof":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}'));
