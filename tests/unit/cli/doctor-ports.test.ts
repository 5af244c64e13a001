// The ports in `muster doctor`: free, of a scheduler, or of another program, which Linux names.
import { realpathSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { basename } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { checkPort } from '../../../src/main/cli/doctor-checks';
import { ollamaPortRow, portRow } from '../../../src/main/cli/doctor-report';
import { loadConfig } from '../../../src/main/platform/config/load-config';

let servers: Server[] = [];
afterEach(async () => {
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  servers = [];
});

async function listening(server: Server): Promise<number> {
  servers.push(server);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return (server.address() as AddressInfo).port;
}

/** Answers the question whether it is a scheduler with a refusal. */
const otherProgram = (): Server => createHttpServer((_request, response) => response.writeHead(404).end());

test.runIf(process.platform === 'linux')('doctor: another program has the port -> its name', async () => {
  const port = await listening(otherProgram());
  const program = basename(realpathSync(process.execPath));
  const check = await checkPort('127.0.0.1', port);
  expect(check).toEqual({ host: '127.0.0.1', port, state: 'in_use', reason: 'EADDRINUSE', program });
});

test('doctor: processes cannot be read -> the program is not known; a free port; a scheduler', async () => {
  const port = await listening(otherProgram());
  expect(await checkPort('127.0.0.1', port, '/nonexistent')).toMatchObject({ state: 'in_use', program: null });
  const scheduler = createHttpServer((_request, response) => {
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ status: 'ok', version: '1.2.3' }));
  });
  expect(await checkPort('127.0.0.1', await listening(scheduler))).toMatchObject({ state: 'scheduler', reason: null, program: null });
  const closed = createServer();
  const free = await listening(closed);
  await once(closed.close(), 'close');
  servers = servers.filter((server) => server !== closed);
  expect(await checkPort('127.0.0.1', free)).toMatchObject({ state: 'free', program: null });
});

test.each([
  ['ollama', 'in_use', 'in use by ollama'],
  [null, 'in_use', 'in use by another program'],
  ['o\u001b[2J', 'in_use', 'in use by o\\u001b[2J'],
  [null, 'scheduler', 'in use by a scheduler'],
  [null, 'free', 'free'],
] as const)('doctor: program %j, %s -> %s', (program, state, text) => {
  const row = portRow('listen on', { host: '127.0.0.1', port: 11434, state, reason: null, program });
  expect(row).toEqual(['listen on 127.0.0.1:11434', text, '']);
});

test.each([
  ['scheduler', true, 'open'],
  ['scheduler', false, 'in use by another scheduler'],
  ['in_use', false, 'in use by ollama'],
] as const)('doctor: port for Ollama clients %s, own: %s -> %s', (state, isOwn, text) => {
  const program = state === 'in_use' ? 'ollama' : null;
  const row = ollamaPortRow({ host: '127.0.0.1', port: 11434, state, reason: null, program, is_own: isOwn });
  expect(row).toEqual(['Ollama clients at 127.0.0.1:11434', text, '']);
});

test('configuration: the port for Ollama clients is the port of the server -> refused', async () => {
  const load = (port: string) =>
    loadConfig({ flags: {}, env: { MUSTER_SERVER_OLLAMA_PORT: port }, configFile: '/nonexistent/muster.toml', explicitFile: false });
  expect(await load('11434')).toMatchObject({ ok: true, value: { config: { server: { ollamaPort: 11434 } } } });
  expect(await load('7080')).toMatchObject({ ok: false, error: { reason: expect.stringContaining('must differ from port') as unknown } });
});
