import { expect, test } from 'vitest';
import { type BuildSystem, planPackages, TARGET_NAMES } from '../../../../scripts/packages/plan.mjs';

const debian: BuildSystem = { platform: 'linux', hasProgram: () => true, electron: 'stand-in', hasAppImageTools: false };

test('packages: Linux with all tools, GitHub out of reach -> all of Linux but the AppImage; the others with their reason', () => {
  expect(planPackages(debian)).toEqual({
    build: ['dir', 'deb', 'rpm', 'pacman', 'tar.gz'],
    refused: [
      { target: 'AppImage', reason: 'needs the AppImage runtime, from GitHub or in the folder that APPIMAGE_TOOLS_PATH names' },
      { target: 'nsis', reason: 'needs Windows: its Electron, its tools and its signature' },
      { target: 'dmg', reason: 'needs macOS: its Electron, its tools and its signature' },
      { target: 'zip', reason: 'needs macOS: its Electron, its tools and its signature' },
    ],
  });
});

test.each([
  ['the official Electron', { electron: 'official' }],
  ['a folder with the runtime', { hasAppImageTools: true }],
] as const)('packages: AppImage with %s -> built', (_what, change) => {
  expect(planPackages({ ...debian, ...change }, ['AppImage'])).toEqual({ build: ['AppImage'], refused: [] });
});

test('packages: rpmbuild is missing -> no rpm, with the command that installs it', () => {
  const system: BuildSystem = { ...debian, hasProgram: (name) => name !== 'rpmbuild' };
  expect(planPackages(system, ['deb', 'rpm'])).toEqual({
    build: ['deb'],
    refused: [{ target: 'rpm', reason: 'needs rpmbuild. Fix: apt-get install rpm' }],
  });
});

test.each([
  ['win32', ['nsis']],
  ['darwin', ['dmg', 'zip']],
  ['freebsd', []],
] as const)('packages: %s -> %s', (platform, build) => {
  const plan = planPackages({ ...debian, platform, electron: 'official' });
  expect(plan.build).toEqual(build);
  expect(plan.refused).toHaveLength(TARGET_NAMES.length - build.length);
});
