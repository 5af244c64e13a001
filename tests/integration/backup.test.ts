// `muster backup` and `muster restore` with real processes: the pool comes back with its pin, members, keys and jobs, and nothing changes
// when the restore is refused.
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { parseManifest, toManifest } from '../../src/main/cli/core/backup-manifest';
import { MusterLab, QUICK_AGENT } from '../support/muster-process';
import { until } from '../support/until';
import { useLab } from '../support/use-lab';

const HEALTH = '[scheduler.node_health]\nheartbeat_interval_seconds = 0.5\nheartbeat_timeout_seconds = 2\n';
const GPU = ['--simulate-gpu', 'RTX 4090:24'];

const lab = useLab();

const lines = (text: string): string[] => text.split('\n').filter((line) => line !== '');

test('pool with a member, a key and a job -> deleted and restored: same pin, node reconnects, key works, job readable', async () => {
  const folder = lab().dataDir('host', `[server]\nport = 0\n${HEALTH}`);
  const scheduler = lab().start(['scheduler', '--data-dir', folder, '--host', '0.0.0.0']);
  const listening = await scheduler.line('scheduler_listening');
  const { pin, url, port } = listening as unknown as { pin: string; url: string; port: number };
  const onHost = ['--url', url, '--data-dir', folder];
  const invited = await lab().run(['invite', '--name', 'tower', '--json', ...onHost]);
  const { link } = JSON.parse(invited.stdout) as { link: string };
  const here = link.replace(/^muster:\/\/[^/]+/, `muster://127.0.0.1:${String(port)}`);
  const member = lab().start(['join', here, '--data-dir', lab().dataDir('member'), ...GPU], QUICK_AGENT);
  await member.line('node_status_received', { status: 'ready' });
  const created = await lab().run(['keys', 'create', 'letters', '--json', ...onHost]);
  const keyFile = path.join(lab().folder, 'program-key');
  writeFileSync(keyFile, (JSON.parse(created.stdout) as { key: string }).key);
  const asProgram = ['--url', url, '--data-dir', lab().dataDir('program'), '--admin-token-file', keyFile];
  const submitted = await lab().run(['submit', '--model', 'no-model', '--prompt', 'hello', '--json', ...asProgram]);
  const { job_id: jobId } = JSON.parse(submitted.stdout) as { job_id: string };
  expect((await lab().run(['jobs', '--cancel', jobId, ...asProgram])).code).toBe(0);

  const backup = path.join(lab().folder, 'backup');
  // Two at the same time: neither takes the copies of the other.
  const both = await Promise.all([backup, path.join(lab().folder, 'second')].map((each) => lab().run(['backup', each, ...onHost])));
  expect(both.map(({ code, stderr }) => [code, stderr])).toEqual([
    [0, ''],
    [0, ''],
  ]);
  expect(readdirSync(backup).toSorted()).toEqual([
    'admin-token',
    'ca-key.pem',
    'ca.pem',
    'manifest.json',
    'scheduler-jobs.db',
    'scheduler.db',
  ]);
  for (const name of readdirSync(backup)) expect(statSync(path.join(backup, name)).mode & 0o777).toBe(0o600);
  expect(readdirSync(folder).filter((name) => name.startsWith('backup-copies'))).toEqual([]);
  expect((await lab().run(['audit', ...onHost])).stdout).toContain('pool.backup');
  expect(await lab().run(['restore', backup, '--data-dir', folder])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('a scheduler uses the data folder') as string,
  });

  await scheduler.end();
  rmSync(folder, { recursive: true });
  const restored = await lab().run(['restore', backup, '--data-dir', folder]);
  expect([restored.code, restored.stderr]).toEqual([0, '']);
  expect(readdirSync(folder).toSorted()).toEqual(['admin-token', 'ca-key.pem', 'ca.pem', 'scheduler-jobs.db', 'scheduler.db']);
  writeFileSync(path.join(folder, 'config.toml'), `[server]\nport = ${String(port)}\n${HEALTH}`);
  const again = lab().start(['scheduler', '--data-dir', folder, '--host', '0.0.0.0']);
  expect(await again.line('scheduler_listening')).toMatchObject({ pin, port });
  await until('the node to reconnect', async () => {
    const { stdout } = await lab().run(['members', '--json', ...onHost]);
    return stdout !== '' && (JSON.parse(stdout) as { members: { connected: boolean }[] }).members[0]?.connected;
  });
  expect(JSON.parse((await lab().run(['jobs', jobId, '--json', ...asProgram])).stdout)).toMatchObject({
    job_id: jobId,
    status: 'cancelled',
  });
});

describe('stopped pool', () => {
  /** Each test gets copies of a pool and of its backup, which are made once. */
  let template: MusterLab;
  let folder: string;
  let backup: string;
  beforeAll(async () => {
    template = new MusterLab();
    const pool = template.dataDir('host', '[server]\nport = 0\n', { models: false });
    const scheduler = template.start(['scheduler', '--data-dir', pool]);
    await scheduler.url();
    await scheduler.end();
    expect((await template.run(['backup', path.join(template.folder, 'backup'), '--data-dir', pool])).code).toBe(0);
  });
  afterAll(() => template.close());
  beforeEach(() => {
    [folder, backup] = [path.join(lab().folder, 'host'), path.join(lab().folder, 'backup')];
    for (const name of ['host', 'backup']) cpSync(path.join(template.folder, name), path.join(lab().folder, name), { recursive: true });
  });

  const stateOf = (at: string) =>
    existsSync(at)
      ? readdirSync(at)
          .toSorted()
          .map((name) => [name, statSync(path.join(at, name)).isFile() ? readFileSync(path.join(at, name), 'hex') : null])
      : null;

  const rewriteManifest = (change: (manifest: Record<string, unknown>) => void): void => {
    const file = path.join(backup, 'manifest.json');
    const manifest = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
    change(manifest);
    writeFileSync(file, JSON.stringify(manifest));
  };

  test.each<readonly [string, string, () => void]>([
    ['changed file', 'admin-token is missing or was changed', () => appendFileSync(path.join(backup, 'admin-token'), 'x')],
    ['missing file', 'scheduler-jobs.db is missing or was changed', () => rmSync(path.join(backup, 'scheduler-jobs.db'))],
    ['changed database', 'scheduler.db is missing or was changed', () => appendFileSync(path.join(backup, 'scheduler.db'), 'x')],
    [
      'link instead of a file',
      'admin-token is missing or was changed',
      () => {
        rmSync(path.join(backup, 'admin-token'));
        symlinkSync(path.join(folder, 'admin-token'), path.join(backup, 'admin-token'));
      },
    ],
    ['no manifest', 'has no backup of Muster', () => rmSync(path.join(backup, 'manifest.json'))],
    ['manifest that is no JSON', 'manifest.json is missing or was changed', () => writeFileSync(path.join(backup, 'manifest.json'), '{')],
    [
      'path in the manifest',
      'manifest.json is missing',
      () => rewriteManifest((each) => (each['files'] = [{ name: '../x', bytes: 0, sha256: '' }])),
    ],
    ['newer format', 'a newer version of Muster', () => rewriteManifest((each) => (each['format'] = 2))],
  ])('%s -> refused, nothing changed', async (_name, text, damage) => {
    damage();
    const before = stateOf(folder);
    const target = path.join(lab().folder, 'target');
    for (const at of [folder, target]) {
      const { code, stderr } = await lab().run(['restore', backup, '--data-dir', at, '--force']);
      expect([code, stderr]).toEqual([1, expect.stringContaining(text)]);
    }
    expect([stateOf(folder), existsSync(target)]).toEqual([before, false]);
  });

  test('database of a newer version -> refused, nothing changed', async () => {
    const file = path.join(folder, 'scheduler.db');
    const database = new DatabaseSync(file);
    database.exec('PRAGMA user_version = 999;');
    database.close();
    const newer = path.join(lab().folder, 'newer');
    expect((await lab().run(['backup', newer, '--data-dir', folder])).code).toBe(0);
    const { code, stderr } = await lab().run(['restore', newer, '--data-dir', path.join(lab().folder, 'target')]);
    expect([code, stderr]).toEqual([1, expect.stringContaining('a newer version of Muster')]);
  });

  test('pool in the data folder -> refused; with --force replaced, its files kept beside', async () => {
    writeFileSync(path.join(folder, 'admin-token'), 'another-owner-key-of-the-test\n', { mode: 0o600 });
    const before = stateOf(folder);
    const refused = await lab().run(['restore', backup, '--data-dir', folder], { LANG: 'zh_CN.UTF-8' });
    expect([refused.code, refused.stderr, stateOf(folder)]).toEqual([1, expect.stringContaining('已有算力池'), before]);
    const { code, stderr } = await lab().run(['restore', backup, '--data-dir', folder, '--force']);
    expect(code).toBe(0);
    expect(readFileSync(path.join(folder, 'admin-token'), 'utf8')).toBe(readFileSync(path.join(backup, 'admin-token'), 'utf8'));
    const kept = /are in (.*)/.exec(stderr)?.[1] ?? '';
    expect(readFileSync(path.join(kept, 'admin-token'), 'utf8')).toBe('another-owner-key-of-the-test\n');
    expect(lines(readFileSync(path.join(folder, 'config.toml'), 'utf8'))).toEqual(['[server]', 'port = 0']);
  });

  test('backup: folder that is not empty, folder without a pool -> refused', async () => {
    expect(await lab().run(['backup', backup, '--data-dir', folder])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('is not empty') as string,
    });
    const none = path.join(lab().folder, 'none');
    mkdirSync(none);
    expect(await lab().run(['backup', path.join(lab().folder, 'b'), '--data-dir', none])).toMatchObject({ code: 1 });
    expect(readdirSync(none)).toEqual([]);
  });

  test('scheduler of another data folder at the address -> refused', async () => {
    const other = lab().dataDir('other', '[server]\nport = 0\n', { models: false });
    const [running, wrong] = [lab().start(['scheduler', '--data-dir', folder]), lab().start(['scheduler', '--data-dir', other])];
    await running.url();
    const { code, stderr } = await lab().run(['backup', path.join(lab().folder, 'b'), '--data-dir', folder, '--url', await wrong.url()]);
    expect([code, stderr]).toEqual([1, expect.stringContaining('another data folder')]);
    expect(existsSync(path.join(lab().folder, 'b'))).toBe(false);
  });

  test('certificate files are links, as certbot installs them -> their targets are in the backup; links elsewhere are refused', async () => {
    const archive = path.join(lab().folder, 'archive');
    const live = path.join(lab().folder, 'live');
    for (const each of [archive, live]) mkdirSync(each);
    for (const name of ['fullchain', 'privkey']) {
      writeFileSync(path.join(archive, `${name}1.pem`), `the ${name}`);
      symlinkSync(path.join('..', 'archive', `${name}1.pem`), path.join(live, `${name}.pem`));
    }
    const [cert, key] = [path.join(live, 'fullchain.pem'), path.join(live, 'privkey.pem')];
    writeFileSync(
      path.join(folder, 'config.toml'),
      `[server]\nport = 0\nhost = "0.0.0.0"\ntls_cert_file = ${JSON.stringify(cert)}\ntls_key_file = ${JSON.stringify(key)}\n`,
    );
    const made = path.join(lab().folder, 'with-certificate');
    const { code, stderr } = await lab().run(['backup', made, '--data-dir', folder]);
    expect([code, stderr]).toEqual([0, '']);
    expect(readFileSync(path.join(made, 'server-cert.pem'), 'utf8')).toBe('the fullchain');
    expect(readFileSync(path.join(made, 'server-key.pem'), 'utf8')).toBe('the privkey');

    const token = path.join(folder, 'admin-token');
    rmSync(token);
    symlinkSync(path.join(backup, 'admin-token'), token);
    const refused = await lab().run(['backup', path.join(lab().folder, 'refused'), '--data-dir', folder]);
    expect([refused.code, existsSync(path.join(lab().folder, 'refused'))]).toEqual([1, false]);
  });

  test('copied folder of a backup -> restored', async () => {
    const moved = path.join(lab().folder, 'moved');
    cpSync(backup, moved, { recursive: true });
    expect((await lab().run(['restore', moved, '--data-dir', path.join(lab().folder, 'target')])).code).toBe(0);
  });
});

test('manifest: the files of a pool, once each, with the required ones', () => {
  const file = (name: string) => ({ name, bytes: 1, sha256: 'a'.repeat(64) });
  const parsed = (names: readonly string[]) => parseManifest(toManifest('1.0.0', 'now', names.map(file) as never));
  expect(parsed(['scheduler.db', 'admin-token']).ok).toBe(true);
  for (const names of [
    [],
    ['scheduler.db'],
    ['scheduler.db', 'admin-token', 'admin-token'],
    ['scheduler.db', 'admin-token', 'config.toml'],
  ])
    expect(parsed(names)).toEqual({ ok: false, error: 'damaged' });
});
