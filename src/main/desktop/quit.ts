// Quits the app in order: the agent disconnects, the hosted scheduler stops, then the app exits, at the latest at the deadline.
import { app, BrowserWindow } from 'electron';
import { stopWithin } from './stop-within';

const STOP_TIMEOUT_MS = 15_000;

/** The app quits when its window is closed, on SIGTERM and SIGINT; a second signal quits at once. `stop` runs once. */
export function quitInOrder(stop: () => Promise<void>): void {
  let stopping = false;
  app.on('before-quit', (event) => {
    event.preventDefault();
    if (stopping) return;
    stopping = true;
    // The user sees the effect at once, while the graceful disconnect takes a moment.
    for (const window of BrowserWindow.getAllWindows()) window.hide();
    void stopWithin(STOP_TIMEOUT_MS, stop).then((inTime) => {
      app.exit(inTime ? 0 : 1);
    });
  });
  app.on('window-all-closed', () => {
    app.quit();
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (stopping) app.exit(1);
      else app.quit();
    });
  }
}
