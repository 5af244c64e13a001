// The login item on each system. Windows and macOS were never run: the tests compare what Electron gets.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { loginItem, type LoginStartOptions } from '../../../src/main/desktop/login-start';

let folder = '';
let settings: object[] = [];
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'muster-login-'));
  settings = [];
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const item = (change: Partial<LoginStartOptions> = {}, isPackaged = true) =>
  loginItem({
    app: { isPackaged, getAppPath: () => '/src/muster', setLoginItemSettings: (one) => void settings.push(one) },
    platform: 'linux',
    env: {},
    execPath: '/opt/Muster/muster-desktop',
    home: folder,
    flags: { dataDir: null, configFile: null, simulateGpu: null, background: false },
    stateDir: '/state',
    logger: { log: () => undefined, isEnabled: () => false },
    ...change,
  });

describe('Windows', () => {
  const execPath = 'C:\\Users\\Ming Li\\AppData\\Local\\Programs\\muster\\Muster.exe';
  const windows = (change: Partial<LoginStartOptions> = {}) => item({ platform: 'win32', execPath, ...change });

  test('on -> a command whose parts with spaces are quoted', () => {
    windows().apply(true, true);
    expect(settings).toEqual([{ openAtLogin: true, path: `"${execPath}"`, args: ['--background'] }]);
  });

  test('own folder and configuration -> a part of the command', () => {
    const flags = { dataDir: '/data folder\\', configFile: '/etc/muster.toml', simulateGpu: null, background: false };
    windows({ flags, execPath: 'D:\\Muster.exe' }).apply(true, false);
    expect(settings).toEqual([
      {
        openAtLogin: true,
        path: 'D:\\Muster.exe',
        args: ['--data-dir', '"/data folder\\\\"', '--config', '/etc/muster.toml', '--background'],
      },
    ]);
  });

  test('never asked -> nothing is changed; turned off by the user -> removed', () => {
    windows().apply(false, false);
    expect(settings).toEqual([]);
    windows().apply(false, true);
    expect(settings).toEqual([{ openAtLogin: false, path: `"${execPath}"`, args: ['--background'] }]);
  });
});

// macOS reads neither a path nor arguments.
test('macOS: on and off', () => {
  item({ platform: 'darwin' }).apply(true, true);
  item({ platform: 'darwin' }).apply(false, true);
  expect(settings).toEqual([{ openAtLogin: true }, { openAtLogin: false }]);
});

describe('Linux', () => {
  const execOf = (config: string) =>
    /^Exec=(.*)$/m.exec(readFileSync(path.join(config, 'autostart', 'app.muster.desktop.desktop'), 'utf8'))?.[1];

  test('installed -> file in ~/.config', () => {
    item().apply(true, true);
    expect(execOf(path.join(folder, '.config'))).toBe('/opt/Muster/muster-desktop --background');
    expect(settings).toEqual([]);
  });

  test('AppImage -> its file, not the folder where it is mounted; unpacked -> the app is an argument', () => {
    const env = { APPIMAGE: '/home/kai/Muster.AppImage', APPDIR: '/tmp/.mount_1' };
    item({ env, execPath: '/tmp/.mount_1/muster-desktop' }).apply(true, true);
    expect(execOf(path.join(folder, '.config'))).toBe('/home/kai/Muster.AppImage --background');
    item({}, false).apply(true, true);
    expect(execOf(path.join(folder, '.config'))).toBe('/opt/Muster/muster-desktop /src/muster --background');
  });

  test.each<[string, NodeJS.ProcessEnv]>([
    ['of a program that started this one', { APPIMAGE: '/home/kai/Editor.AppImage', APPDIR: '/tmp/.mount_Editor' }],
    ['empty', { APPIMAGE: '', APPDIR: '' }],
    ['without a mounted folder', { APPIMAGE: '/home/kai/Editor.AppImage' }],
  ])('variables of an AppImage: %s -> the own program', (_title, env) => {
    item({ env }).apply(true, true);
    expect(execOf(path.join(folder, '.config'))).toBe('/opt/Muster/muster-desktop --background');
  });

  test('XDG_CONFIG_HOME -> there; a relative one is ignored, as the specification says', () => {
    const config = path.join(folder, 'config');
    item({ env: { XDG_CONFIG_HOME: config } }).apply(true, true);
    expect(execOf(config)).toBe('/opt/Muster/muster-desktop --background');
    item({ env: { XDG_CONFIG_HOME: 'config' } }).apply(true, true);
    expect(existsSync(path.join(folder, '.config', 'autostart'))).toBe(true);
  });
});
