// The deb in a copy of this system without a desktop: what a removal keeps, and what a purge deletes. AppArmor is a stand-in that writes down
// how it is called, because the kernel of the test may have none.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { debOf, requireInstallation, VERSION } from '../support/packages/package-files';
import { inCopy, SystemCopy } from '../support/packages/system-copy';
import { skipNote } from '../support/requirements';

const { missing } = requireInstallation();

const PROFILE = '/etc/apparmor.d/muster-desktop';
/** Not in the system that is compared: /run is memory. */
const CALLS = '/run/apparmor.calls';
const FOLDERS = ['/var/lib/muster', '/var/lib/muster-agent'];

describe.skipIf(missing)(`purge of the deb${skipNote({ missing })}`, () => {
  let system: SystemCopy;
  let accounts: string;

  /** Every user and every group, with the members of the groups. */
  const allAccounts = (): string => system.run('getent', 'passwd') + system.run('getent', 'group');
  const calls = (): string => (system.exists(CALLS) ? system.read(CALLS) : '');

  beforeAll(async () => {
    system = await SystemCopy.open();
    for (const group of ['video', 'render']) system.run('groupadd', '--system', '--force', group);
    system.run('mkdir', '-p', '/etc/apparmor.d', '/usr/local/sbin');
    for (const name of ['apparmor_status', 'apparmor_parser']) {
      const script = `#!/bin/sh\necho "${name} $*" >>${CALLS}\n`;
      system.run('sh', '-c', 'printf %s "$2" >"$1" && chmod 755 "$1"', 'sh', `/usr/local/sbin/${name}`, script);
    }
    accounts = allAccounts();
  });
  afterAll(async () => {
    await system.close();
  });

  test('installation where AppArmor restricts programs -> profile of the app, loaded; users in the groups of GPUs', () => {
    system.run('dpkg', '-i', inCopy(debOf(VERSION)));
    expect(system.read(PROFILE)).toContain('/opt/Muster/muster-desktop');
    expect(calls()).toContain(`apparmor_parser --replace --write-cache --skip-read-cache ${PROFILE}\n`);
    expect(system.run('id', '-nG', 'muster-agent').trim().split(' ').toSorted()).toEqual(['muster-agent', 'render', 'video']);
  });

  test('removal -> profile unloaded and deleted; data, users and groups kept', () => {
    for (const folder of FOLDERS) {
      const user = folder.slice('/var/lib/'.length);
      system.run('install', '-d', '-o', user, '-g', user, '-m', '700', folder, `${folder}/models`);
      system.run('install', '-o', user, '-g', user, '/etc/hostname', `${folder}/models/model.gguf`);
    }
    system.run('dpkg', '-r', 'muster');
    expect(system.exists(PROFILE)).toBe(false);
    expect(calls()).toContain(`apparmor_parser --remove ${PROFILE}\n`);
    for (const folder of FOLDERS) expect(system.exists(`${folder}/models/model.gguf`), folder).toBe(true);
    expect(system.run('getent', 'group', 'muster', 'muster-agent').trim().split('\n')).toHaveLength(2);
  });

  test('purge -> no data, users, groups or members of groups are left', () => {
    system.run('dpkg', '--purge', 'muster');
    for (const folder of FOLDERS) expect(system.exists(folder), folder).toBe(false);
    expect(allAccounts()).toBe(accounts);
    expect(system.try(['dpkg', '-s', 'muster']).code).not.toBe(0);
  });
});
