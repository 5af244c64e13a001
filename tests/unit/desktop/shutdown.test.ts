// What the app does when the system announces its end, on each system. The events of Windows and macOS are those that Electron documents.
import { EventEmitter } from 'node:events';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { beforeEach, describe, expect, test } from 'vitest';
import { watchShutdown } from '../../../src/main/desktop/shutdown';
import type { SleepEvent } from '../../../src/main/system-events/parse/sleep-event';
import type { SleepListener } from '../../../src/main/system-events/sleep-source';

let [window, powerMonitor] = [new EventEmitter(), new EventEmitter()];
let listener: SleepListener | null = null;
let quits = 0;
let delayed = 0;
beforeEach(() => {
  [window, powerMonitor, listener, quits, delayed] = [new EventEmitter(), new EventEmitter(), null, 0, 0];
});

const event = { preventDefault: () => void (delayed += 1) };
function watch(platform: NodeJS.Platform): void {
  watchShutdown({
    platform,
    window: window as never,
    powerMonitor: powerMonitor as never,
    logind: {
      watch: (one) => {
        listener = one;
        return () => undefined;
      },
    },
    quit: () => void (quits += 1),
  });
}

describe('shutdown', () => {
  test('Windows: asked whether the session may end -> delayed, and the app quits once', () => {
    watch('win32');
    window.emit('query-session-end', event);
    window.emit('query-session-end', event);
    window.emit('session-end', {});
    expect([quits, delayed, listener, powerMonitor.eventNames()]).toEqual([1, 2, null, []]);
  });

  test('Windows: the session ends without a question, as at a forced restart -> the app quits', () => {
    watch('win32');
    window.emit('session-end', {});
    expect([quits, delayed]).toEqual([1, 0]);
  });

  test('macOS: shutdown -> delayed, and the app quits once', () => {
    watch('darwin');
    powerMonitor.emit('shutdown', event);
    powerMonitor.emit('shutdown', event);
    expect([quits, delayed, listener, window.eventNames()]).toEqual([1, 2, null, []]);
  });

  test('Linux: sleep -> goes on; shutdown -> the app quits once, and the lock is held until its end', async () => {
    watch('linux');
    const ended: SleepEvent[] = [];
    for (const one of ['sleep', 'wake', 'shutdown', 'shutdown'] as const) void listener?.(one).then(() => ended.push(one));
    await nextTurn();
    expect([quits, ended]).toEqual([1, ['sleep', 'wake']]);
    expect([window.eventNames(), powerMonitor.eventNames()]).toEqual([[], []]);
  });
});
