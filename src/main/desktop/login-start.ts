// The login item of this system, for the program as it was started.
import { homedir } from 'node:os';
import path from 'node:path';
import { app } from 'electron';
import type { Logger } from '../platform/logger';
import type { MusterPaths } from '../platform/paths';
import { appImageOf } from '../updates/core/update-support';
import type { DesktopFlags } from './desktop-flags';
import { AutostartFile } from './login-item';

export interface LoginItem {
  /** `isNew`: the user has just changed the setting. */
  apply(isOn: boolean, isNew: boolean): void;
}

export function loginItem(flags: DesktopFlags, paths: MusterPaths, logger: Logger): LoginItem {
  const args = [
    // An unpacked app is an argument of Electron.
    ...(app.isPackaged ? [] : [app.getAppPath()]),
    ...(flags.dataDir === null ? [] : ['--data-dir', path.resolve(flags.dataDir)]),
    ...(flags.configFile === null ? [] : ['--config', path.resolve(flags.configFile)]),
    '--background',
  ];
  if (process.platform === 'linux') {
    const { XDG_CONFIG_HOME: config = '', APPIMAGE: appImage = null, APPDIR: appDir = null } = process.env;
    const folder = path.join(path.isAbsolute(config) ? config : path.join(homedir(), '.config'), 'autostart');
    // An AppImage runs from a folder that is gone after its end.
    const program = appImageOf({ appImage, appDir, execPath: process.execPath }) ?? process.execPath;
    return new AutostartFile({ folder, command: [program, ...args], stateFolder: path.resolve(paths.stateDir), logger });
  }
  return {
    apply: (isOn, isNew) => {
      // Off is the state of a system that was never asked.
      if (isOn || isNew) app.setLoginItemSettings({ openAtLogin: isOn, path: process.execPath, args });
    },
  };
}
