// The proxy closes the connections of its clients even when it has no connection to the server. The fault tests rely on this.
import { connect, createServer, type Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { TcpProxy } from '../../../support/faults/tcp-proxy';
import { within } from '../../../support/within';

const LIMIT_MS = 2000;
const cleanups: (() => unknown)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function openProxy(options: Parameters<typeof TcpProxy.open>[0] = {}): Promise<TcpProxy> {
  const proxy = await TcpProxy.open(options);
  cleanups.push(() => proxy.close());
  return proxy;
}

/** A client of the proxy, and the end of its connection: FIN or RST. */
async function openClient(proxy: TcpProxy): Promise<{ readonly client: Socket; readonly ended: Promise<'FIN' | 'RST'> }> {
  const client = connect({ port: proxy.port, host: '127.0.0.1' });
  cleanups.push(() => client.destroy());
  const ended = new Promise<'FIN' | 'RST'>((resolve) => {
    client.once('end', () => {
      resolve('FIN');
    });
    client.once('error', () => {
      resolve('RST');
    });
  });
  client.resume();
  await within('the client to be connected', new Promise<void>((resolve) => client.once('connect', resolve)), LIMIT_MS);
  await within('the proxy to accept', untilAccepted(proxy), LIMIT_MS);
  return { client, ended };
}

async function untilAccepted(proxy: TcpProxy): Promise<void> {
  while (proxy.connectionCount === 0) await new Promise((resolve) => setImmediate(resolve));
}

interface CountingServer {
  readonly port: number;
  readonly connectionCount: () => number;
  readonly firstBytes: Promise<string>;
}

/** Answers nothing. */
async function openServer(): Promise<CountingServer> {
  let count = 0;
  let take: (text: string) => void = () => undefined;
  const firstBytes = new Promise<string>((resolve) => {
    take = resolve;
  });
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    count++;
    sockets.push(socket.on('error', () => undefined));
    socket.once('data', (bytes) => {
      take(bytes.toString());
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanups.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return { port: address.port, connectionCount: () => count, firstBytes };
}

test('proxy cut: upstream not connected yet -> client gets a FIN', async () => {
  const proxy = await openProxy({ isPatient: true });
  const { ended } = await openClient(proxy);
  proxy.cut();
  expect(await within('the end of the client', ended, LIMIT_MS)).toBe('FIN');
});

test('proxy cut: connections held, upstream not connected yet -> client gets a FIN after heal', async () => {
  const server = await openServer();
  const proxy = await openProxy();
  proxy.leadTo(server.port);
  proxy.set({ isHeld: true });
  const { ended } = await openClient(proxy);
  proxy.cut();
  proxy.heal();
  expect(await within('the end of the client', ended, LIMIT_MS)).toBe('FIN');
  expect(server.connectionCount()).toBe(0);
});

test('proxy reset: upstream not connected yet -> client gets an RST', async () => {
  const proxy = await openProxy({ isPatient: true });
  const { ended } = await openClient(proxy);
  proxy.reset();
  expect(await within('the end of the client', ended, LIMIT_MS)).toBe('RST');
});

test('proxy cut: upstream connected -> client gets a FIN', async () => {
  const server = await openServer();
  const proxy = await openProxy();
  proxy.leadTo(server.port);
  const { ended } = await openClient(proxy);
  await within(
    'the server to be connected',
    (async () => {
      while (server.connectionCount() === 0) await new Promise((resolve) => setImmediate(resolve));
    })(),
    LIMIT_MS,
  );
  proxy.cut();
  expect(await within('the end of the client', ended, LIMIT_MS)).toBe('FIN');
});

test('proxy connect: request sent before the upstream is known -> Host header names the port of the upstream', async () => {
  let noteRequest: () => void = () => undefined;
  const received = new Promise<void>((resolve) => {
    noteRequest = resolve;
  });
  const proxy = await openProxy({ isPatient: true, openTap: () => noteRequest });
  const { client } = await openClient(proxy);
  client.write(`GET / HTTP/1.1\r\nHost: 127.0.0.1:${String(proxy.port)}\r\n\r\n`);
  await within('the request to reach the proxy', received, LIMIT_MS);
  const server = await openServer();
  proxy.leadTo(server.port);
  expect(await within('the request to reach the server', server.firstBytes, LIMIT_MS)).toBe(
    `GET / HTTP/1.1\r\nHost: 127.0.0.1:${String(server.port)}\r\n\r\n`,
  );
});
