import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
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

test('config set: value in the file with its line, comments stay; unset -> the default', async () => {
  const file = path.join(folder, 'config.toml');
  await writeFile(file, '# mine\n[agent] # a\nname = "x" # n\n');
  const set = await run({}, 'set', 'agent.limits.gpu_percent', '45');
  expect(set).toEqual({
    code: 0,
    out: `agent.limits.gpu_percent = 45  (${file}:6)\n`,
    err: 'muster: a running agent applies the change within two seconds\n',
  });
  expect(await readFile(file, 'utf8')).toBe('# mine\n[agent] # a\nname = "x" # n\n\n[agent.limits]\ngpu_percent = 45\n');
  expect(await run({}, 'unset', 'agent.name')).toMatchObject({ code: 0, out: 'agent.name = -  (default)\n' });
  expect(await readFile(file, 'utf8')).toContain('[agent] # a\n# n\n');
});

test('config set: lists by commas, booleans, --json', async () => {
  expect(await run({}, 'set', 'agent.model_folders', '/a, /b')).toMatchObject({ code: 0 });
  const { code, out } = await run({}, 'set', 'runtimes.measure_models', 'true', '--json');
  expect([code, JSON.parse(out)]).toMatchObject([0, { key: 'runtimes.measure_models', value: true, origin: { from: 'file' } }]);
  expect(await readFile(path.join(folder, 'config.toml'), 'utf8')).toBe(
    '[agent]\nmodel_folders = ["/a", "/b"]\n\n[runtimes]\nmeasure_models = true\n',
  );
});

test('config set: a variable overrides the file -> written, and said', async () => {
  expect(await run({ MUSTER_SERVER_PORT: '1' }, 'set', 'server.port', '7081')).toMatchObject({
    code: 0,
    out: 'server.port = 1  (MUSTER_SERVER_PORT)\n',
    err: expect.stringContaining('MUSTER_SERVER_PORT comes before the configuration file') as string,
  });
});

test.each<[args: string[], code: number, err: string]>([
  [['set', 'server.prot', '1'], 2, 'server.prot: unknown key, did you mean server.port?'],
  [['set', 'server.port', '70000'], 2, 'server.port: expected at most 65535'],
  [['set', 'server.port', 'x'], 2, 'server.port: expected a number, not "x"'],
  [['set', 'agent.simulate_gpu', 'RTX'], 2, 'agent.simulate_gpu: expected "NAME:GB"'],
  [['set', 'server.tls_cert_file', '/c.pem'], 3, 'tls_cert_file and tls_key_file must be set together'],
  [['set', 'server.port'], 2, 'config set KEY VALUE'],
  [['unset'], 2, 'config unset KEY'],
  [['unset', 'server.port', '1'], 2, 'config unset KEY'],
  [['show', 'server.port'], 2, 'config show'],
  [['edit'], 2, 'config show'],
])('config %j -> exit code %i, no file', async (args, code, err) => {
  expect(await run({}, ...args)).toMatchObject({ code, out: '', err: expect.stringContaining(err) as string });
  await expect(readFile(path.join(folder, 'config.toml'))).rejects.toMatchObject({ code: 'ENOENT' });
});

test('config set: read-only file, invalid file -> refused with the reason', async () => {
  const file = path.join(folder, 'config.toml');
  await writeFile(file, '[server]\n', { mode: 0o444 });
  expect(await run({}, 'set', 'server.port', '1')).toMatchObject({ code: 1, err: `muster: ${file} is read-only\n` });
  await rm(file);
  await writeFile(file, '[server\n');
  expect(await run({}, 'set', 'server.port', '1')).toMatchObject({ code: 3, err: expect.stringContaining('config.toml:1: ') as string });
});
