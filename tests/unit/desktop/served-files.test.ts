import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CONTENT_SECURITY_POLICY, serveFile } from '../../../src/main/desktop/served-files';

let root: string;
let folder: string;
beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'muster-served-'));
  folder = path.join(root, 'renderer');
  await mkdir(path.join(folder, 'assets'), { recursive: true });
  await writeFile(path.join(folder, 'index.html'), '<!doctype html>');
  await writeFile(path.join(folder, 'assets', 'a b.js'), 'export {};');
  await writeFile(path.join(folder, 'notes.txt'), 'no known type');
  await writeFile(path.join(root, 'secret.js'), 'secret');
  await symlink(path.join(root, 'secret.js'), path.join(folder, 'assets', 'link.js'));
});
afterAll(() => rm(root, { recursive: true }));

const get = (url: string, method = 'GET') => serveFile(folder, { method, url });

test.each([
  ['app://muster/', 'text/html; charset=utf-8', '<!doctype html>'],
  ['app://muster/index.html?x#y', 'text/html; charset=utf-8', '<!doctype html>'],
  ['app://muster/assets/a%20b.js', 'text/javascript; charset=utf-8', 'export {};'],
])('served: %s with its content type', async (url, type, text) => {
  const response = await get(url);
  expect([response.status, response.headers.get('content-type'), await response.text()]).toEqual([200, type, text]);
});

test('served: security headers on every response, also on 404', async () => {
  for (const url of ['app://muster/', 'app://muster/none.js']) {
    const { headers } = await get(url);
    expect(headers.get('content-security-policy')).toBe(CONTENT_SECURITY_POLICY);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
  }
});

describe('not served: 404', () => {
  test.each([
    'app://muster/none.js',
    'app://muster/assets',
    'app://muster/notes.txt',
    'app://muster/../secret.js',
    'app://muster/%2e%2e/secret.js',
    'app://muster/..%2fsecret.js',
    'app://muster/assets/%2e%2e%2f%2e%2e%2fsecret.js',
    'app://muster/..%5csecret.js',
    'app://muster/index.html%00.js',
    'app://muster/%zz.js',
    'app://muster/assets/link.js',
    'app://other/index.html',
    'file:///index.html',
    'nonsense',
  ])('%s', async (url) => {
    expect((await get(url)).status).toBe(404);
  });

  test.each(['POST', 'PUT', 'DELETE', 'HEAD'])('to a %s', async (method) => {
    expect((await get('app://muster/', method)).status).toBe(404);
  });
});

describe('the policy', () => {
  test('policy: only own scripts, no inline script, no eval, no other origin', () => {
    const directives = new Map(CONTENT_SECURITY_POLICY.split('; ').map((directive) => directive.split(/ (.*)/) as [string, string]));
    expect(directives.get('default-src')).toBe("'none'");
    expect(directives.get('script-src')).toBe("'self'");
    expect(CONTENT_SECURITY_POLICY).not.toMatch(/unsafe-eval|https?:|\*/);
    for (const closed of ['base-uri', 'form-action', 'frame-src', 'frame-ancestors', 'object-src'])
      expect(directives.get(closed)).toBe("'none'");
  });
});
