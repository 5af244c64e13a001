// Answers that their clients do not read, over real sockets, with a small budget.
import { createServer } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { limitUnsent } from '../../../../src/main/scheduler/api/limit-unsent';
import { until } from '../../../support/until';

const MIB = 1024 * 1024;
const ANSWER = 'x'.repeat(16 * MIB);

it('unread answers exceed the budget -> the address with the most loses connections; others get their answers', async () => {
  const limits: string[] = [];
  const sockets = new Map<string, number>();
  const server = createServer((request, response) => {
    const from = request.socket.remoteAddress ?? '';
    sockets.set(from, (sockets.get(from) ?? 0) + 1);
    request.socket.once('close', () => sockets.set(from, (sockets.get(from) ?? 0) - 1));
    response.end(ANSWER);
  });
  limitUnsent(server, { limitReached: (limit, from) => limits.push(`${limit} ${from}`) }, { maxBytes: 50 * MIB });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  const request = (localAddress: string): Socket => {
    const socket = connect({ port, host: '127.0.0.1', localAddress }).on('error', () => undefined);
    socket.write('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
    onTestFinished(() => {
      socket.destroy();
    });
    return socket.pause();
  };
  const slow = request('127.0.0.1');
  for (let i = 0; i < 6; i++) request('127.0.0.2');
  await until('the budget', () => limits[0] ?? null);
  await until('the close', () => (sockets.get('127.0.0.2') ?? 6) < 6 || null);
  expect(sockets.get('127.0.0.1')).toBe(1);
  expect(new Set(limits)).toEqual(new Set(['unsent_bytes 127.0.0.2']));
  let received = 0;
  slow.on('data', (data: Buffer) => (received += data.length)).resume();
  await until('the whole answer', () => received > ANSWER.length || null);
});

it('bytes that wait outside of the socket -> count, too', async () => {
  const limits: string[] = [];
  const server = createServer((_request, response) => {
    response.write('begin');
  });
  const unsentBytes = (): number => 30 * MIB;
  limitUnsent(server, { limitReached: (limit, from) => limits.push(`${limit} ${from}`) }, { maxBytes: 50 * MIB, unsentBytes });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  const sockets = [1, 2].map(() => connect({ port, host: '127.0.0.1' }).on('error', () => undefined));
  await until('the close of one', () => sockets.filter(({ destroyed }) => destroyed).length === 1 || null);
  expect(limits).toEqual(['unsent_bytes 127.0.0.1']);
  for (const socket of sockets) socket.destroy();
});
