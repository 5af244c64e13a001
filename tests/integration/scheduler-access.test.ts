// Access to the server: every route of the table, the upgrade and unknown paths, each with every wrong caller.
import { hostname } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AppApi } from '../../src/shared/api/app-api';
import { ok } from '../../src/shared/result';
import { isOllamaPath } from '../../src/main/scheduler/api/client-apis/core/ollama/ollama-format';
import { messageIn } from '../../src/shared/protocol/codes';
import { OWNER_KEY, sendRequest, type HttpRequestOptions } from '../support/http-api';
import { startTestScheduler, type TestScheduler } from '../support/test-scheduler';

const app: AppApi = { call: () => Promise.resolve(ok({} as never)), subscribe: () => () => undefined, ask: () => () => undefined };
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND'];
/** Visible for other computers without a key. */
const FOR_ANYONE = new Set([
  'GET /healthz',
  'GET /readyz',
  'GET /ws/node',
  'GET /ws/join',
  'GET /',
  'POST /api/v1/session',
  'GET /api/v1/proof',
]);

/** Every path of the description, and some that do not exist, with every method. */
async function everyRequest({ port }: TestScheduler): Promise<readonly HttpRequestOptions[]> {
  const { paths } = (await sendRequest(port, { path: '/openapi.json' })).json() as { paths: Record<string, object> };
  const known = Object.keys(paths).map((path) => path.replaceAll(/\{\w+\}/g, 'some.thing'));
  return [...known, '/nowhere', '/api/v1/nowhere', '/assets/x.js'].flatMap((path) => METHODS.map((method) => ({ method, path })));
}

describe('loopback address', () => {
  let scheduler: TestScheduler;
  beforeAll(async () => {
    scheduler = await startTestScheduler({ app });
  });
  afterAll(async () => {
    await scheduler.stop();
  });

  it('callers on this computer -> allowed on every route', async () => {
    const requests = await everyRequest(scheduler);
    expect(requests.map(({ path }) => path)).toEqual(
      expect.arrayContaining([
        '/api/v1/nodes',
        '/v1/models/some.thing',
        '/v1/chat/completions',
        '/api/v1/app/some.thing',
        '/api/v1/app/events',
        '/ws/node',
        '/',
      ]),
    );
    const own = String(scheduler.port);
    for (const host of [`127.0.0.1:${own}`, `localhost:${own}`, `[::1]:${own}`, '127.0.0.1:1', 'localhost']) {
      expect((await sendRequest(scheduler.port, { path: '/api/v1/nodes', headers: { host, origin: `http://${host}` } })).status).toBe(200);
    }
  });

  it.each([
    ['another name as Host', { host: 'rebound.example' }, 'HOST_NOT_ALLOWED'],
    ['an address of the LAN as Host', { host: '192.168.1.2' }, 'HOST_NOT_ALLOWED'],
    ['an invalid Host', { host: 'a b@c' }, 'HOST_NOT_ALLOWED'],
    ['a foreign Origin', { origin: 'http://evil.example' }, 'ORIGIN_NOT_ALLOWED'],
    ['the Origin of another port here', { origin: 'http://127.0.0.1:1' }, 'ORIGIN_NOT_ALLOWED'],
    ['a null Origin', { origin: 'null' }, 'ORIGIN_NOT_ALLOWED'],
  ] as const)('%s -> every request refused', async (_what, headers, code) => {
    for (const request of await everyRequest(scheduler)) {
      const { status, text } = await sendRequest(scheduler.port, { ...request, headers });
      expect([request, status]).toEqual([request, 403]);
      // Errors of Ollama's API have a text and no code.
      const expected = isOllamaPath(request.path) ? messageIn(code, 'en').toUpperCase() : code;
      if (request.method !== 'HEAD') expect(text.toUpperCase()).toContain(expected);
    }
  });
});

describe('all addresses', () => {
  let scheduler: TestScheduler;
  beforeAll(async () => {
    scheduler = await startTestScheduler({ app, server: { host: '0.0.0.0', allowedHosts: ['pool.example'] } });
  });
  afterAll(async () => {
    await scheduler.stop();
  });

  it.each([
    ['no key', { authorization: null }],
    ['a wrong key', { authorization: 'Bearer wrong' }],
    ['a wrong program key', { authorization: `Bearer mk_${'A'.repeat(43)}` }],
    ['the key in another scheme', { authorization: `Basic ${OWNER_KEY}` }],
  ])('%s -> every request but the public ones refused', async (_what, headers) => {
    for (const request of await everyRequest(scheduler)) {
      const method = request.method === 'HEAD' ? 'GET' : request.method;
      const key = `${method ?? ''} ${request.path}`;
      const isFile = method === 'GET' && ['/', '/nowhere', '/assets/x.js'].includes(request.path);
      // Many wrong tokens at once would be answered with 429.
      scheduler.clock.advance(5000);
      const { status } = await sendRequest(scheduler.port, { ...request, headers });
      // The exchange of a code answers 401 to an invalid code, and 400 without one.
      if (FOR_ANYONE.has(key) || isFile) expect([key, status]).not.toEqual([key, 401]);
      else expect([key, status]).toEqual([key, 401]);
    }
  });

  it('path that cannot be decoded: no key -> 401, wrong role -> 403, owner -> 400', async () => {
    const statusWith = async (path: string, headers: Readonly<Record<string, string | null>>) =>
      (await sendRequest(scheduler.port, { method: 'POST', path, headers })).status;
    const created = await sendRequest(scheduler.port, { method: 'POST', path: '/api/v1/keys', body: { name: 'client' } });
    const client = { authorization: `Bearer ${(created.json() as { key: string }).key}` };
    const callers = [{ authorization: null }, client, {}];
    expect(await Promise.all(callers.map((headers) => statusWith('/api/v1/nodes/%zz', headers)))).toEqual([401, 403, 400]);
    expect(await Promise.all(callers.map((headers) => statusWith('/v1/models/%zz', headers)))).toEqual([401, 400, 400]);
  });

  it('Host of an operator -> any IP address, the own host names and the allowed names; no other name', async () => {
    const port = String(scheduler.port);
    for (const host of [
      '10.1.2.3',
      `[fe80::1]:${port}`,
      `localhost:${port}`,
      hostname(),
      `${hostname()}.local:${port}`,
      'POOL.example:8443',
    ]) {
      expect([host, (await sendRequest(scheduler.port, { path: '/api/v1/nodes', headers: { host } })).status]).toEqual([host, 200]);
    }
    for (const host of ['evil.example', `pool.example.evil:${port}`, '10.1.2.3.evil']) {
      expect([host, (await sendRequest(scheduler.port, { path: '/healthz', headers: { host } })).status]).toEqual([host, 403]);
    }
  });
});
