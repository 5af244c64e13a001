// Quits the app in order: windows close, the agent disconnects, the hosted scheduler stops, the app exits, at the latest at the deadline.
import { app, BrowserWindow } from 'electron';
import { stopWithin } from './stop-within';

const STOP_TIMEOUT_MS = 15_000;
const CLOSE_TIMEOUT_MS = 1000;
const DRAIN_MS = 5000;
/** Systems that shut down wait for about 5 s (logind: InhibitDelayMaxSec). */
const SHUTDOWN = { closeMs: 500, drainMs: 1500, stopMs: 4000 } as const;

export interface Quit {
  readonly isQuitting: () => boolean;
  /** The system shuts down: the same in less time. */
  readonly forShutdown: () => void;
  /** What a quit stops. Before this call the program is not open, and a quit only closes the window. */
  readonly opened: (steps: QuitSteps) => void;
}

export interface QuitSteps {
  /** With the time for the agent to drain. */
  readonly stop: (drainMs: number) => Promise<void>;
  /** Installs an update, if the app quits for it. It has no deadline: a package manager must not be interrupted. */
  readonly install: () => void;
  readonly closeLogs: () => Promise<unknown>;
}

/**
 * The app quits when its window is closed, on SIGTERM and SIGINT; a second signal quits at once. Each step runs once. Call it when Electron
 * is ready, and before the window is made: Electron itself would take the window away from a program that still opens.
 */
export function quitInOrder(): Quit {
  let limits: { readonly closeMs: number; readonly drainMs: number; readonly stopMs: number } = {
    closeMs: CLOSE_TIMEOUT_MS,
    drainMs: DRAIN_MS,
    stopMs: STOP_TIMEOUT_MS,
  };
  let steps: QuitSteps | null = null;
  let stopping = false;
  let isStopped = false;
  app.on('before-quit', (event) => {
    // An installer may quit the app itself.
    if (isStopped) return;
    event.preventDefault();
    if (stopping) return;
    stopping = true;
    const { closeMs, drainMs, stopMs } = limits;
    // The user sees the effect at once, while the graceful disconnect takes a moment.
    for (const window of BrowserWindow.getAllWindows()) window.hide();
    const ended = stopWithin(closeMs, closeWindows).then(() => stopWithin(stopMs, async () => steps?.stop(drainMs)));
    void ended.then(async (inTime) => {
      isStopped = true;
      steps?.install();
      await stopWithin(CLOSE_TIMEOUT_MS, async () => void (await steps?.closeLogs()));
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
  return {
    isQuitting: () => stopping,
    forShutdown: () => {
      limits = SHUTDOWN;
      app.quit();
    },
    opened: (opened) => {
      steps = opened;
    },
  };
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
