// Quits the app in order: windows close, the agent disconnects, the hosted scheduler stops, the app exits, at the latest at the deadline.
import { app, BrowserWindow } from 'electron';
import { stopWithin } from './stop-within';

const STOP_TIMEOUT_MS = 15_000;
const CLOSE_TIMEOUT_MS = 1000;

/**
 * The app quits when its window is closed, on SIGTERM and SIGINT; a second signal quits at once. `stop` runs once, then `last`, without a
 * deadline. Returns whether it quits.
 */
export function quitInOrder(stop: () => Promise<void>, last: () => void): () => boolean {
  let stopping = false;
  let isStopped = false;
  app.on('before-quit', (event) => {
    // An installer that `last` starts may quit the app itself.
    if (isStopped) return;
    event.preventDefault();
    if (stopping) return;
    stopping = true;
    // The user sees the effect at once, while the graceful disconnect takes a moment.
    for (const window of BrowserWindow.getAllWindows()) window.hide();
    const ended = stopWithin(CLOSE_TIMEOUT_MS, closeWindows).then(() => stopWithin(STOP_TIMEOUT_MS, stop));
    void ended.then((inTime) => {
      isStopped = true;
      last();
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
  return () => stopping;
}

/** A page that closes sends the actions that wait for their undo time. A page that hangs is left to the exit. */
async function closeWindows(): Promise<void> {
  const closed = BrowserWindow.getAllWindows().map(
    (window) =>
      new Promise<void>((resolve) => {
        window.once('closed', () => resolve());
        window.close();
      }),
  );
  await Promise.all(closed);
}
