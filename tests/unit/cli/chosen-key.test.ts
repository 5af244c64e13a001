// Which key a command sends: the one in a file that is named, MUSTER_KEY for an address that is given, or the owner key.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { COMMANDS } from '../../../src/main/cli/commands';
import { runCli } from '../../../src/main/cli/run-cli';
import { fakeIo } from './fake-io';
import { proving } from '../../support/proving-server';

const OWNER = 'owner-key-of-this-computer';
const PROGRAM = 'mk_the-key-of-a-program';
const OTHER = 'mk_the-key-in-a-named-file';

let folder: string;
let server: Server;
let port: string;
let sent: (string | undefined)[];
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'muster-key-'));
  await writeFile(path.join(folder, 'admin-token'), OWNER);
  await writeFile(path.join(folder, 'other'), OTHER);
  sent = [];
  const listener = proving([OWNER, PROGRAM, OTHER], (request, response) => {
    sent.push(request.headers.authorization?.replace('Bearer ', ''));
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"nodes":[]}');
  });
  server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = String((server.address() as AddressInfo).port);
});
afterEach(async () => {
  await new Promise((resolve) => server.close(resolve));
  await rm(folder, { recursive: true });
});

async function nodes(flags: readonly string[], env: Record<string, string> = {}) {
  const io = fakeIo({ MUSTER_SERVER_PORT: port, ...env });
  return { code: await runCli(['nodes', ...flags, '--data-dir', folder], COMMANDS, io), err: io.written.err };
}

test('MUSTER_KEY: for an address that is given; without one, an exported key of a program does not replace the owner key', async () => {
  const url = ['--url', `http://127.0.0.1:${port}`];
  await nodes(url, { MUSTER_KEY: PROGRAM });
  await nodes([], { MUSTER_KEY: PROGRAM, MUSTER_URL: `http://127.0.0.1:${port}` });
  await nodes([], { MUSTER_KEY: PROGRAM });
  await nodes(url, { MUSTER_KEY: '' });
  expect(sent).toEqual([PROGRAM, PROGRAM, OWNER, OWNER]);
});

const NOT_USED = /^muster: MUSTER_KEY is not used, because no address is given: .*MUSTER_URL.*\n$/;

test('MUSTER_KEY without an address -> one line says that it is not used, and which key is', async () => {
  const url = { MUSTER_URL: `http://127.0.0.1:${port}` };
  const { err } = await nodes([], { MUSTER_KEY: PROGRAM });
  expect(err).toMatch(NOT_USED);
  expect(err).toContain('the owner key of this computer');
  const chinese = await nodes([], { MUSTER_KEY: PROGRAM, LANG: 'zh_CN.UTF-8' });
  expect(chinese.err).toMatch(/^muster: 未使用 MUSTER_KEY.*MUSTER_URL.*\n$/u);
  const file = path.join(folder, 'other');
  const used = [
    await nodes([], { ...url, MUSTER_KEY: PROGRAM }),
    await nodes([]),
    await nodes(['--key-file', file], { MUSTER_KEY: PROGRAM }),
  ];
  expect(used.map((each) => each.err)).toEqual(['', '', '']);
});

test('MUSTER_KEY without an address, on a computer without a key -> said that no key is sent', async () => {
  await rm(path.join(folder, 'admin-token'));
  const { err } = await nodes([], { MUSTER_KEY: PROGRAM });
  expect(err).toContain('no key is sent');
});

test('a key file, also by its earlier name -> before MUSTER_KEY', async () => {
  const file = path.join(folder, 'other');
  const env = { MUSTER_URL: `http://127.0.0.1:${port}`, MUSTER_KEY: PROGRAM };
  await nodes(['--key-file', file], env);
  await nodes(['--admin-token-file', file], env);
  await nodes([], { ...env, MUSTER_ADMIN_TOKEN_FILE: file });
  expect(sent).toEqual([OTHER, OTHER, OTHER]);
});

test('MUSTER_KEY that no key can be -> exit code 2, said without its text, nothing sent', async () => {
  const { code, err } = await nodes(['--url', `http://127.0.0.1:${port}`], { MUSTER_KEY: 'my secret' });
  expect([code, err]).toEqual([2, expect.stringContaining('MUSTER_KEY is not a key')]);
  expect(err).not.toContain('my secret');
  expect(sent).toEqual([]);
});
