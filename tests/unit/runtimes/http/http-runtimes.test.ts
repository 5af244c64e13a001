// Which addresses are probed, and in which order.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import type { RuntimesConfig } from '../../../../src/main/platform/config/config';
import { httpRuntimes } from '../../../../src/main/runtimes/http/http-runtimes';
import { localServer } from '../../../../src/main/runtimes/core/runtime-use';
import { ManualClock } from '../../../support/manual-clock';

const LOCAL = [11434, 8080, 9931, 8000, 1234].map((port) => `http://127.0.0.1:${String(port)}`);

const CONFIG = { lookForLocal: true, urls: [], allowedHosts: [], pullModels: [], apiKeyFiles: [] };
const idsOf = (change: Partial<RuntimesConfig>, env: Record<string, string> = {}): string[] =>
  httpRuntimes({ ...CONFIG, ...change }, new ManualClock(), env).map(({ id }) => id);

test('httpRuntimes: default -> the usual local ports', () => {
  expect(idsOf({})).toEqual(LOCAL);
});

test.each([
  ['another port', ':11500', [], ['http://127.0.0.1:11500', ...LOCAL]],
  ['all interfaces', '0.0.0.0', [], LOCAL],
  ['an address of this machine', '127.0.0.2:11434', [], ['http://127.0.0.2:11434', ...LOCAL]],
  ['another machine', 'gpu-2', [], LOCAL],
  ['another machine, allowed by the owner', 'gpu-2', ['gpu-2'], ['http://gpu-2:11434', ...LOCAL]],
  ['not an address', 'a b', ['a b'], LOCAL],
])('httpRuntimes: OLLAMA_HOST is %s', (_title, variable, allowedHosts, expected) => {
  expect(idsOf({ allowedHosts }, { OLLAMA_HOST: variable })).toEqual(expected);
  expect(idsOf({ allowedHosts, lookForLocal: false }, { OLLAMA_HOST: variable })).toEqual([]);
});

test('httpRuntimes: OLLAMA_HOST on another machine -> no request to this machine', async () => {
  const hosts: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    hosts.push(request.headers.host);
    response.end('Ollama is running');
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const variable = `gpu-box.invalid:${String(port)}`;
  const [ollama] = httpRuntimes({ ...CONFIG, allowedHosts: ['gpu-box.invalid'] }, new ManualClock(), { OLLAMA_HOST: variable });
  const { runtime } = (await ollama?.probe()) ?? {};
  expect([runtime?.id, runtime?.state, hosts]).toEqual([`http://${variable}`, 'not_running', []]);
  server.close();
});

test('httpRuntimes: local ports disabled -> none', () => {
  expect(idsOf({ lookForLocal: false })).toEqual([]);
});

test('httpRuntimes: configured addresses first, duplicates removed', () => {
  const urls = ['http://127.0.0.1:8000/', 'http://localhost:5000/llm/', 'http://127.0.0.1:8000'];
  expect(idsOf({ urls })).toEqual([
    'http://127.0.0.1:8000',
    'http://localhost:5000/llm',
    ...LOCAL.filter((url) => url !== 'http://127.0.0.1:8000'),
  ]);
});

test('httpRuntimes: trailing /v1 -> same address', () => {
  expect(
    idsOf({ lookForLocal: false, urls: ['http://127.0.0.1:5000/v1', 'http://127.0.0.1:5000/llm/v1/', 'http://127.0.0.1:5000'] }),
  ).toEqual(['http://127.0.0.1:5000', 'http://127.0.0.1:5000/llm']);
});

test('httpRuntimes: key file used only for its own address', async () => {
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
  expect((await keyed?.probe())?.runtime).toMatchObject({ state: 'unauthorized', reasonCode: 'key_file_missing' });
  expect((await other?.probe())?.runtime.state).toBe('not_running');
});

test.each([
  ['http://127.0.0.1:9000', { port: 9000, processNames: [] }],
  ['http://localhost', { port: 80, processNames: [] }],
  ['https://127.0.0.1', { port: 443, processNames: [] }],
  ['http://[::1]:9000', { port: 9000, processNames: [] }],
  ['http://gpu-2:9000', 'other_machine'],
])('httpRuntimes: place of %s', (url, expected) => {
  const [runtime] = httpRuntimes({ ...CONFIG, lookForLocal: false, urls: [url], allowedHosts: ['gpu-2'] }, new ManualClock(), {});
  expect(runtime?.place).toEqual(expected);
});

test('localServer: names of the programs of a known server', () => {
  expect(localServer(new URL('http://127.0.0.1:11434'), 'ollama')).toEqual({ port: 11_434, processNames: ['ollama'] });
});
