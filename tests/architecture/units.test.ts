// The units of systemd and the users that packages install. tests/packages/services.test.ts boots them (`npm run test:packages`).
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EXIT } from '../../src/main/cli/exit-code';
import { COMMANDS } from '../../src/main/cli/commands';
import { COMMON_OPTIONS } from '../../src/main/cli/common-options';
import { requireProgram, skipNote } from '../support/requirements';

const folder = path.join(import.meta.dirname, '../../build/linux');
const UNITS = ['muster-scheduler.service', 'muster-agent.service', 'muster-agent.user.service'] as const;
const SYSTEM_UNITS = UNITS.filter((name) => !name.includes('.user.'));
const textOf = (name: string): string => readFileSync(path.join(folder, name), 'utf8');
const valuesOf = (name: string, key: string): readonly string[] =>
  [...textOf(name).matchAll(new RegExp(`^${key}=(.*)$`, 'gm'))].map(([, value = '']) => value);

describe('units', () => {
  test.each(UNITS)('%s: its command is one of the command line', (name) => {
    const [program, command, ...options] = (valuesOf(name, 'ExecStart')[0] ?? '').split(' ');
    const found = COMMANDS.find((candidate) => candidate.name === command);
    const known = Object.keys({ ...found?.options, ...COMMON_OPTIONS }).map((option) => `--${option}`);
    expect(program).toBe('/usr/bin/muster');
    expect(options.filter((word) => word.startsWith('--') && !known.includes(word))).toEqual([]);
  });

  test.each(UNITS)('%s: reports its state; is restarted after a fault, not after a refusal', (name) => {
    expect([valuesOf(name, 'Type'), valuesOf(name, 'NotifyAccess')]).toEqual([['notify'], ['all']]);
    expect(valuesOf(name, 'Restart')).toEqual(['on-failure']);
    const agentOnly = name.includes('agent') ? [EXIT.refused] : [];
    expect(valuesOf(name, 'RestartPreventExitStatus')).toEqual([[EXIT.usage, EXIT.configInvalid, ...agentOnly].join(' ')]);
    // A daemon stops within 12 seconds, and its children stop with it.
    expect(Number(valuesOf(name, 'TimeoutStopSec')[0])).toBeGreaterThan(12);
    expect(valuesOf(name, 'KillMode')).toEqual(['mixed']);
  });

  test('users: one for each system unit, with the data folder of the unit', () => {
    const users = [...textOf('muster.sysusers.conf').matchAll(/^u (\S+) - "[^"]+" (\S+)$/gm)].map(([, user, home]) => [user, home]);
    const expected = SYSTEM_UNITS.map((name) => [valuesOf(name, 'User')[0], `/var/lib/${valuesOf(name, 'StateDirectory')[0] ?? ''}`]);
    expect(users).toEqual(expected);
    for (const name of SYSTEM_UNITS)
      expect(valuesOf(name, 'ExecStart')[0]).toContain(`--data-dir /var/lib/${valuesOf(name, 'StateDirectory')[0] ?? ''}`);
  });
});

/** The setting of a line of `systemd-analyze security`: `PrivateTmp=`, `AF_UNIX` or `@resources`. */
const settingOf = (line: string): string => /^\w+=~(.+)$/.exec(line)?.[1]?.replace('(INET|INET6)', 'INET') ?? line.replace(/\/.*$/, '');

const analyze = requireProgram('systemd-analyze', 'systemd');

describe.skipIf(analyze.missing !== undefined)(`units by systemd-analyze${skipNote(analyze)}`, () => {
  let work: string;
  beforeAll(() => {
    work = mkdtempSync(path.join(tmpdir(), 'muster-units-'));
    // The command must exist.
    for (const name of UNITS) writeFileSync(path.join(work, name), textOf(name).replace('/usr/bin/muster', '/bin/true'));
  });
  afterAll(() => {
    rmSync(work, { recursive: true, force: true });
  });

  const run = (...args: readonly string[]) => {
    const { status, stdout, stderr } = spawnSync('systemd-analyze', args, {
      encoding: 'utf8',
      env: { ...process.env, XDG_RUNTIME_DIR: work },
    });
    return { status, stdout, stderr };
  };

  test.each(UNITS)('verify %s -> no warning', (name) => {
    const scope = name.includes('.user.') ? ['--user'] : [];
    const { status, stderr } = run('verify', '--man=no', ...scope, path.join(work, name));
    // The service manager of this machine may warn of other units.
    expect([status, stderr.split('\n').filter((line) => line.includes('muster'))]).toEqual([0, []]);
  });

  test('verify: misspelt setting -> a warning', () => {
    const file = path.join(work, 'muster-broken.service');
    writeFileSync(file, textOf('muster-scheduler.service').replace('/usr/bin/muster', '/bin/true').replace('PrivateTmp=', 'PrivateTemp='));
    expect(run('verify', '--man=no', file).stderr).toContain('PrivateTemp');
  });

  test.each(SYSTEM_UNITS)('security %s -> at most 2.0', (name) => {
    // The threshold is in tenths.
    const { status, stdout } = run('security', '--offline=true', '--threshold=20', '--no-pager', path.join(work, name));
    expect([status, /exposure level for \S+: [\d.]+/.exec(stdout)?.[0]]).toEqual([0, expect.stringMatching(/: [012]\.\d$/)]);
  });

  test.each([
    ['muster-scheduler.service', 2],
    ['muster-agent.service', 3],
  ] as const)('security %s: docs/services.md has a row for everything that is open, and for nothing else', (name, column) => {
    const { stdout } = run('security', '--offline=true', '--json=short', '--no-pager', path.join(work, name));
    const open = (JSON.parse(stdout) as readonly { readonly set: boolean | null; readonly name: string }[])
      .filter(({ set }) => set === false)
      .map((line) => settingOf(line.name));
    const document = readFileSync(path.join(import.meta.dirname, '../../docs/services.md'), 'utf8');
    const rows = [...document.matchAll(/^\|.*\|$/gm)].map(([row]) => row.split('|').map((cell) => cell.trim()));
    const explained = rows
      .filter((cells) => cells[column + 1] === 'yes')
      .map((cells) => [...(cells[2] ?? '').matchAll(/`([^`]+)`/g)].map(([, setting = '']) => setting));
    expect(open.length).toBeGreaterThan(5);
    expect(open.filter((setting) => !explained.flat().includes(setting))).toEqual([]);
    expect(explained.filter((settings) => !settings.some((setting) => open.includes(setting)))).toEqual([]);
  });
});
