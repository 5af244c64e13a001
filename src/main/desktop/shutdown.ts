// The system shuts down, or the session of the user ends: the app quits in order, and the system waits for it as long as it permits. A session
// of Linux that ends sends SIGTERM, which `quit.ts` handles.
import type { BrowserWindow } from 'electron';
import type { SleepSource } from '../system-events/sleep-source';

export interface ShutdownOptions {
  readonly platform: NodeJS.Platform;
  readonly window: Pick<BrowserWindow, 'on'>;
  /** Its types leave out the event of a shutdown, which its documentation describes. */
  readonly powerMonitor: Pick<NodeJS.EventEmitter, 'on'>;
  /** Linux: the signals of systemd-logind, and a lock that delays the shutdown. */
  readonly logind: SleepSource;
  /** Called once, also when the system repeats its announcement. */
  readonly quit: () => void;
}

/** Watch after the app is ready. */
export function watchShutdown({ platform, window, powerMonitor, logind, quit }: ShutdownOptions): void {
  let isAnnounced = false;
  const quitOnce = (): void => {
    if (isAnnounced) return;
    isAnnounced = true;
    quit();
  };
  /** The system waits for the end of this program. */
  const delay = (event: { readonly preventDefault: () => void }): void => {
    event.preventDefault();
    quitOnce();
  };
  if (platform === 'linux') {
    logind.watch((event) => {
      if (event !== 'shutdown') return Promise.resolve();
      quitOnce();
      // The lock ends with this program.
      return new Promise(() => undefined);
    });
  } else if (platform === 'win32') {
    window.on('query-session-end', delay);
    window.on('session-end', quitOnce);
  } else powerMonitor.on('shutdown', delay);
}
