import { chmod, mkdir, mkdtemp, readdir, readFile, readlink, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemClock } from '../../../../src/main/platform/clock';
import type { ConfigSources } from '../../../../src/main/platform/config/load-config';
import { SettingsWriter } from '../../../../src/main/platform/config/settings-writer';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'muster-writer-'));
  file = path.join(folder, 'config.toml');
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

const writerOf = (rest: Partial<ConfigSources> = {}): SettingsWriter =>
  new SettingsWriter({ flags: {}, env: {}, configFile: file, explicitFile: false, ...rest }, systemClock);
const modeOf = async (name: string): Promise<number> => (await stat(name)).mode & 0o777;

test('writer: no file, no folder -> both are made for their owner only, without a backup', async () => {
  file = path.join(folder, 'new', 'config.toml');
  const outcome = await writerOf().write([{ key: 'server.port', value: 7081 }]);
  expect(outcome).toMatchObject({ ok: true, value: { values: { 'server.port': 7081 }, origins: { 'server.port': { line: 2 } } } });
  expect(await readFile(file, 'utf8')).toBe('[server]\nport = 7081\n');
  expect([await modeOf(file), await modeOf(path.dirname(file))]).toEqual([0o600, 0o700]);
  expect(await readdir(path.dirname(file))).toEqual(['config.toml']);
});

test('writer: file with comments and unknown mode -> comments and mode stay, old text in the backup, no other files', async () => {
  const before = '# mine\n[server] # s\nport = 7080 # p\n';
  await writeFile(file, before);
  await chmod(file, 0o664);
  expect(await writerOf().write([{ key: 'server.port', value: 7081 }])).toMatchObject({ ok: true });
  expect(await readFile(file, 'utf8')).toBe('# mine\n[server] # s\nport = 7081 # p\n');
  expect(await readFile(`${file}.bak`, 'utf8')).toBe(before);
  expect([await modeOf(file), await modeOf(`${file}.bak`)]).toEqual([0o664, 0o664]);
  expect((await readdir(folder)).toSorted()).toEqual(['config.toml', 'config.toml.bak']);
});

test('writer: several changes -> all or none', async () => {
  const both = await writerOf().write([
    { key: 'server.tls_cert_file', value: '/c.pem' },
    { key: 'server.tls_key_file', value: '/k.pem' },
  ]);
  expect(both).toMatchObject({ ok: true });
  const text = await readFile(file, 'utf8');
  expect(await writerOf().write([{ key: 'server.tls_key_file', value: null }])).toMatchObject({
    ok: false,
    error: { code: 'value_invalid', error: { code: 'impossible', related: 'server.tls_key_file' } },
  });
  expect(await readFile(file, 'utf8')).toBe(text);
});

test('writer: the same value -> the file is not written', async () => {
  await writeFile(file, '[server]\nport = 7081\n');
  await utimes(file, 1, 1);
  expect(await writerOf().write([{ key: 'server.port', value: 7081 }])).toMatchObject({ ok: true });
  expect((await stat(file)).mtimeMs).toBe(1000);
});

test('writer: symbolic link -> the link stays, its target changes', async () => {
  const target = path.join(folder, 'dotfiles', 'muster.toml');
  await mkdir(path.dirname(target));
  await writeFile(target, '[server]\nport = 7080\n');
  await symlink(target, file);
  expect(await writerOf().write([{ key: 'server.port', value: 7081 }])).toMatchObject({ ok: true });
  expect(await readlink(file)).toBe(target);
  expect(await readFile(target, 'utf8')).toBe('[server]\nport = 7081\n');
});

test('writer: invalid file -> refused with its line; an edit that makes it valid is accepted', async () => {
  await writeFile(file, '[server]\nport = "x"\n');
  expect(await writerOf().write([{ key: 'agent.name', value: 'n' }])).toMatchObject({
    ok: false,
    error: { code: 'file_invalid', error: { key: 'server.port', origin: { line: 2 } } },
  });
  expect(await writerOf().write([{ key: 'server.port', value: 7081 }])).toMatchObject({ ok: true });
  await writeFile(file, '[server\n');
  expect(await writerOf().write([{ key: 'agent.name', value: 'n' }])).toMatchObject({ ok: false, error: { code: 'file_invalid' } });
  expect(await readFile(file, 'utf8')).toBe('[server\n');
  await writeFile(file, Buffer.from([0xff, 0xfe, 0x00]));
  expect(await writerOf().write([{ key: 'agent.name', value: 'n' }])).toMatchObject({ ok: false, error: { code: 'file_invalid' } });
});

test('writer: read-only file -> refused, unchanged', async () => {
  await writeFile(file, '[server]\nport = 7080\n');
  await chmod(file, 0o444);
  expect(await writerOf().write([{ key: 'server.port', value: 7081 }])).toEqual({ ok: false, error: { code: 'file_read_only', file } });
  expect(await readFile(file, 'utf8')).toBe('[server]\nport = 7080\n');
});

test('writer: folder that cannot be made -> refused with the reason', async () => {
  await writeFile(path.join(folder, 'plain'), '');
  file = path.join(folder, 'plain', 'config.toml');
  expect(await writerOf().write([{ key: 'server.port', value: 7081 }])).toMatchObject({
    ok: false,
    error: { code: 'file_unwritable', reason: expect.stringMatching(/^E(NOTDIR|EXIST)$/) as string },
  });
});

test('writer: file over 256 KiB -> refused', async () => {
  await writeFile(file, `# ${'x'.repeat(1024 * 1024)}\n`);
  expect(await writerOf().write([{ key: 'server.port', value: 7081 }])).toMatchObject({ ok: false, error: { code: 'file_unwritable' } });
});

test('writer: another program changes the file between reading and writing -> its change stays, the key is set', async () => {
  await writeFile(file, '[server]\nport = 7080\n');
  let edits = 0;
  // The environment is read between both: an editor saves the file then.
  const env = new Proxy<Record<string, string>>(
    {},
    {
      get: () => {
        if (edits++ === 0) writeFileSync(file, '[server]\nport = 7080\n[agent]\nname = "edited"\n');
        return undefined;
      },
    },
  );
  expect(await writerOf({ env }).write([{ key: 'server.port', value: 7081 }])).toMatchObject({ ok: true });
  expect(await readFile(file, 'utf8')).toBe('[server]\nport = 7081\n[agent]\nname = "edited"\n');
});

test('writer: another program changes the file at every attempt -> refused, its text stays', async () => {
  let edits = 0;
  const env = new Proxy<Record<string, string>>(
    {},
    {
      get: () => {
        writeFileSync(file, `# edit ${String(edits++)}\n`);
        return undefined;
      },
    },
  );
  expect(await writerOf({ env }).write([{ key: 'server.port', value: 7081 }])).toEqual({
    ok: false,
    error: { code: 'file_changing', file },
  });
  expect(await readFile(file, 'utf8')).toBe(`# edit ${String(edits - 1)}\n`);
});

test('writer: many writers at once -> every change is in the file', async () => {
  const changes = [
    { key: 'server.port', value: 7090 },
    { key: 'agent.name', value: 'a' },
    { key: 'agent.share', value: 'idle' },
    { key: 'agent.limits.cpu_percent', value: 5 },
    { key: 'agent.limits.gpu_percent', value: 6 },
    { key: 'log.level', value: 'warn' },
    { key: 'runtimes.measure_models', value: true },
    { key: 'scheduler.job_timeout_seconds', value: 5 },
  ] as const;
  const outcomes = await Promise.all(changes.map((change) => writerOf().write([change])));
  expect(outcomes.map(({ ok }) => ok)).toEqual(changes.map(() => true));
  const last = await writerOf().write([{ key: 'agent.model_folders', value: null }]);
  expect(last).toMatchObject({ ok: true, value: { values: Object.fromEntries(changes.map(({ key, value }) => [key, value])) } });
});

test('writer: lock of a process that ended -> taken over', async () => {
  await writeFile(`${file}.lock`, '1');
  await utimes(`${file}.lock`, 1, 1);
  expect(await writerOf().write([{ key: 'server.port', value: 7081 }])).toMatchObject({ ok: true });
});
