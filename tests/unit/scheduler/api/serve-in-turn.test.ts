// Pipelined requests over real sockets: one is served at a time, and the number of waiting ones is bounded.
import { createServer, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { serveInTurn } from '../../../../src/main/scheduler/api/serve-in-turn';
import { until } from '../../../support/until';

const pathsOf = (count: number): readonly string[] => Array.from({ length: count }, (_, i) => `/${String(i)}`);
const requestsOf = (count: number): string =>
  pathsOf(count)
    .map((path) => `GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`)
    .join('');

/** `served`: the requests of which the handler has begun. The test ends the responses. */
async function open() {
  const served: { readonly path: string; readonly response: ServerResponse }[] = [];
  const limits: string[] = [];
  const server = createServer((request, response) => {
    served.push({ path: request.url ?? '', response });
  });
  serveInTurn(server, { limitReached: (limit, from) => limits.push(`${limit} ${from}`) });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  return {
    served,
    limits,
    client: (text: string): { readonly socket: Socket; readonly text: () => string } => {
      let received = '';
      const socket = connect(port, '127.0.0.1').setEncoding('utf8');
      socket.on('error', () => undefined).on('data', (data: string) => (received += data));
      socket.write(text);
      return { socket, text: () => received };
    },
  };
}

it('ten pipelined requests -> one at a time, answered in their order; another connection does not wait', async () => {
  const { served, client } = await open();
  const pipelined = client(requestsOf(10));
  await until('the first request', () => served[0] ?? null);
  client(requestsOf(1));
  await until('the request of another connection', () => served[1] ?? null);
  for (let i = 0; i < 20; i++) await nextTurn();
  expect(served.map(({ path }) => path)).toEqual(['/0', '/0']);
  served.splice(1, 1);
  for (let i = 0; i < 10; i++) (await until('the next request', () => served[i] ?? null)).response.end(`answer ${String(i)}\n`);
  await until('the last answer', () => pipelined.text().includes('answer 9') || null);
  expect(served.map(({ path }) => path)).toEqual(pathsOf(10));
  expect([...pipelined.text().matchAll(/answer (\d)/g)].map(([, number]) => Number(number))).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
});

it('more than 64 requests wait -> connection closed and reported, none of them served', async () => {
  const { served, limits, client } = await open();
  const { socket } = client(requestsOf(100));
  await until('the close', () => socket.destroyed || null);
  expect(limits).toEqual(['pipelined_requests 127.0.0.1']);
  expect(served.map(({ path }) => path)).toEqual(['/0']);
});
