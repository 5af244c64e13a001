import { createServer, type Socket } from 'node:net';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { WebSocketServer } from 'ws';
import type { JoinStep } from '../../../src/shared/api/app-api';
import { createConnectionTester } from '../../../src/main/scheduler-client/connection-test';
import { listenHttp, type TestServer } from '../../support/http-server';
import { proving } from '../../support/proving-server';

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

/** A server that answers like a scheduler during a connection test. */
async function scheduler(
  options: { protocol?: string; token?: string; health?: string; upgradeStatus?: number } = {},
): Promise<TestServer> {
  const secrets = options.token === undefined ? [] : [options.token];
  const answer = proving(secrets, (request, response) => {
    const health = JSON.stringify({ status: 'ok', version: '1.2.3', protocol: options.protocol ?? '1.0', uptime_seconds: 1 });
    response.end(request.url === '/healthz' ? (options.health ?? health) : '');
  });
  const server = await listenHttp(answer);
  const sockets = new WebSocketServer({ noServer: true });
  server.server.on('upgrade', (request, socket, head) => {
    const welcome = options.token === undefined || request.headers.authorization === `Bearer ${options.token}`;
    const status = options.upgradeStatus ?? (welcome ? 101 : 401);
    if (status === 101) sockets.handleUpgrade(request, socket, head, () => undefined);
    else socket.end(`HTTP/1.1 ${String(status)} No\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
  });
  closers.push(async () => {
    sockets.close();
    for (const socket of sockets.clients) socket.terminate();
    await server.close();
  });
  return server;
}

const testConnection = createConnectionTester({ timeoutMs: 1000 });
const short = (steps: readonly JoinStep[]): string[] =>
  steps.map(({ step, outcome, code }) => [step, outcome, code].filter(Boolean).join(' '));

test('connection test: scheduler accepts the token -> every step passed', async () => {
  const { port } = await scheduler({ token: 'join-me' });
  const steps = await testConnection({ address: `muster://127.0.0.1:${String(port)}/join#key=join-me` });
  expect(short(steps)).toEqual(['address passed', 'name passed', 'port passed', 'http passed', 'token passed', 'protocol passed']);
  expect(steps.map(({ details }) => details)).toEqual([
    { host: '127.0.0.1', port },
    { host: '127.0.0.1', addresses: ['127.0.0.1'] },
    { host: '127.0.0.1', port },
    { url: `http://127.0.0.1:${String(port)}/healthz`, version: '1.2.3' },
    { token_sent: true },
    { ours: '1.0', theirs: '1.0' },
  ]);
});

test('connection test: invalid address -> failed, other steps skipped', async () => {
  expect(short(await testConnection({ address: 'host:99999' }))).toEqual([
    'address failed port_invalid',
    'name skipped',
    'port skipped',
    'http skipped',
    'token skipped',
    'protocol skipped',
  ]);
});

test('connection test: unknown host name -> name_not_found', async () => {
  const [, name, port] = await testConnection({ address: 'https://no-such-host.invalid' });
  expect(name).toMatchObject({ outcome: 'failed', code: 'name_not_found', details: { host: 'no-such-host.invalid' } });
  expect(port?.outcome).toBe('skipped');
});

test('connection test: no listener on the port -> refused', async () => {
  const server = await scheduler();
  await closers.pop()?.();
  expect((await testConnection({ address: server.url }))[2]).toMatchObject({
    step: 'port',
    outcome: 'failed',
    code: 'refused',
    details: { port: server.port, cause: 'ECONNREFUSED' },
  });
});

test('connection test: server does not answer -> timeout', async () => {
  const sockets: Socket[] = [];
  const mute = createServer((socket) => sockets.push(socket)).listen(0, '127.0.0.1');
  await once(mute, 'listening');
  closers.push(async () => {
    for (const socket of sockets) socket.destroy();
    mute.close();
    await once(mute, 'close');
  });
  const steps = await createConnectionTester({ timeoutMs: 100 })({ address: `127.0.0.1:${String((mute.address() as AddressInfo).port)}` });
  expect(steps[3]).toMatchObject({ step: 'http', outcome: 'failed', code: 'timeout', details: { timeout_ms: 100 } });
});

test.each(['<html>hello</html>', '{"status":"ok"}', ''])('connection test: server answers %j -> not_a_scheduler', async (health) => {
  const { url } = await scheduler({ health });
  expect((await testConnection({ address: url }))[3]).toMatchObject({ step: 'http', outcome: 'failed', code: 'not_a_scheduler' });
});

test.each([
  ['a wrong token', 'wrong', true],
  ['no token', undefined, false],
])('connection test: %s -> unauthorized, with whether a token was sent', async (_title, token, sent) => {
  const { url } = await scheduler({ token: 'join-me' });
  const steps = await testConnection({ address: url, ...(token === undefined ? {} : { token }) });
  expect(steps[4]).toMatchObject({
    step: 'token',
    outcome: 'failed',
    code: 'unauthorized',
    details: { http_status: 401, token_sent: sent },
  });
});

test('connection test: overloaded scheduler -> refused with its HTTP status', async () => {
  const { url } = await scheduler({ upgradeStatus: 503 });
  expect((await testConnection({ address: url }))[4]).toMatchObject({ outcome: 'failed', code: 'refused', details: { http_status: 503 } });
});

test.each([
  ['1.7', 'passed', null],
  ['2.0', 'failed', 'protocol_unsupported'],
])('connection test: protocol %s -> %s', async (protocol, outcome, code) => {
  const { url } = await scheduler({ protocol });
  expect((await testConnection({ address: url })).at(-1)).toMatchObject({
    step: 'protocol',
    outcome,
    code,
    details: { ours: '1.0', theirs: protocol },
  });
});
