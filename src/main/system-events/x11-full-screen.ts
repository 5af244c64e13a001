// The full-screen program in front, from the properties of windows in X11. `xprop -spy` reports each change: one process for the window in
// front, and one for the properties of this window. Under Wayland only programs that use X11 are known.
import type { Clock } from '../platform/clock';
import type { Logger } from '../platform/logger';
import { EventTool } from './event-tool';
import type { FactSource } from './fact-source';
import { type Fact, knownFact, NOT_READ, NOT_SUPPORTED } from './parse/fact';
import { NO_WINDOW, parseActiveWindow, withWindowLine } from './parse/x11-properties';

export interface X11FullScreenOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  /** Default: the environment of this process. */
  readonly env?: NodeJS.ProcessEnv;
}

export class X11FullScreen implements FactSource<string | null> {
  readonly #options: X11FullScreenOptions;

  constructor(options: X11FullScreenOptions) {
    this.#options = options;
  }

  watch(listener: (fact: Fact<string | null>) => void): () => void {
    const { env = process.env } = this.#options;
    if (env['DISPLAY'] === undefined) {
      listener(NOT_SUPPORTED);
      return () => undefined;
    }
    let front: EventTool | null = null;
    let frontId = 'none';
    const leaveFront = (): void => {
      front?.stop();
      front = null;
      frontId = 'none';
    };
    const root = this.#tool(
      ['-root', '-spy', '_NET_ACTIVE_WINDOW'],
      (line) => {
        // The window manager has not started: `xprop` would never see the property.
        if (line.includes('no such atom')) root.retry();
        const id = parseActiveWindow(line);
        if (id === null || (id === frontId && id !== 'none')) return;
        leaveFront();
        listener(knownFact(null));
        if (id === 'none') return;
        frontId = id;
        front = this.#followWindow(id, (program) => listener(knownFact(program)), leaveFront);
      },
      (reason) => {
        leaveFront();
        listener(reason === 'not_installed' ? NOT_SUPPORTED : NOT_READ);
      },
    );
    root.start();
    return () => {
      root.stop();
      leaveFront();
    };
  }

  /** `onClosed`: the window is closed. The next window in front is reported separately. */
  #followWindow(id: string, onProgram: (program: string | null) => void, onClosed: () => void): EventTool {
    let window = NO_WINDOW;
    const tool = this.#tool(
      ['-id', id, '-spy', 'WM_CLASS', '_NET_WM_PID', '_NET_WM_STATE'],
      (line) => {
        window = withWindowLine(window, line);
        // The own window in full screen is the dashboard.
        const isShown = window.isFullScreen && window.pid !== process.pid;
        onProgram(isShown ? (window.name ?? `process ${String(window.pid ?? '?')}`) : null);
      },
      () => {
        onClosed();
        onProgram(null);
      },
    );
    tool.start();
    return tool;
  }

  #tool(args: readonly string[], onLine: (line: string) => void, onEnd: (reason: 'not_installed' | 'ended') => void): EventTool {
    const { logger } = this.#options;
    return new EventTool({
      ...this.#options,
      file: 'xprop',
      args,
      onLine: (line) => {
        if (line === null) logger.log('warn', 'system_event_invalid', { source: 'xprop' });
        else onLine(line);
      },
      onEnd,
    });
  }
}
