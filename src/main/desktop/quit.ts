// Quits the app in order: windows close, the agent disconnects, the hosted scheduler stops, the app exits, at the latest at the deadline.
import type { App, BrowserWindow } from 'electron';
import { stopWithin } from './stop-within';

const USUAL: QuitLimits = { closeMs: 1000, drainMs: 5000, stopMs: 15_000, logsMs: 1000 };
/** Systems that shut down wait for about 5 s (logind: InhibitDelayMaxSec). The announcement takes a part of it. */
const SHUTDOWN: QuitLimits = { closeMs: 500, drainMs: 1500, stopMs: 3500, logsMs: 500 };
const SHUTDOWN_MS = SHUTDOWN.closeMs + SHUTDOWN.stopMs + SHUTDOWN.logsMs;

interface QuitLimits {
  readonly closeMs: number;
  readonly drainMs: number;
  readonly stopMs: number;
  readonly logsMs: number;
}

export interface QuitOptions {
  readonly app: Pick<App, 'on' | 'quit' | 'exit'>;
  /** The signals of this process. */
  readonly signals: Pick<NodeJS.Process, 'on'>;
  readonly windows: () => readonly Pick<BrowserWindow, 'hide' | 'close' | 'once'>[];
}

export interface Quit {
  /** True from the moment the window closes: what the window was loading fails before Electron reports that all windows are closed. */
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
  readonly install: () => Promise<void>;
  readonly closeLogs: () => Promise<unknown>;
}

/**
 * The app quits when its window is closed, on SIGTERM and SIGINT; a second signal quits at once. Each step runs once. Call it when Electron
 * is ready, and before the window is made: Electron itself would take the window away from a program that still opens.
 */
export function quitInOrder({ app, signals, windows }: QuitOptions): Quit {
  let limits = USUAL;
  let steps: QuitSteps | null = null;
  let closing = false;
  let stopping = false;
  let isStopped = false;
  app.on('before-quit', (event) => {
    // An installer may quit the app itself.
    if (isStopped) return;
    event.preventDefault();
    if (stopping) return;
    stopping = true;
    const { closeMs, drainMs, stopMs, logsMs } = limits;
    // The user sees the effect at once, while the graceful disconnect takes a moment.
    for (const window of windows()) window.hide();
    const ended = stopWithin(closeMs, () => closeAll(windows())).then(() => stopWithin(stopMs, async () => steps?.stop(drainMs)));
    void ended.then(async (inTime) => {
      isStopped = true;
      await steps?.install();
      await stopWithin(logsMs, async () => {
        await steps?.closeLogs();
      });
      app.exit(inTime ? 0 : 1);
    });
  });
  app.on('browser-window-created', (_event, window) => {
    window.on('close', (event) => {
      // A later listener may keep the window.
      queueMicrotask(() => {
        closing = !event.defaultPrevented;
      });
    });
  });
  app.on('window-all-closed', () => {
    app.quit();
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    signals.on(signal, () => {
      if (stopping) app.exit(1);
      else app.quit();
    });
  }
  return {
    isQuitting: () => closing || stopping,
    forShutdown: () => {
      limits = SHUTDOWN;
      app.quit();
      // A quit that runs already has more time than the system.
      setTimeout(() => {
        if (!isStopped) app.exit(1);
      }, SHUTDOWN_MS);
    },
    opened: (opened) => {
      steps = opened;
    },
  };
}

/** A page that closes sends the actions that wait for their undo time. A page that hangs is left to the exit. */
async function closeAll(windows: ReturnType<QuitOptions['windows']>): Promise<void> {
  const closed = windows.map(
    (window) =>
      new Promise<void>((resolve) => {
        window.once('closed', () => resolve());
        window.close();
      }),
  );
  await Promise.all(closed);
}
