import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { accessPolicyOf } from '../../src/main/scheduler/access/access-policy';
import { createCandidateServer } from '../../src/main/scheduler/api/candidate-server';
import { fromElsewhere } from '../support/from-elsewhere';

const HTML = 'text/html,application/xhtml+xml,*/*;q=0.8';
let leader: string | null = 'muster-b.example:7080';
let url = '';
const server = () =>
  createCandidateServer({
    access: accessPolicyOf('127.0.0.1', 'bench', []),
    version: '1.2.3',
    uptimeSeconds: () => 1,
    leader: () => leader,
  });
let listening: ReturnType<typeof server>;

beforeEach(async () => {
  leader = 'muster-b.example:7080';
  listening = server().listen(0, '127.0.0.1');
  await once(listening, 'listening');
  url = `http://127.0.0.1:${String((listening.address() as AddressInfo).port)}`;
});
afterEach(() => {
  listening.closeAllConnections();
  listening.close();
});

const ask = (path: string, headers: Record<string, string>, method = 'GET') => fetch(`${url}${path}`, { method, headers });

test.each([
  ['en', 'This scheduler does not lead', 'Open the dashboard of the leader'],
  ['zh-CN', '这台调度器当前不是主调度器', '打开主调度器的管理页面'],
])('a browser opens the dashboard, %s -> a page with a link to the leader', async (language, title, link) => {
  const answer = await ask('/', { accept: HTML, 'accept-language': language });
  const text = await answer.text();
  expect(answer.status).toBe(503);
  expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(answer.headers.get('vary')).toBe('Accept-Language, Accept');
  expect(answer.headers.get('cache-control')).toBe('no-store');
  expect(text).toContain(`<html lang="${language}">`);
  expect(text).toContain(`<h1>${title}</h1>`);
  expect(text).toContain(`<a href="http://muster-b.example:7080/">${link}</a> (muster-b.example:7080)`);
});

test('no leader is known -> a page without a link, which loads itself again', async () => {
  leader = null;
  const text = await (await ask('/', { accept: HTML })).text();
  expect(text).not.toContain('<a ');
  expect(text).toContain('http-equiv="refresh"');
});

test.each(['b"><script>alert(1)</script>', 'javascript:alert(1)', ' '])('the address %j of a member adds no markup', async (address) => {
  leader = address;
  const text = await (await ask('/', { accept: HTML })).text();
  expect(text).not.toContain('<script');
  expect(text).not.toContain('href="javascript');
});

test.each([
  ['/', '*/*', 'GET'],
  ['/', 'application/json', 'GET'],
  ['/', HTML, 'POST'],
  ['/api/v1/cluster', HTML, 'GET'],
  ['/v1/models', 'application/json', 'GET'],
])('%s with Accept %s, %s -> NOT_LEADER as JSON', async (path, accept, method) => {
  const answer = await ask(path, { accept }, method);
  expect(answer.status).toBe(503);
  expect(await answer.json()).toMatchObject({ error: { code: 'NOT_LEADER', details: { leader: 'muster-b.example:7080' } } });
});

test('a browser names another host -> refused as before, no page', async () => {
  const answer = await fetch(`${url}/`, { headers: { accept: HTML, origin: 'http://evil.example' } });
  expect(answer.headers.get('content-type')).toContain('application/json');
});

test('a browser of another computer without TLS -> a page with the encrypted address; a program -> JSON', async () => {
  fromElsewhere(Number(new URL(url).port));
  const page = await ask('/', { accept: HTML });
  const text = await page.text();
  expect([page.status, page.headers.get('content-type'), page.headers.get('upgrade')]).toEqual([
    426,
    'text/html; charset=utf-8',
    'TLS/1.3',
  ]);
  expect(text).toContain(`href="${url.replace('http:', 'https:')}/"`);
  expect(text).not.toContain('http-equiv');
  expect(await (await ask('/', { accept: '*/*' })).json()).toMatchObject({ error: { code: 'TLS_REQUIRED' } });
});
