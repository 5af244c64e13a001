// The order and the deadlines of a quit. Nothing ends by itself here: each limit is reached.
import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { quitInOrder, type QuitSteps } from '../../../src/main/desktop/quit';

const never = (): Promise<never> => new Promise(() => undefined);

class FakeApp extends EventEmitter {
  readonly exits: number[] = [];

  quit(): void {
    this.emit('before-quit', { preventDefault: () => undefined });
  }

  exit(code: number): void {
    this.exits.push(code);
  }
}

let [app, signals] = [new FakeApp(), new EventEmitter()];
let calls: string[] = [];
beforeEach(() => {
  vi.useFakeTimers();
  [app, signals, calls] = [new FakeApp(), new EventEmitter(), []];
});
afterEach(() => {
  vi.useRealTimers();
});

function open(steps: Partial<QuitSteps> = {}, closes = true) {
  const window = {
    hide: () => void calls.push('hide'),
    once: (_event: string, listener: () => void) => {
      if (closes) listener();
    },
    close: () => void calls.push('close'),
  };
  const quit = quitInOrder({ app: app as never, signals: signals as never, windows: () => [window as never] });
  const step = (name: string) => (): Promise<void> => {
    calls.push(name);
    return Promise.resolve();
  };
  quit.opened({
    stop: (drainMs) => step(`stop, drain ${String(drainMs)} ms`)(),
    install: step('install'),
    closeLogs: step('logs'),
    ...steps,
  });
  return quit;
}

describe('quit', () => {
  test('in order: windows, services, update, logs', async () => {
    open();
    app.quit();
    await vi.advanceTimersByTimeAsync(0);
    expect(calls).toEqual(['hide', 'close', 'stop, drain 5000 ms', 'install', 'logs']);
    expect(app.exits).toEqual([0]);
  });

  test('everything hangs -> the app exits after 17 s', async () => {
    open({ stop: never, closeLogs: never }, false);
    app.quit();
    await vi.advanceTimersByTimeAsync(16_999);
    expect(app.exits).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(app.exits).toEqual([1]);
  });

  test('package manager -> no deadline', async () => {
    open({ install: never });
    app.quit();
    await vi.advanceTimersByTimeAsync(3_600_000);
    expect(app.exits).toEqual([]);
  });

  test('a second signal -> at once', async () => {
    open({ stop: never });
    signals.emit('SIGTERM');
    await vi.advanceTimersByTimeAsync(0);
    expect(app.exits).toEqual([]);
    signals.emit('SIGTERM');
    expect(app.exits).toEqual([1]);
  });
});

describe('the window closes', () => {
  const close = async (keeps: boolean): Promise<boolean> => {
    const quit = open();
    const window = new EventEmitter();
    app.emit('browser-window-created', {}, window);
    const event = { defaultPrevented: false };
    window.on('close', () => (event.defaultPrevented = keeps));
    window.emit('close', event);
    await Promise.resolve();
    return quit.isQuitting();
  };

  test('-> the app quits, before all windows are closed', async () => {
    expect(await close(false)).toBe(true);
    expect(app.exits).toEqual([]);
  });

  test('and stays in the tray -> the app does not quit', async () => {
    expect(await close(true)).toBe(false);
  });
});

describe('shutdown of the system', () => {
  test('in the same order, with less time for the drain', async () => {
    open().forShutdown();
    await vi.advanceTimersByTimeAsync(0);
    expect(calls).toEqual(['hide', 'close', 'stop, drain 1500 ms', 'install', 'logs']);
    expect(app.exits).toEqual([0]);
  });

  test('everything hangs -> the app exits within 5 s', async () => {
    open({ stop: never, closeLogs: never }, false).forShutdown();
    await vi.advanceTimersByTimeAsync(4999);
    expect(app.exits).toEqual([1]);
  });

  test('during a quit that hangs -> within 5 s of the announcement', async () => {
    const quit = open({ stop: never });
    app.quit();
    await vi.advanceTimersByTimeAsync(2000);
    quit.forShutdown();
    await vi.advanceTimersByTimeAsync(4999);
    expect(app.exits).toEqual([1]);
  });
});
