// The scripts of the Linux packages in a real shell: with these accounts, and with programs that only record how they were called.
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { projectRoot } from '../../../../scripts/paths.mjs';
import { findProgram } from '../../../../scripts/requirements.mjs';

const OWN = ['muster:x:990:990::/var/lib/muster:/usr/sbin/nologin', 'muster-agent:x:991:991::/var/lib/muster-agent:/usr/sbin/nologin'];
const PERSON = 'muster:x:1000:1000:Muster Mann:/home/muster:/bin/bash';
const GROUPS = ['muster:x:990:', 'muster-agent:x:991:'];
const RECORDED = ['rm', 'userdel', 'groupdel', 'chmod', 'chown', 'systemd-sysusers'];

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'muster-maintainer-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const program = (name: string, lines: string): void => {
  writeFileSync(path.join(folder, name), `#!/bin/sh\n${lines}\n`);
  chmodSync(path.join(folder, name), 0o755);
};

/** What the script called, and how it ended. */
function run(script: string, args: readonly string[], accounts: readonly string[], groups: readonly string[] = GROUPS) {
  const calls = path.join(folder, 'calls');
  writeFileSync(calls, '');
  writeFileSync(path.join(folder, 'passwd.txt'), accounts.map((line) => `${line}\n`).join(''));
  writeFileSync(path.join(folder, 'group.txt'), groups.map((line) => `${line}\n`).join(''));
  for (const name of ['cat', 'cut', 'grep', 'sed']) symlinkSync(findProgram(name) ?? '', path.join(folder, name));
  program('getent', `grep "^$2:" '${folder}'/"$1".txt || exit 2`);
  program('systemctl', ':');
  for (const name of RECORDED) program(name, `echo "${name} $*" >>'${calls}'`);
  const file = path.join(projectRoot, 'build/linux', script);
  const { status, stderr } = spawnSync('/bin/sh', [file, ...args], { env: { PATH: folder }, encoding: 'utf8' });
  return { status, stderr, calls: readFileSync(calls, 'utf8').split('\n').filter(Boolean) };
}

describe('purge', () => {
  const purge = (accounts: readonly string[], groups?: readonly string[]) => run('after-remove.sh', ['purge'], accounts, groups);
  const [agent = ''] = OWN.slice(1);
  const AGENT_CALLS = ['rm -rf /var/lib/muster-agent', 'userdel muster-agent', 'groupdel muster-agent'];

  test('accounts of the package -> data, accounts and groups deleted', () => {
    expect(purge(OWN)).toEqual({
      status: 0,
      stderr: '',
      calls: ['rm -rf /var/lib/muster', 'userdel muster', 'groupdel muster', ...AGENT_CALLS],
    });
  });

  test.each([
    ['of a person', PERSON],
    ['of a person whose home has the name of the data', 'muster:x:1000:1000::/var/lib/muster:/bin/bash'],
    ['of another service', 'muster:x:990:990::/srv/muster:/usr/sbin/nologin'],
    ['of a directory service', 'muster:*:70001:70001::/home/muster:/bin/bash'],
    ['of the administrator', 'muster:x:0:0::/var/lib/muster:/bin/sh'],
  ])('account %s -> it stays with its group and its files; those of the package are deleted', (_title, other) => {
    expect(purge([other, agent])).toEqual({ status: 0, stderr: '', calls: AGENT_CALLS });
  });

  test('group of people with the name of an account of the package -> stays', () => {
    expect(purge(OWN, ['muster:x:1001:ada,ben']).calls).not.toContain('groupdel muster');
  });

  test('accounts are gone -> only data deleted', () => {
    expect(purge([], []).calls).toEqual(['rm -rf /var/lib/muster', 'rm -rf /var/lib/muster-agent']);
  });

  test('removal -> all of it stays', () => {
    expect(run('after-remove.sh', ['remove'], OWN).calls).toEqual([]);
  });
});

describe('installation', () => {
  const install = (accounts: readonly string[]) => run('after-install.sh', ['configure', ''], accounts);

  test.each([
    ['none yet', []],
    ['those of an earlier version', OWN],
  ])('accounts: %s -> made by systemd-sysusers', (_title, accounts) => {
    const { status, calls } = install(accounts);
    expect(status).toBe(0);
    expect(calls).toContain('systemd-sysusers muster.conf');
  });

  test.each([
    ['muster', PERSON],
    ['muster-agent', 'muster-agent:x:1002:1002::/home/muster-agent:/bin/bash'],
    ['muster', 'muster:x:990:990::/srv/muster:/usr/sbin/nologin'],
  ])('account %s belongs to somebody else: %s -> stops, and says which account', (name, account) => {
    const { status, stderr, calls } = install([account]);
    expect(status).toBe(1);
    expect(stderr).toContain(`the account "${name}" is not one of Muster`);
    expect(calls).toEqual([]);
  });
});
