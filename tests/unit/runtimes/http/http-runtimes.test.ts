// Which addresses are looked at, in which order, and that each is looked at once.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import type { RuntimesConfig } from '../../../../src/main/platform/config/config';
import { httpRuntimes } from '../../../../src/main/runtimes/http/http-runtimes';
import { ManualClock } from '../../../support/manual-clock';

const LOCAL = [11434, 8080, 9931, 8000, 1234].map((port) => `http://127.0.0.1:${String(port)}`);

const CONFIG = { lookForLocal: true, urls: [], allowedHosts: [], pullModels: [], apiKeyFiles: [] };
const idsOf = (change: Partial<RuntimesConfig>, env: Record<string, string> = {}): string[] =>
  httpRuntimes({ ...CONFIG, ...change }, new ManualClock(), env).map(({ id }) => id);

test('the usual ports of this machine are looked at', () => {
  expect(idsOf({})).toEqual(LOCAL);
});

test.each([
  ['another port', ':11500', [], ['http://127.0.0.1:11500', ...LOCAL]],
  ['all interfaces', '0.0.0.0', [], LOCAL],
  ['an address of this machine', '127.0.0.2:11434', [], ['http://127.0.0.2:11434', ...LOCAL]],
  ['another machine', 'gpu-2', [], LOCAL],
  ['another machine that the owner allows', 'gpu-2', ['gpu-2'], ['http://gpu-2:11434', ...LOCAL]],
  ['a word that makes no address', 'a b', ['a b'], LOCAL],
])('Ollama is looked for where OLLAMA_HOST says: %s', (_what, variable, allowedHosts, expected) => {
  expect(idsOf({ allowedHosts }, { OLLAMA_HOST: variable })).toEqual(expected);
  expect(idsOf({ allowedHosts, lookForLocal: false }, { OLLAMA_HOST: variable })).toEqual([]);
});

test('an Ollama on another machine is never looked for on this one', async () => {
  const hosts: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    hosts.push(request.headers.host);
    response.end('Ollama is running');
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const variable = `gpu-box.invalid:${String(port)}`;
  const [ollama] = httpRuntimes({ ...CONFIG, allowedHosts: ['gpu-box.invalid'] }, new ManualClock(), { OLLAMA_HOST: variable });
  const { runtime } = (await ollama?.discover()) ?? {};
  expect([runtime?.id, runtime?.state, hosts]).toEqual([`http://${variable}`, 'not_running', []]);
  server.close();
});

test('they are not when the owner says so', () => {
  expect(idsOf({ lookForLocal: false })).toEqual([]);
});

test('named addresses come first, and one that is named twice or is a usual one is looked at once', () => {
  const urls = ['http://127.0.0.1:8000/', 'http://localhost:5000/llm/', 'http://127.0.0.1:8000'];
  expect(idsOf({ urls })).toEqual([
    'http://127.0.0.1:8000',
    'http://localhost:5000/llm',
    ...LOCAL.filter((url) => url !== 'http://127.0.0.1:8000'),
  ]);
});

test('an address may end with the `/v1` that clients are given: it is the same one', () => {
  expect(
    idsOf({ lookForLocal: false, urls: ['http://127.0.0.1:5000/v1', 'http://127.0.0.1:5000/llm/v1/', 'http://127.0.0.1:5000'] }),
  ).toEqual(['http://127.0.0.1:5000', 'http://127.0.0.1:5000/llm']);
});

test('a key file belongs to its own address alone', async () => {
  const [keyed, other] = httpRuntimes(
    {
      lookForLocal: false,
      urls: ['http://127.0.0.1:1/a', 'http://127.0.0.1:1'],
      allowedHosts: [],
      pullModels: [],
      apiKeyFiles: ['http://127.0.0.1:1/a/=/nowhere/key'],
    },
    new ManualClock(),
  );
  expect((await keyed?.discover())?.runtime).toMatchObject({ state: 'unauthorized', reasonCode: 'key_file_missing' });
  expect((await other?.discover())?.runtime.state).toBe('not_running');
});
