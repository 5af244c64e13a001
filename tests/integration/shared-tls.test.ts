// A scheduler that is open to the network: TLS and plain HTTP on one port, over real sockets. A connection counts as one from another
// computer when the test gives it another address.
import { connect as connectTls } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { pinnedTls, requestAuthority } from '../../src/main/trust/first-contact';
import { pinnedFetch } from '../../src/main/trust/pinned-fetch';
import { createAuthority, createAuthorityKey, createServerCertificate } from '../../src/main/trust/certificates';
import { pinOf } from '../../src/main/trust/verify-chain';
import { fromElsewhere } from '../support/from-elsewhere';
import { bearer, OWNER_KEY, sendRequest } from '../support/http-api';
import { caOf, openTls, shared, type SharedScheduler } from '../support/shared-scheduler';

const HTML = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };
let scheduler: SharedScheduler;
beforeAll(async () => {
  scheduler = await shared();
});
afterAll(async () => {
  await scheduler.stop();
});
const pin = (): string => pinOf(caOf(scheduler));

describe('TLS', () => {
  it('log: pin of the CA', () => {
    expect(scheduler.log.of('scheduler_listening')).toMatchObject([
      { pin: pin(), secure: true, url: `http://127.0.0.1:${String(scheduler.port)}` },
    ]);
  });

  it('pin alone -> CA from the handshake, requests with bodies over kept connections', async () => {
    const fetchPinned = pinnedFetch(pin());
    const url = `https://127.0.0.1:${String(scheduler.port)}`;
    expect((await fetchPinned(`${url}/healthz`)).status).toBe(200);
    for (const [headers, status] of [
      [{}, 401],
      [bearer(OWNER_KEY), 200],
    ] as const)
      expect((await fetchPinned(`${url}/api/v1/nodes`, { headers })).status).toBe(status);
    const body = JSON.stringify({ task: { type: 'inference', model: 'm', input: 'x'.repeat(200_000) } });
    const posted = await fetchPinned(`${url}/api/v1/jobs`, {
      method: 'POST',
      body,
      headers: { ...bearer(scheduler.programKey), 'content-type': 'application/json' },
    });
    expect(posted.status).toBeLessThan(500);
    expect(posted.headers.get('content-type')).toContain('application/json');
  });

  it('names: certificate valid for 127.0.0.1, localhost, allowed hosts; TLS 1.3 only', async () => {
    const socket = await openTls(scheduler.port, caOf(scheduler));
    expect([socket.authorized, socket.getProtocol()]).toEqual([true, 'TLSv1.3']);
    const names = socket.getPeerCertificate().subjectaltname ?? '';
    for (const name of ['DNS:localhost', 'DNS:pool.example', 'IP Address:127.0.0.1']) expect(names).toContain(name);
    socket.destroy();
    const old = connectTls({
      port: scheduler.port,
      host: '127.0.0.1',
      ...pinnedTls(caOf(scheduler)),
      minVersion: 'TLSv1.2',
      maxVersion: 'TLSv1.2',
    });
    await expect(new Promise((resolve, reject) => old.once('secureConnect', resolve).once('error', reject))).rejects.toThrow();
  });

  it('node socket over wss -> registered sockets need an invitation', async () => {
    const statusOf = (headers: Record<string, string>): Promise<number | 'open'> =>
      new Promise((resolve) => {
        const ws = new WebSocket(`wss://127.0.0.1:${String(scheduler.port)}/ws/node`, { ...pinnedTls(caOf(scheduler)), headers });
        ws.on('open', () => {
          resolve('open');
          ws.terminate();
        });
        ws.on('unexpected-response', (_request, response) => {
          resolve(response.statusCode ?? 0);
        });
        ws.on('error', () => undefined);
      });
    expect([await statusOf({}), await statusOf(bearer(scheduler.invitation))]).toEqual([401, 'open']);
  });

  it('page from https:// of the address -> allowed; from http:// -> refused', async () => {
    const host = `127.0.0.1:${String(scheduler.port)}`;
    const fetchPinned = pinnedFetch(pin());
    const statusWith = async (origin: string) =>
      (await fetchPinned(`https://${host}/api/v1/nodes`, { headers: { ...bearer(OWNER_KEY), origin } })).status;
    expect([await statusWith(`https://${host}`), await statusWith(`http://${host}`)]).toEqual([200, 403]);
  });
});

describe('man in the middle', () => {
  it('another CA at the address, also with our CA sent along -> refused before a byte is sent', async () => {
    const other = await createAuthority(await createAuthorityKey(), Date.now());
    const theirs = await createServerCertificate(other, ['127.0.0.1'], Date.now());
    const { createServer } = await import('node:https');
    let requests = 0;
    const leaf = /^[^]*?-----END CERTIFICATE-----\n/.exec(theirs.cert)?.[0] ?? '';
    for (const cert of [theirs.cert, `${leaf}${caOf(scheduler)}`]) {
      const server = createServer({ key: theirs.key, cert }, () => requests++);
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const { port } = server.address() as { port: number };
      expect(await requestAuthority({ host: '127.0.0.1', port, pin: pin() })).toEqual({ ok: false, error: { code: 'not_the_pool' } });
      await expect(pinnedFetch(pin())(`https://127.0.0.1:${String(port)}/x`, { headers: bearer('secret') })).rejects.toThrow(
        'not_the_pool',
      );
      await expect(openTls(port, caOf(scheduler))).rejects.toThrow();
      server.close();
    }
    expect(requests).toBe(0);
  });

  it('wrong CA for a client with a CA -> refused; the verdict of an earlier session is not kept', async () => {
    const good = await openTls(scheduler.port, caOf(scheduler));
    const session = new Promise<Buffer>((resolve) => good.once('session', resolve));
    good.write('GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await session;
    good.destroy();
    const other = await createAuthority(await createAuthorityKey(), Date.now());
    await expect(openTls(scheduler.port, other.cert)).rejects.toThrow();
  });

  it('resumed session -> no certificate, so the first contact refuses', async () => {
    const { peerChainOf } = await import('../../src/main/trust/verify-chain');
    const first = await openTls(scheduler.port, caOf(scheduler));
    const saved = new Promise<Buffer>((resolve) => first.once('session', resolve));
    first.write('GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n');
    const session = await saved;
    expect(peerChainOf(first)).toHaveLength(2);
    first.destroy();
    const second = connectTls({ port: scheduler.port, host: '127.0.0.1', session, rejectUnauthorized: false });
    await new Promise((resolve) => second.once('secureConnect', resolve));
    expect(second.isSessionReused()).toBe(true);
    expect(peerChainOf(second)).toEqual([]);
    second.destroy();
  });
});

describe('plain HTTP on the same port', () => {
  it('this computer -> served as on loopback; X-Forwarded headers change nothing', async () => {
    const { port } = scheduler;
    expect((await sendRequest(port, { path: '/healthz' })).status).toBe(200);
    expect((await sendRequest(port, { path: '/api/v1/nodes', headers: bearer(OWNER_KEY) })).status).toBe(200);
    const forwarded = { 'x-forwarded-proto': 'https', 'x-forwarded-for': '127.0.0.1', forwarded: 'proto=https', host: 'evil.example' };
    expect((await sendRequest(port, { path: '/healthz', headers: forwarded })).status).toBe(403);
  });

  it('behind a TLS proxy: https:// page of an allowed host -> allowed', async () => {
    const statusOf = async (host: string) =>
      (await sendRequest(scheduler.port, { path: '/healthz', headers: { host, origin: `https://${host}` } })).status;
    expect([await statusOf('pool.example'), await statusOf('localhost')]).toEqual([200, 403]);
  });

  it('another computer -> every request 426 with the fix in its language, also with the owner key', async () => {
    fromElsewhere(scheduler.port);
    const forwarded = { 'x-forwarded-proto': 'https', 'x-forwarded-for': '127.0.0.1' };
    for (const path of ['/', '/healthz', '/api/v1/nodes', '/v1/models', '/nowhere']) {
      const answer = await sendRequest(scheduler.port, {
        path,
        headers: { ...bearer(OWNER_KEY), ...forwarded, 'accept-language': 'zh-CN' },
      });
      expect([path, answer.status]).toEqual([path, 426]);
      expect(answer.text).toContain('https://');
      if (path !== '/nowhere' && path !== '/') expect(answer.text).toMatch(/tls_required/i);
      expect(answer.headers['upgrade']).toBe('TLS/1.3');
    }
    const body = JSON.stringify({ task: 'x'.repeat(5_000_000) });
    expect(
      (await sendRequest(scheduler.port, { method: 'POST', path: '/api/v1/jobs', headers: bearer(scheduler.programKey), body })).status,
    ).toBe(426);
  });

  it.each([
    ['en', 'This pool accepts encrypted connections only'],
    ['zh-CN', '此算力池只接受加密连接'],
  ])('a browser of another computer opens the dashboard, %s -> 426, a page with the encrypted address', async (language, title) => {
    fromElsewhere(scheduler.port);
    const headers = { ...HTML, authorization: null, 'accept-language': language };
    const { status, headers: answered, text } = await sendRequest(scheduler.port, { path: '/', headers });
    expect(status).toBe(426);
    expect(answered).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      vary: 'Accept-Language, Accept',
      'cache-control': 'no-store',
      upgrade: 'TLS/1.3',
      'content-security-policy': expect.stringContaining("default-src 'none'") as string,
      'x-content-type-options': 'nosniff',
    });
    expect(text).toContain(`<html lang="${language}">`);
    expect(text).toContain(`<h1>${title}</h1>`);
    expect(text).toContain(`<a class="address" href="https://127.0.0.1:${String(scheduler.port)}/">`);
    expect(text).toContain('ca.pem');
    expect(text).not.toContain('<script');
    const head = await sendRequest(scheduler.port, { method: 'HEAD', path: '/', headers });
    expect([head.status, head.text, head.headers['content-type']]).toEqual([426, '', 'text/html; charset=utf-8']);
  });

  it('programs, other methods, other hosts -> JSON as before', async () => {
    fromElsewhere(scheduler.port);
    const typeOf = async (method: string, path: string, headers: Record<string, string>) => {
      const { status, headers: answered } = await sendRequest(scheduler.port, { method, path, headers });
      return [status, answered['content-type']];
    };
    const json = 'application/json; charset=utf-8';
    expect(await typeOf('GET', '/', { accept: '*/*' })).toEqual([426, json]);
    expect(await typeOf('GET', '/', { accept: 'application/json' })).toEqual([426, json]);
    expect(await typeOf('GET', '/v1/models', HTML)).toEqual([426, json]);
    expect(await typeOf('POST', '/', HTML)).toEqual([426, json]);
    expect(await typeOf('GET', '/', { ...HTML, host: 'evil.example' })).toEqual([403, json]);
  });

  it('another computer, ws:// -> 426', async () => {
    fromElsewhere(scheduler.port);
    const status = await new Promise((resolve) => {
      const ws = new WebSocket(`ws://127.0.0.1:${String(scheduler.port)}/ws/node`, { headers: bearer(scheduler.invitation) });
      ws.on('unexpected-response', (_request, response) => {
        resolve(response.statusCode);
      });
      ws.on('error', () => undefined);
    });
    expect(status).toBe(426);
  });

  it('plain_http_api: key of a program -> jobs and OpenAI paths; everything else, and the keys of owner, operator, viewer and node -> 426', async () => {
    const open = await shared({ plainHttpApi: true });
    onTestFinished(() => open.stop());
    const others: string[] = [];
    for (const role of ['operator', 'viewer']) {
      const body = { name: role, roles: ['client', role] };
      const created = await sendRequest(open.port, { method: 'POST', path: '/api/v1/keys', body });
      others.push((created.json() as { readonly key: string }).key);
    }
    fromElsewhere(open.port);
    const statusOf = async (path: string, token: string | null) =>
      (await sendRequest(open.port, { path, headers: token === null ? { authorization: null } : bearer(token) })).status;
    expect(await statusOf('/v1/models', open.programKey)).toBe(200);
    expect(await statusOf('/api/v1/jobs/some-job', open.programKey)).toBe(404);
    expect(await statusOf('/v1/models', null)).toBe(401);
    expect(await statusOf('/v1/models', 'guess')).toBe(401);
    expect(await statusOf('/v1/models', OWNER_KEY)).toBe(426);
    expect(await statusOf('/v1/models', open.invitation)).toBe(426);
    for (const key of others) expect(await statusOf('/v1/models', key)).toBe(426);
    for (const path of ['/', '/healthz', '/api/v1/nodes', '/metrics'])
      expect([path, await statusOf(path, open.programKey)]).toEqual([path, 426]);
  });
});
