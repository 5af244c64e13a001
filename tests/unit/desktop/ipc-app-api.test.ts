import { describe, expect, test } from 'vitest';
import type { AppApi, AppListener } from '../../../src/shared/api/app-api';
import { IPC } from '../../../src/shared/api/ipc-channels';
import { ok } from '../../../src/shared/result';
import { IpcAppApi, type IpcSenderEvent } from '../../../src/main/desktop/ipc-app-api';
import { silentLogger } from '../../../src/main/platform/logger';
import { FakeIpcMain, FakeWindow } from '../../support/fake-ipc';

function setUp() {
  const calls: unknown[] = [];
  const listeners = new Set<AppListener>();
  const api: AppApi = {
    call: (name, params) => {
      calls.push([name, params]);
      return Promise.resolve(ok({})) as never;
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  const ipc = new FakeIpcMain();
  const server = new IpcAppApi({ ipc, api, logger: silentLogger, isAppWindow: (id) => id === 1 });
  return { calls, listeners, ipc, server, window: new FakeWindow(ipc) };
}

describe('sender other than the top frame of the app window, showing a page of the app', () => {
  const foreignSenders: [string, IpcSenderEvent['senderFrame'], number][] = [
    ['another site', { url: 'https://evil.org/', parent: null }, 1],
    ['another host of the app scheme', { url: 'app://other/', parent: null }, 1],
    ['a file', { url: 'file:///tmp/x.html', parent: null }, 1],
    ['a frame inside a page of the app', { url: 'app://muster/index.html', parent: {} }, 1],
    ['a frame that no longer exists', null, 1],
    ['another window', { url: 'app://muster/index.html', parent: null }, 2],
  ];

  test.each(foreignSenders)('sender: %s -> ORIGIN_NOT_ALLOWED, no subscription', async (_title, frame, id) => {
    const { calls, listeners, ipc } = setUp();
    const window = new FakeWindow(ipc, id);
    window.frame = frame;
    expect(await window.invoke(IPC.call, 'agent.recheck', {})).toMatchObject({ ok: false, error: { code: 'ORIGIN_NOT_ALLOWED' } });
    window.send(IPC.subscribe, 1);
    expect([calls, listeners.size]).toEqual([[], 0]);
  });
});

test.each([undefined, 7, {}, ['agent.recheck'], 'x'.repeat(65)])('operation name: %j -> INVALID_REQUEST', async (name) => {
  const { calls, window } = setUp();
  expect(await window.invoke(IPC.call, name, {})).toMatchObject({
    ok: false,
    error: { code: 'INVALID_REQUEST', details: { field: 'operation' } },
  });
  expect(calls).toEqual([]);
});

test.each([undefined, 'one', -1, 1.5, null, {}])('subscription id: %j -> ignored', (id) => {
  const { listeners, window } = setUp();
  window.send(IPC.subscribe, id);
  window.send(IPC.unsubscribe, id);
  expect(listeners.size).toBe(0);
});

test('page reloaded: subscriptions ended', () => {
  const { listeners, server, window } = setUp();
  window.send(IPC.subscribe, 1);
  window.send(IPC.subscribe, 2);
  expect(listeners.size).toBe(2);
  server.unsubscribeAll(1);
  expect(listeners.size).toBe(0);
});

test('subscription: same id again -> the first one ends; at most 16 per page', () => {
  const { listeners, window } = setUp();
  window.send(IPC.subscribe, 0);
  window.send(IPC.subscribe, 0);
  expect(listeners.size).toBe(1);
  for (let id = 1; id < 40; id++) window.send(IPC.subscribe, id);
  expect(listeners.size).toBe(16);
});

test('window destroyed: events dropped', () => {
  const { listeners, window } = setUp();
  window.send(IPC.subscribe, 1);
  window.destroyed = true;
  for (const listener of listeners) listener.onConnection('open');
  expect(window.destroyed).toBe(true);
});
