import { expect, test } from 'vitest';
import { appImageOf, type Installation, updateFormatOf } from '../../../../src/main/updates/core/update-support';

const DEB: Installation = {
  platform: 'linux',
  isPackaged: true,
  packageType: 'deb',
  appImage: null,
  appDir: null,
  execPath: '/opt/Muster/muster-desktop',
};
const APP_IMAGE: Installation = {
  ...DEB,
  packageType: null,
  appImage: '/home/ming/Muster.AppImage',
  appDir: '/tmp/.mount_Muster1',
  execPath: '/tmp/.mount_Muster1/muster-desktop',
};

const CASES: readonly (readonly [name: string, installation: Installation, expected: string])[] = [
  ['deb', DEB, 'deb'],
  ['AppImage', APP_IMAGE, 'appimage'],
  ['Windows', { ...DEB, platform: 'windows', packageType: null }, 'nsis'],
  ['macOS', { ...DEB, platform: 'macos', packageType: null }, 'macos'],
  ['rpm', { ...DEB, packageType: 'rpm' }, 'package_manager'],
  ['pacman', { ...DEB, packageType: 'pacman' }, 'package_manager'],
  ['unknown package', { ...DEB, packageType: 'flatpak' }, 'package_manager'],
  ['tar.gz', { ...DEB, packageType: null }, 'archive'],
  ['source code', { ...DEB, isPackaged: false, packageType: null }, 'unpacked'],
  ['source code on Windows', { ...DEB, platform: 'windows', isPackaged: false, packageType: null }, 'unpacked'],
  ['deb that a program in an AppImage started', { ...DEB, appImage: '/home/ming/Editor.AppImage', appDir: '/tmp/.mount_Editor' }, 'deb'],
  ['tar.gz that a program in an AppImage started', { ...APP_IMAGE, execPath: '/home/ming/muster/muster-desktop' }, 'archive'],
  ['mount with a similar name', { ...APP_IMAGE, execPath: '/tmp/.mount_Muster12/muster-desktop' }, 'archive'],
  ['empty AppImage', { ...APP_IMAGE, appImage: '' }, 'archive'],
  ['empty mount', { ...APP_IMAGE, appDir: '' }, 'archive'],
  ['relative AppImage', { ...APP_IMAGE, appImage: 'Muster.AppImage' }, 'archive'],
  ['AppImage variables on Windows', { ...APP_IMAGE, platform: 'windows' }, 'nsis'],
];

test.each(CASES)('format: %s', (_name, installation, expected) => {
  const format = updateFormatOf(installation);
  expect(format.ok ? format.value : format.error).toBe(expected);
});

test('AppImage: its file; for a program outside of its mounted folder, none', () => {
  expect(appImageOf(APP_IMAGE)).toBe('/home/ming/Muster.AppImage');
  for (const other of [DEB, { ...APP_IMAGE, execPath: '/opt/Muster/muster-desktop' }, { ...APP_IMAGE, appImage: '' }])
    expect(appImageOf(other)).toBeNull();
});
