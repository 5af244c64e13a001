// The login item of this system, for the program as it was started.
import path from 'node:path';
import type { App } from 'electron';
import type { Logger } from '../platform/logger';
import { appImageOf } from '../updates/core/update-support';
import type { DesktopFlags } from './desktop-flags';
import { AutostartFile } from './login-item';

export interface LoginItem {
  /** `isNew`: the user has just changed the setting. */
  apply(isOn: boolean, isNew: boolean): void;
}

export interface LoginStartOptions {
  readonly app: Pick<App, 'isPackaged' | 'getAppPath' | 'setLoginItemSettings'>;
  readonly platform: NodeJS.Platform;
  readonly env: NodeJS.ProcessEnv;
  readonly execPath: string;
  readonly home: string;
  readonly flags: DesktopFlags;
  readonly stateDir: string;
  readonly logger: Logger;
}

export function loginItem({ app, platform, env, execPath, home, flags, stateDir, logger }: LoginStartOptions): LoginItem {
  const args = [
    // An unpacked app is an argument of Electron.
    ...(app.isPackaged ? [] : [app.getAppPath()]),
    ...(flags.dataDir === null ? [] : ['--data-dir', path.resolve(flags.dataDir)]),
    ...(flags.configFile === null ? [] : ['--config', path.resolve(flags.configFile)]),
    '--background',
  ];
  if (platform === 'linux') {
    const { XDG_CONFIG_HOME: config = '', APPIMAGE: appImage = null, APPDIR: appDir = null } = env;
    const folder = path.join(path.isAbsolute(config) ? config : path.join(home, '.config'), 'autostart');
    // An AppImage runs from a folder that is gone after its end.
    const program = appImageOf({ appImage, appDir, execPath }) ?? execPath;
    return new AutostartFile({ folder, command: [program, ...args], stateFolder: path.resolve(stateDir), logger });
  }
  return {
    apply: (isOn, isNew) => {
      // Off is the state of a system that was never asked.
      if (!isOn && !isNew) return;
      app.setLoginItemSettings(platform === 'win32' ? { openAtLogin: isOn, ...windowsCommand(execPath, args) } : { openAtLogin: isOn });
    },
  };
}

/** Electron joins the parts with spaces, and writes them into the registry as they are (electron/electron#32657). */
function windowsCommand(execPath: string, args: readonly string[]): { readonly path: string; readonly args: string[] } {
  const quoted = (part: string): string => (/\s/.test(part) ? `"${part.replace(/\\+$/, '$&$&')}"` : part);
  return { path: quoted(execPath), args: args.map(quoted) };
}
