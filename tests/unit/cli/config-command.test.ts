import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { configCommand } from '../../../src/main/cli/config-command';
import { runCli } from '../../../src/main/cli/run-cli';
import { CONFIG_PATHS } from '../../../src/main/platform/config/keys';
import { fakeIo } from './fake-io';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'muster-cli-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

const run = async (env: Record<string, string>, ...argv: string[]) => {
  const io = fakeIo(env);
  return { code: await runCli(['config', ...argv, '--data-dir', folder], [configCommand], io), ...io.written };
};

test('config show: every key with value and origin', async () => {
  await writeFile(path.join(folder, 'config.toml'), '[server]\nhost = "10.0.0.1"\n');
  const { code, out } = await run({ MUSTER_LOG_LEVEL: 'warn' }, 'show', '--port', '7081');
  expect(code).toBe(0);
  for (const key of CONFIG_PATHS) expect(out).toContain(`${key} `);
  expect(out).toMatch(/server\.port +7081 +--port\n/);
  expect(out).toMatch(/log\.level +"warn" +MUSTER_LOG_LEVEL\n/);
  expect(out).toMatch(/server\.host +"10\.0\.0\.1" +\S+config\.toml:2\n/);
  expect(out).toMatch(/agent\.name +- +default\n/);
});

test('config show --json: the same as JSON', async () => {
  const { code, out } = await run({ MUSTER_SERVER_PORT: '1' }, 'show', '--json');
  expect(code).toBe(0);
  const shown = JSON.parse(out) as { config_file: string; settings: { key: string }[] };
  expect(shown.config_file).toBe(path.join(folder, 'config.toml'));
  expect(shown.settings.find(({ key }) => key === 'server.port')).toEqual({
    key: 'server.port',
    value: 1,
    origin: { from: 'env', name: 'MUSTER_SERVER_PORT' },
    env: 'MUSTER_SERVER_PORT',
  });
});

test('config show: invalid file -> exit code 3 with file and line; invalid flag -> exit code 2', async () => {
  await writeFile(path.join(folder, 'config.toml'), '[server]\nport = true\n');
  expect(await run({}, 'show')).toMatchObject({
    code: 3,
    out: '',
    err: expect.stringMatching(/^muster: .*config\.toml:2: server\.port: /) as string,
  });
  await writeFile(path.join(folder, 'config.toml'), '');
  expect(await run({}, 'show', '--port', 'x')).toMatchObject({ code: 2, err: 'muster: --port: server.port: expected a number, not "x"\n' });
});

test('config: another subcommand than show -> exit code 2', async () => {
  expect((await run({}, 'edit')).code).toBe(2);
});
