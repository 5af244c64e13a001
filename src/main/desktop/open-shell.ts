// Opens the shell around the window after the first page: the code of the shell is loaded then.
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
  const [{ DesktopShell }, { loginItem }, { watchShutdown }] = await Promise.all([
    import('./desktop-shell'),
    import('./login-start'),
    import('./shutdown'),
  ]);
  if (isQuitting()) return () => undefined;
  watchShutdown(main.window, logger, forShutdown);
  const shell = new DesktopShell({ ...options, loginItem: loginItem(flags, paths, logger), clock: systemClock });
  return () => {
    shell.close();
  };
}
