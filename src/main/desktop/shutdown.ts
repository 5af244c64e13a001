// The system shuts down, or the session of the user ends: the app quits in order, and the system waits for it as long as it permits. A session
// of Linux that ends sends SIGTERM, which `quit.ts` handles.
import { type BrowserWindow, powerMonitor } from 'electron';
import { systemClock } from '../platform/clock';
import type { Logger } from '../platform/logger';
import { LogindSleep } from '../system-events/logind-sleep';

/** Watch after the app is ready. `quit` is called again when the system repeats its announcement. */
export function watchShutdown(window: BrowserWindow, logger: Logger, quit: () => void): void {
  if (process.platform === 'linux') {
    new LogindSleep({ clock: systemClock, logger, delays: 'shutdown' }).watch((event) => {
      if (event !== 'shutdown') return Promise.resolve();
      quit();
      // The lock ends with this program.
      return new Promise(() => undefined);
    });
  } else if (process.platform === 'win32') {
    window.on('query-session-end', (event) => {
      event.preventDefault();
      quit();
    });
    window.on('session-end', quit);
  } else powerMonitor.on('shutdown', quit);
}
