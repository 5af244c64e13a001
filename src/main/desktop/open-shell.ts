// Opens the shell around the window after the first page: the code of the shell is loaded then.
import { homedir } from 'node:os';
import { app, powerMonitor } from 'electron';
import { systemClock } from '../platform/clock';
import type { MusterPaths } from '../platform/paths';
import type { DesktopFlags } from './desktop-flags';
import type { DesktopShellOptions } from './desktop-shell';

export interface OpenShellOptions extends Omit<DesktopShellOptions, 'loginItem' | 'clock'> {
  readonly flags: DesktopFlags;
  readonly paths: MusterPaths;
  /** The system shuts down. */
  readonly forShutdown: () => void;
}

/** Returns the function that closes the shell. */
export async function openShell({ flags, paths, forShutdown, ...options }: OpenShellOptions): Promise<() => void> {
  const { main, logger, isQuitting } = options;
  const [{ DesktopShell }, { loginItem }, { watchShutdown }, { LogindSleep }] = await Promise.all([
    import('./desktop-shell'),
    import('./login-start'),
    import('./shutdown'),
    import('../system-events/logind-sleep'),
  ]);
  if (isQuitting()) return () => undefined;
  const { platform, env, execPath } = process;
  const logind = new LogindSleep({ clock: systemClock, logger, delays: 'shutdown' });
  watchShutdown({ platform, window: main.window, powerMonitor, logind, quit: forShutdown });
  const item = loginItem({ app, platform, env, execPath, home: homedir(), flags, stateDir: paths.stateDir, logger });
  const shell = new DesktopShell({ ...options, loginItem: item, clock: systemClock });
  return () => {
    shell.close();
  };
}
