// TLS and plain HTTP on one port: timeouts, the limit of unready connections, and the close. Over real sockets.
import { createServer, type Server } from 'node:http';
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { OnePort, type OnePortOptions } from '../../../../src/main/scheduler/api/one-port';
import {
  createAuthority,
  createAuthorityKey,
  createServerCertificate,
  type KeyAndCertificate,
} from '../../../../src/main/trust/certificates';
import { until } from '../../../support/until';
import { within } from '../../../support/within';

let certificate: KeyAndCertificate;
beforeAll(async () => {
  const authority = await createAuthority(await createAuthorityKey(), Date.now());
  certificate = await createServerCertificate(authority, ['127.0.0.1'], Date.now());
});

const closes: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closes.splice(0)) await close();
});

const echo = (): Server =>
  createServer({ headersTimeout: 100, requestTimeout: 100, connectionsCheckingInterval: 20 }, (request, response) => {
    const isTls = 'encrypted' in request.socket;
    let bytes = 0;
    request.on('data', (data: Buffer) => (bytes += data.length));
    request.on('end', () => response.end(`${isTls ? 'tls' : 'plain'} ${String(bytes)}`));
  });

async function open(options?: OnePortOptions): Promise<{ readonly port: number; readonly close: () => Promise<void> }> {
  const onePort = new OnePort(echo(), certificate, options);
  const { port } = await onePort.listen(0, '127.0.0.1');
  closes.push(() => onePort.close());
  return { port, close: () => onePort.close() };
}

/** An open TLS connection; null: the server refused it. */
function tryTls(port: number, localAddress = '127.0.0.1'): Promise<Socket | null> {
  const socket = connect({ port, host: '127.0.0.1', localAddress }).on('error', () => undefined);
  const secure = connectTls({ socket, rejectUnauthorized: false });
  return new Promise((resolve) => {
    secure.once('secureConnect', () => {
      resolve(secure);
    });
    secure.on('error', () => {
      resolve(null);
    });
  });
}

const closed = (socket: Socket): Promise<void> =>
  within(
    'the server to close the connection',
    new Promise((resolve) =>
      socket
        .on('error', () => undefined)
        .once('close', resolve)
        .resume(),
    ),
  );

/** All that the server sends until it closes. */
async function answerTo(socket: Socket, text: string): Promise<string> {
  let answer = '';
  socket.on('data', (data) => (answer += data.toString()));
  socket.write(text);
  await closed(socket);
  return answer;
}

const POST = (bytes: number): string =>
  `POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: ${String(bytes)}\r\n\r\n${'x'.repeat(bytes)}`;

describe('first byte', () => {
  it('plain and TLS, bodies of 900 kB -> the same handler', async () => {
    const { port } = await open();
    expect(await answerTo(connect(port, '127.0.0.1'), POST(900_000))).toContain('plain 900000');
    const secure = connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false });
    expect(await answerTo(secure, POST(900_000))).toContain('tls 900000');
  });

  it('a further port -> the same handler; a port in use -> rejected; the close ends all ports', async () => {
    const onePort = new OnePort(echo(), certificate);
    const { port } = await onePort.listen(0, '127.0.0.1');
    const { port: further } = await onePort.listen(0, '127.0.0.1');
    await expect(onePort.listen(port, '127.0.0.1')).rejects.toMatchObject({ code: 'EADDRINUSE' });
    expect(await answerTo(connect(port, '127.0.0.1'), POST(1))).toContain('plain 1');
    expect(await answerTo(connectTls({ port: further, host: '127.0.0.1', rejectUnauthorized: false }), POST(2))).toContain('tls 2');
    await onePort.close();
    for (const ended of [port, further]) {
      const refused = new Promise((resolve) => connect(ended, '127.0.0.1').once('error', resolve));
      expect(await refused).toMatchObject({ code: 'ECONNREFUSED' });
    }
  });

  it.each([
    ['no byte', ''],
    ['a part of a TLS handshake', '\x16\x03'],
  ])('%s -> closed after the timeout', async (_what, bytes) => {
    const { port } = await open({ firstByteTimeoutMs: 50, handshakeTimeoutMs: 50 });
    const socket = connect(port, '127.0.0.1');
    if (bytes !== '') socket.write(bytes, 'latin1');
    await closed(socket);
  });

  it.each(['G', 'GET / HTTP/1.1\r\nHost: x\r\n', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nx'])(
    'unfinished request %j -> 408, plain and TLS',
    async (text) => {
      const { port } = await open();
      expect(await answerTo(connect(port, '127.0.0.1'), text)).toContain('408');
      expect(await answerTo(connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false }), text)).toContain('408');
    },
  );

  it('TLS without a request -> 408', async () => {
    const { port } = await open();
    expect(await answerTo(connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false }), '')).toContain('408');
  });

  it('bytes that are neither -> 400; broken TLS -> closed', async () => {
    const { port } = await open();
    expect(await answerTo(connect(port, '127.0.0.1'), '\0\0\0\0')).toContain('400');
    const broken = connect(port, '127.0.0.1');
    broken.write(Buffer.from([0x16, 1, 2, 3, 4, 5, 6, 7, 8, 9]));
    await closed(broken);
  });
});

describe('limit of unready connections', () => {
  it('one more than the limit -> closed; after a finished handshake -> free again', async () => {
    const { port } = await open({ maxUnready: 2 });
    const silent = [connect(port, '127.0.0.1'), connect(port, '127.0.0.1')];
    await Promise.all(silent.map((socket) => new Promise((resolve) => socket.once('connect', resolve))));
    await closed(connect(port, '127.0.0.1'));
    silent[0]?.destroy();
    for (let count = 0; count < 3; count++) {
      const secure = await until('a handshake', () => tryTls(port));
      closes.push(() => Promise.resolve(void secure.destroy()));
    }
    silent[1]?.destroy();
  });

  it.runIf(process.platform === 'linux')(
    'one more of an address than its limit -> closed and reported; other addresses served',
    async () => {
      const reached: string[] = [];
      const { port } = await open({ maxUnreadyPerAddress: 2, onLimit: (from) => reached.push(from) });
      const silent = [connect(port, '127.0.0.1'), connect(port, '127.0.0.1')];
      await Promise.all(silent.map((socket) => new Promise((resolve) => socket.once('connect', resolve))));
      await closed(connect(port, '127.0.0.1'));
      expect(reached).toEqual(['127.0.0.1']);
      const secure = await tryTls(port, '127.0.0.2');
      expect(secure).not.toBeNull();
      for (const socket of [...silent, secure]) socket?.destroy();
      const again = await until('a handshake of the first address', () => tryTls(port));
      again.destroy();
    },
  );
});

it('one address holds all connections -> a newcomer of another address takes the place of its oldest', async () => {
  const reached: string[] = [];
  const { port } = await open({ maxUnready: 3, onLimit: (from) => reached.push(from) });
  const silent = Array.from({ length: 3 }, () => connect(port, '127.0.0.1').on('error', () => undefined));
  await Promise.all(silent.map((socket) => new Promise((resolve) => socket.once('connect', resolve))));
  const oldest = closed(silent[0] as (typeof silent)[number]);
  const secure = await tryTls(port, '127.0.0.2');
  expect(secure).not.toBeNull();
  await oldest;
  expect(reached).toEqual(['127.0.0.1']);
  for (const socket of [...silent, secure]) socket?.destroy();
});

describe('many connections at once', () => {
  it('300 TLS handshakes and 300 plain requests, some closed meanwhile -> all others served', async () => {
    const { port } = await open();
    const all = Array.from({ length: 300 }, async (_, index) => {
      if (index % 10 === 0)
        connect(port, '127.0.0.1')
          .on('error', () => undefined)
          .end('\x16\x03\x01', 'latin1')
          .resume();
      const secure = connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false });
      return [await answerTo(secure, POST(1)), await answerTo(connect(port, '127.0.0.1'), POST(1))];
    });
    const answers = (await Promise.all(all)).map(([secure = '', plain = '']) => [secure.includes('tls 1'), plain.includes('plain 1')]);
    expect(answers.filter(([secure, plain]) => secure !== true || plain !== true)).toEqual([]);
  });

  it('closed while they wait for their turn -> no later connection is refused', async () => {
    const { port } = await open({ maxUnready: 100 });
    for (let round = 0; round < 5; round++) {
      const sockets = Array.from({ length: 50 }, () => connect(port, '127.0.0.1').on('error', () => undefined));
      await Promise.all(sockets.map((socket) => new Promise((resolve) => socket.once('connect', resolve))));
      for (const socket of sockets) socket.end('\x16\x03', 'latin1').resume();
      await Promise.all(sockets.map(closed));
    }
    const secure = await until('a handshake', () => tryTls(port));
    secure.destroy();
  });
});

it('close: silent, plain and TLS connections end', async () => {
  const { port, close } = await open();
  const sockets = [
    connect(port, '127.0.0.1'),
    connect(port, '127.0.0.1'),
    connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false }),
  ];
  const [, plain, secure] = sockets;
  await within('a handshake', new Promise((resolve) => secure?.once('secureConnect', resolve)));
  for (const socket of [plain, secure]) socket?.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  const answered = [plain, secure].map((socket) => new Promise((resolve) => socket?.once('data', resolve)));
  await within('both answers', Promise.all(answered));
  const ends = sockets.map(closed);
  await close();
  await Promise.all(ends);
});
