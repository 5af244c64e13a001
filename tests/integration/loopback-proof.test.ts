// No secret before proof on loopback (ADR 0023): programs that take the port of a scheduler, relay to it or replay its answers get no
// secret from any program of Muster.
import { writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { COMMANDS } from '../../src/main/cli/commands';
import { runCli } from '../../src/main/cli/run-cli';
import { systemClock } from '../../src/main/platform/clock';
import { silentLogger } from '../../src/main/platform/logger';
import { createConnectionTester } from '../../src/main/scheduler-client/connection-test';
import { HttpClient } from '../../src/main/scheduler-client/http-client';
import { PoolClient } from '../../src/main/scheduler-client/pool-client';
import { fingerprintOf, proofOf, secretHashOf } from '../../src/main/trust/proof';
import { linkIs, useAgentBench } from '../support/agent-bench';
import { OWNER_KEY, sendRequest } from '../support/http-api';
import { listenHttp } from '../support/http-server';
import { agreeing, answer, type Impostor, openImpostor } from '../support/impostor';
import { proving } from '../support/proving-server';
import { startTestScheduler, type TestScheduler } from '../support/test-scheduler';
import { until } from '../support/until';
import { fakeIo } from '../unit/cli/fake-io';

const bench = useAgentBench();
let scheduler: TestScheduler;
let port: number;
beforeEach(async () => {
  scheduler = await startTestScheduler({ server: { loopback: 'keys' } });
  port = scheduler.port;
});
afterEach(() => scheduler.stop());

const created = async (path: string, body: object): Promise<string> =>
  ((await sendRequest(scheduler.port, { method: 'POST', path, body })).json() as { key: string }).key;
const invitation = (): Promise<string> => created('/api/v1/invites', { uses: 100 });

async function run(argv: readonly string[], url: string, env: Record<string, string> = {}) {
  const folder = bench().folder;
  writeFileSync(path.join(folder, 'admin-token'), OWNER_KEY, { mode: 0o600 });
  const io = fakeIo({ MUSTER_URL: url, ...env });
  return { code: await runCli([...argv, '--data-dir', folder], COMMANDS, io), err: io.written.err };
}
const addressOf = (at: number): string => `http://127.0.0.1:${String(at)}`;

describe('impostor at the port of a stopped scheduler', () => {
  const answers: readonly (readonly [string, (socket: Socket) => void])[] = [
    ['200 with a false proof', agreeing],
    ['404', (socket) => void socket.write(answer('404 Not Found', '{}'))],
    ['redirect', (socket) => void socket.write(answer('302 Found', '{}').replace('\r\n\r\n', '\r\nLocation: /api/v1/nodes\r\n\r\n'))],
    ['upgrade', (socket) => void socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n')],
    ['100 Continue', (socket) => void socket.write('HTTP/1.1 100 Continue\r\n\r\n')],
    ['two answers', (socket) => void socket.write(answer('200 OK', '{}').repeat(2))],
    ['no HTTP', (socket) => void socket.write('220 mail\r\n\r\n')],
    ['endless head', (socket) => void socket.write('x'.repeat(64 * 1024))],
    ['end of the connection', (socket) => socket.end()],
  ];

  test.each(answers)('muster nodes, %s -> refused with the reason, no secret sent', async (_name, handle) => {
    const impostor = await openImpostor(handle);
    const { code, err } = await run(['nodes'], addressOf(impostor.port));
    expect([code, err]).toEqual([6, expect.stringContaining(`another program answers on 127.0.0.1:${String(impostor.port)}`)]);
    expect(err).toContain('does not know the key of this pool');
    expect(impostor.received()).toContain('/api/v1/proof?');
    expect(impostor.received()).not.toContain(OWNER_KEY);
  });

  test('the refusal is in the language of the user', async () => {
    const impostor = await openImpostor(agreeing);
    expect((await run(['nodes'], addressOf(impostor.port), { LANG: 'zh_CN.UTF-8' })).err).toContain('不知道此算力池的密钥');
  });

  test('an error of a scheduler that does not know the key -> that error, no secret sent', async () => {
    const impostor = await openImpostor(
      (socket) => void socket.write(answer('401 Unauthorized', '{"error":{"code":"UNAUTHORIZED","message":"no","details":null}}')),
    );
    expect(await run(['nodes'], addressOf(impostor.port))).toMatchObject({
      code: 6,
      err: expect.stringContaining('UNAUTHORIZED') as string,
    });
    expect(impostor.received()).not.toContain(OWNER_KEY);
  });

  test('agent with an invitation, agent with a credential -> not_proven, no secret sent', async () => {
    const key = await invitation();
    const url = `ws://127.0.0.1:${String(port)}`;
    const joined = await bench().open();
    joined.connectTo({ url, joinToken: key });
    await joined.start();
    await linkIs(joined, 'connected');
    expect(JSON.stringify(bench().identityFile())).toContain('mn_');
    await joined.stop({ timeoutMs: 0 });
    await scheduler.stop();

    const impostor = await openImpostor(agreeing, { port });
    const again = await bench().open();
    again.connectTo({ url, joinToken: key });
    await again.start();
    await until('the refusal', () => {
      const { link } = again.view();
      return link.state === 'reconnecting' && link.cause === 'not_proven';
    });
    expect(impostor.received()).not.toMatch(/mi_|mn_|Bearer|X-Muster-Node/i);
    scheduler = await startTestScheduler();
  });

  test('client of the desktop app: operations, events, invitations -> no secret sent', async () => {
    const impostor = await openImpostor(agreeing);
    const options = { baseUrl: addressOf(impostor.port), token: OWNER_KEY, clock: systemClock, logger: silentLogger };
    const pool = new PoolClient(options);
    onTestFinished(pool.subscribe(() => undefined));
    expect(await pool.exclusions()).toMatchObject({ ok: false, error: { code: 'DISCONNECTED', details: { cause: 'not_proven' } } });
    const invited = await new HttpClient(options).ask({ method: 'POST', path: '/api/v1/invites', body: {} }, z.object({}));
    expect(invited).toMatchObject({ ok: false, error: { details: { cause: 'not_proven' } } });
    await until('the stream', () => impostor.connections() >= 3);
    expect(impostor.received()).not.toContain(OWNER_KEY);
  });

  test('connection test -> token: not_proven, no secret sent', async () => {
    let secret = '';
    const impostor = await listenHttp((request, response) => {
      secret += request.headers.authorization ?? '';
      response.end(JSON.stringify({ status: 'ok', version: '1.2.3', protocol: '1.0', uptime_seconds: 1 }));
    });
    onTestFinished(() => impostor.close());
    impostor.server.on('upgrade', (request, socket) => {
      secret += request.headers.authorization ?? '';
      socket.destroy();
    });
    const steps = await createConnectionTester()({ address: `muster://127.0.0.1:${String(impostor.port)}/join#key=${await invitation()}` });
    expect(steps.find(({ outcome }) => outcome === 'failed')).toMatchObject({ step: 'token', code: 'not_proven' });
    expect(secret).toBe('');
  });
});

describe('relay and replay', () => {
  /** Passes all bytes on to the scheduler and back. */
  const relay = async (at: { port?: number; host?: string } = {}): Promise<Impostor> => {
    const upstream = new Map<Socket, Socket>();
    return openImpostor((socket, piece) => {
      const known = upstream.get(socket);
      const to = known ?? connect(port, '127.0.0.1');
      if (known === undefined) {
        upstream.set(socket, to);
        to.on('data', (data) => void socket.write(data)).on('error', () => undefined);
        socket.on('close', () => to.destroy());
      }
      to.write(piece, 'latin1');
    }, at);
  };

  test('relay at another port -> refused, no secret sent', async () => {
    const impostor = await relay();
    expect((await run(['nodes'], addressOf(impostor.port))).code).toBe(6);
    expect(impostor.received()).not.toContain(OWNER_KEY);
  });

  test.runIf(process.platform === 'linux')('relay at the same port of another loopback address -> refused, no secret sent', async () => {
    const impostor = await relay({ host: '127.0.0.2', port });
    expect((await run(['nodes'], `http://127.0.0.2:${String(port)}`)).code).toBe(6);
    expect(impostor.received()).toContain('/api/v1/proof?');
    expect(impostor.received()).not.toContain(OWNER_KEY);
  });

  test('answer of the scheduler to an earlier nonce -> refused, no secret sent', async () => {
    const nonce = 'A'.repeat(43);
    const path = `/api/v1/proof?key=${fingerprintOf(secretHashOf(OWNER_KEY))}&nonce=${nonce}`;
    const recorded = (await sendRequest(port, { path, headers: { authorization: null } })).text;
    expect(JSON.parse(recorded)).toEqual({ proof: proofOf(secretHashOf(OWNER_KEY), nonce, { address: '127.0.0.1', port }) });
    await scheduler.stop();
    const impostor = await openImpostor((socket) => void socket.write(answer('200 OK', recorded)), { port });
    expect((await run(['nodes'], addressOf(port))).code).toBe(6);
    expect(impostor.received()).not.toContain(OWNER_KEY);
    scheduler = await startTestScheduler();
  });
});

test('proof: nothing but its request is sent before the answer; the secret follows on the same connection', async () => {
  let connections = 0;
  let early = '';
  const authorized: string[] = [];
  const server = await listenHttp(
    proving([OWNER_KEY], (request, response) => {
      authorized.push(`${request.url ?? ''} ${request.headers.authorization ?? ''}`);
      response.end('{}');
    }),
  );
  onTestFinished(() => server.close());
  server.server.on('connection', () => connections++);
  // Delays all bytes to the client.
  const late = await openImpostor((_socket, piece) => (early += piece));
  const waiting = new HttpClient({ baseUrl: addressOf(late.port), token: OWNER_KEY, timeoutMs: 300 });
  expect((await waiting.ask({ method: 'GET', path: '/x' }, z.object({}))).ok).toBe(false);
  expect(early).toMatch(/^GET \/api\/v1\/proof\?key=[\w-]{22}&nonce=[\w-]{43} HTTP\/1\.1\r\nHost: 127\.0\.0\.1:\d+\r\n\r\n$/);

  const client = new HttpClient({ baseUrl: server.url, token: OWNER_KEY });
  for (const path of ['/a', '/b']) expect((await client.ask({ method: 'GET', path }, z.object({}))).ok).toBe(true);
  expect([authorized, connections]).toEqual([[`/a Bearer ${OWNER_KEY}`, `/b Bearer ${OWNER_KEY}`], 1]);
});

describe('scheduler', () => {
  const proofFor = async (secret: string) => {
    const nonce = 'B'.repeat(43);
    const hash = secretHashOf(secret);
    const path = `/api/v1/proof?key=${fingerprintOf(hash)}&nonce=${nonce}`;
    const { status, text } = await sendRequest(port, { path, headers: { authorization: null } });
    const isRight = text === JSON.stringify({ proof: proofOf(hash, nonce, { address: '127.0.0.1', port }) });
    return isRight ? 'proven' : status;
  };

  test('owner key, program key, invitation, session key -> proven, also after revocation', async () => {
    const key = await sendRequest(port, { method: 'POST', path: '/api/v1/keys', body: { name: 'program' } });
    const { id, key: programKey } = key.json() as { id: string; key: string };
    const { code } = (await sendRequest(port, { method: 'POST', path: '/api/v1/session/codes', body: {} })).json() as { code: string };
    const session = await created('/api/v1/session', { code });
    for (const secret of [OWNER_KEY, programKey, await invitation(), session]) expect(await proofFor(secret)).toBe('proven');
    await sendRequest(port, { method: 'DELETE', path: `/api/v1/keys/${id}` });
    expect(await proofFor(programKey)).toBe('proven');
  });

  test('unknown secrets -> 401, counted as wrong tokens, then 429; a known one is still proven', async () => {
    for (let i = 0; i < 20; i++) expect(await proofFor(`unknown-secret-${String(i)}`)).toBe(401);
    expect(await proofFor('one more')).toBe(429);
    expect(await proofFor(OWNER_KEY)).toBe('proven');
    expect(scheduler.log.of('auth_failed').length).toBeGreaterThan(0);
  });

  test.each(['', '?key=a&nonce=b', `?key=${'a'.repeat(22)}`, `?key=${'a'.repeat(22)}&nonce=${'%0a'.repeat(43)}`])(
    'malformed request %j -> 400',
    async (query) => {
      expect((await sendRequest(port, { path: `/api/v1/proof${query}`, headers: { authorization: null } })).status).toBe(400);
    },
  );
});
