// Access to the server: every route of the table, the upgrade and unknown paths, each with every wrong caller.
import { hostname } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AppApi } from '../../src/shared/api/app-api';
import { ok } from '../../src/shared/result';
import { sendRequest, type HttpRequestOptions } from '../support/http-api';
import { submit } from '../support/job-pool';
import { startTestScheduler, type TestScheduler } from '../support/test-scheduler';

const app: AppApi = { call: () => Promise.resolve(ok({} as never)), subscribe: () => () => undefined };
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND'];
/** Visible for other computers without a token. */
const FOR_ANYONE = new Set(['GET /healthz', 'GET /ws/node', 'GET /ws/join', 'GET /']);
const ADMIN = 'the-admin-token';
const SUBMIT = 'the-submit-token';
/** Allowed with the submit token, besides every path of OpenAI. */
const FOR_SUBMITTERS = new Set([
  'POST /api/v1/jobs',
  ...['GET', 'DELETE'].map((method) => `${method} /api/v1/jobs/some.thing`),
  'GET /api/v1/jobs/some.thing/events',
]);

/** Every path of the description, and some that do not exist, with every method. */
async function everyRequest(
  { port }: TestScheduler,
  headers: Readonly<Record<string, string>> = {},
): Promise<readonly HttpRequestOptions[]> {
  const { paths } = (await sendRequest(port, { path: '/openapi.json', headers })).json() as { paths: Record<string, object> };
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
  ])('%s -> every request refused', async (_what, headers, code) => {
    for (const request of await everyRequest(scheduler)) {
      const { status, text } = await sendRequest(scheduler.port, { ...request, headers });
      expect([request, status]).toEqual([request, 403]);
      if (request.method !== 'HEAD') expect(text.toUpperCase()).toContain(code);
    }
  });
});

describe('all addresses', () => {
  let scheduler: TestScheduler;
  const admin = { authorization: `Bearer ${ADMIN}` };
  beforeAll(async () => {
    scheduler = await startTestScheduler({
      app,
      server: { host: '0.0.0.0', allowedHosts: ['pool.example'] },
      tokens: { join: 'join', admin: ADMIN, submit: SUBMIT },
    });
  });
  afterAll(async () => {
    await scheduler.stop();
  });

  it.each([
    ['no token', {}],
    ['a wrong token', { authorization: 'Bearer wrong' }],
    ['the join token', { authorization: 'Bearer join' }],
    ['the token in another scheme', { authorization: `Basic ${ADMIN}` }],
  ])('%s -> every request of an operator refused', async (_what, headers) => {
    for (const request of await everyRequest(scheduler, admin)) {
      const method = request.method === 'HEAD' ? 'GET' : request.method;
      const key = `${method ?? ''} ${request.path}`;
      const isFile = method === 'GET' && ['/', '/nowhere', '/assets/x.js'].includes(request.path);
      const { status } = await sendRequest(scheduler.port, { ...request, headers });
      if (FOR_ANYONE.has(key) || isFile) expect([key, status]).not.toEqual([key, 401]);
      else expect([key, status]).toEqual([key, 401]);
    }
  });

  it('path that cannot be decoded: no token -> 401, wrong role -> 403, admin token -> 400', async () => {
    const statusWith = async (path: string, headers: Readonly<Record<string, string>>) =>
      (await sendRequest(scheduler.port, { method: 'POST', path, headers })).status;
    const submitter = { authorization: `Bearer ${SUBMIT}` };
    const callers = [{}, submitter, admin];
    expect(await Promise.all(callers.map((headers) => statusWith('/api/v1/nodes/%zz', headers)))).toEqual([401, 403, 400]);
    expect(await Promise.all(callers.map((headers) => statusWith('/v1/models/%zz', headers)))).toEqual([401, 400, 400]);
  });

  it('submit token -> submit, read, follow, cancel, OpenAI paths; nothing else', async () => {
    for (const request of await everyRequest(scheduler, admin)) {
      const method = request.method === 'HEAD' ? 'GET' : request.method;
      const key = `${method ?? ''} ${request.path}`;
      const { status } = await sendRequest(scheduler.port, { ...request, headers: { authorization: `Bearer ${SUBMIT}` } });
      const isFile = method === 'GET' && ['/', '/nowhere', '/assets/x.js'].includes(request.path);
      const isStream = request.method === 'HEAD' && request.path.endsWith('/events');
      const mayPass = FOR_ANYONE.has(key) || isFile || (FOR_SUBMITTERS.has(key) && !isStream) || request.path.startsWith('/v1/');
      expect([key, mayPass ? [401, 403].includes(status) : status]).toEqual([key, mayPass ? false : 403]);
    }
  });

  it('submit token, id of a job -> job shown and cancelled', async () => {
    const headers = { authorization: `Bearer ${SUBMIT}` };
    const submitted = await submit(scheduler.port, {}, headers);
    const { job_id: jobId } = submitted.json() as { job_id: string };
    const path = `/api/v1/jobs/${jobId}`;
    expect((await sendRequest(scheduler.port, { path, headers })).json()).toMatchObject({ status: 'queued' });
    expect((await sendRequest(scheduler.port, { method: 'DELETE', path, headers })).json()).toMatchObject({ status: 'cancelled' });
    expect((await sendRequest(scheduler.port, { path: '/api/v1/jobs', headers })).json()).toMatchObject({ error: { code: 'FORBIDDEN' } });
  });

  it('submit token, idempotency key of another submitter -> job not revealed', async () => {
    const key = { 'idempotency-key': 'letter-17' };
    const { job_id: jobId } = (await submit(scheduler.port, {}, { ...admin, ...key })).json() as { job_id: string };
    const other = await submit(scheduler.port, { priority: 1 }, { authorization: `Bearer ${SUBMIT}`, ...key });
    expect([other.status, other.text.includes(jobId)]).toEqual([422, false]);
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
      expect([host, (await sendRequest(scheduler.port, { path: '/api/v1/nodes', headers: { ...admin, host } })).status]).toEqual([
        host,
        200,
      ]);
    }
    for (const host of ['evil.example', `pool.example.evil:${port}`, '10.1.2.3.evil']) {
      expect([host, (await sendRequest(scheduler.port, { path: '/healthz', headers: { ...admin, host } })).status]).toEqual([host, 403]);
    }
  });
});
