import { describe, expect, test } from 'vitest';
import { debCommand, debFailure, nsisCommand } from '../../../../src/main/updates/core/install-command';

const DEB = "/home/ming/.cache/muster-updater/pending/it's a $(deb).deb";

describe('command', () => {
  test('deb: a person -> the command line of the package through the password dialog; root -> the same. Each path stays one argument', () => {
    const files = { metadata: `${DEB}.yml`, signature: `${DEB}.yml.sig`, package: DEB };
    const args = ['install-update', `${DEB}.yml`, `${DEB}.yml.sig`, DEB];
    expect(debCommand('/opt/Muster/cli/muster', files, false)).toEqual({
      program: '/usr/bin/pkexec',
      args: ['--disable-internal-agent', '/opt/Muster/cli/muster', ...args],
    });
    expect(debCommand('/opt/Muster/cli/muster', files, true)).toEqual({ program: '/opt/Muster/cli/muster', args });
  });

  // The arguments that NsisUpdater.doInstall of electron-updater 6 passes, and that the NSIS script of electron-builder 26 reads.
  test('Windows: silent, and starts the new version', () => {
    const file = 'C:\\Users\\Ming Li\\AppData\\Local\\muster-updater\\pending\\Muster-Setup-0.2.0.exe';
    expect(nsisCommand(file)).toEqual({ program: file, args: ['--updated', '/S', '--force-run'] });
  });
});

describe('failure of a deb', () => {
  test.each<[string, number | null, string, string | null]>([
    ['installed', 0, 'dpkg: warning: files list file for package muster missing\n', null],
    ['dialog dismissed (pkexec)', 126, 'Error executing command as another user: Request dismissed\n', 'the password was not given'],
    ['no agent for the dialog (pkexec)', 127, '', 'nothing asked for the password'],
    [
      'damaged package',
      1,
      'dpkg: warning: old\ndpkg: error processing archive muster.deb (--install):\n cannot copy extracted data\nErrors were encountered\n\n',
      'dpkg ended with code 1: dpkg: error processing archive muster.deb (--install): cannot copy extracted data Errors were encountered',
    ],
    [
      'refused by install-update',
      86,
      'warning\nmuster install-update: Version 0.1.0 is not newer than the installed version 0.1.0.\n',
      'Version 0.1.0 is not newer than the installed version 0.1.0.',
    ],
    ['code of a refusal without its sentence', 86, 'dpkg: error: x', 'dpkg ended with code 86: dpkg: error: x'],
    ['killed', null, '', 'dpkg ended with code null: '],
    ['long output', 2, 'x'.repeat(1000), `dpkg ended with code 2: ${'x'.repeat(176)}`],
  ])('%s', (_name, code, stderr, reason) => {
    expect(debFailure(code, stderr)).toBe(reason);
  });
});
