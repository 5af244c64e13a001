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
  const server = new IpcAppApi({ ipc, api, logger: silentLogger, isOurWindow: (id) => id === 1 });
  return { calls, listeners, ipc, server, window: new FakeWindow(ipc) };
}

describe('whoever is not the top frame of our window on our pages', () => {
  const strangers: [string, IpcSenderEvent['senderFrame'], number][] = [
    ['another site', { url: 'https://evil.org/', parent: null }, 1],
    ['another host of our scheme', { url: 'app://other/', parent: null }, 1],
    ['a file', { url: 'file:///tmp/x.html', parent: null }, 1],
    ['a frame inside our page', { url: 'app://muster/index.html', parent: {} }, 1],
    ['a frame that has gone', null, 1],
    ['another window', { url: 'app://muster/index.html', parent: null }, 2],
  ];

  test.each(strangers)('%s is answered with nothing but no', async (_title, frame, id) => {
    const { calls, listeners, ipc } = setUp();
    const window = new FakeWindow(ipc, id);
    window.frame = frame;
    expect(await window.invoke(IPC.call, 'agent.recheck', {})).toMatchObject({ ok: false, error: { code: 'ORIGIN_NOT_ALLOWED' } });
    window.send(IPC.subscribe, 1);
    expect([calls, listeners.size]).toEqual([[], 0]);
  });
});

test.each([undefined, 7, {}, ['agent.recheck'], 'x'.repeat(65)])('%j is no operation name', async (name) => {
  const { calls, window } = setUp();
  expect(await window.invoke(IPC.call, name, {})).toMatchObject({
    ok: false,
    error: { code: 'INVALID_REQUEST', details: { field: 'operation' } },
  });
  expect(calls).toEqual([]);
});

test.each([undefined, 'one', -1, 1.5, null, {}])('%j is no subscription', (id) => {
  const { listeners, window } = setUp();
  window.send(IPC.subscribe, id);
  window.send(IPC.unsubscribe, id);
  expect(listeners.size).toBe(0);
});

test('a page that reloads leaves nothing behind', () => {
  const { listeners, server, window } = setUp();
  window.send(IPC.subscribe, 1);
  window.send(IPC.subscribe, 2);
  expect(listeners.size).toBe(2);
  server.forget(1);
  expect(listeners.size).toBe(0);
});

test('subscribing again under one id ends the one before, and no page may have more than sixteen', () => {
  const { listeners, window } = setUp();
  window.send(IPC.subscribe, 0);
  window.send(IPC.subscribe, 0);
  expect(listeners.size).toBe(1);
  for (let id = 1; id < 40; id++) window.send(IPC.subscribe, id);
  expect(listeners.size).toBe(16);
});

test('updates for a window that was destroyed are dropped', () => {
  const { listeners, window } = setUp();
  window.send(IPC.subscribe, 1);
  window.destroyed = true;
  for (const listener of listeners) listener.onConnection('open');
  expect(window.destroyed).toBe(true);
});
