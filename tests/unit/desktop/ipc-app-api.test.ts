import { describe, expect, test } from 'vitest';
import type { AppApi, AppListener } from '../../../src/shared/api/app-api';
import type { AskListener } from '../../../src/shared/api/ask';
import { IPC } from '../../../src/shared/api/ipc-channels';
import { ok } from '../../../src/shared/result';
import { IpcAppApi, type IpcSenderEvent } from '../../../src/main/desktop/ipc-app-api';
import { silentLogger } from '../../../src/main/platform/logger';
import { FakeIpcMain, FakeWindow } from '../../support/fake-ipc';

function setUp() {
  const calls: unknown[] = [];
  const listeners = new Set<AppListener>();
  const asks: { readonly params: unknown; readonly listener: AskListener }[] = [];
  const cancelled: unknown[] = [];
  const api: AppApi = {
    call: (name, params) => {
      calls.push([name, params]);
      return Promise.resolve(ok({})) as never;
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    ask: (params, listener) => {
      asks.push({ params, listener });
      return () => void cancelled.push(params);
    },
  };
  const ipc = new FakeIpcMain();
  const server = new IpcAppApi({ ipc, api, logger: silentLogger, isAppWindow: (id) => id === 1 });
  return { calls, listeners, asks, cancelled, ipc, server, window: new FakeWindow(ipc) };
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

describe('questions', () => {
  const params = { task: 'chat' };
  const text = { type: 'text', text: 'a', pieces: 1 } as const;

  test('sender other than the app window -> ignored', () => {
    const { asks, ipc } = setUp();
    new FakeWindow(ipc, 2).send(IPC.ask, 1, params);
    expect(asks).toEqual([]);
  });

  test('message -> the next one waits until the page has taken it', async () => {
    const { asks, window } = setUp();
    window.send(IPC.ask, 1, params);
    let isTaken = false;
    const taken = Promise.resolve(asks[0]?.listener.onEvents([text])).then(() => {
      isTaken = true;
    });
    await Promise.resolve();
    expect(isTaken).toBe(false);
    window.send(IPC.askTaken, 1);
    await taken;
    expect(isTaken).toBe(true);
  });

  test('cancelled, or page reloaded -> the job is cancelled, and its producer does not wait any more', async () => {
    const { asks, cancelled, server, window } = setUp();
    window.send(IPC.ask, 1, params);
    window.send(IPC.ask, 2, params);
    const held = asks.map(({ listener }) => Promise.resolve(listener.onEvents([text])));
    window.send(IPC.cancelAsk, 1);
    expect(cancelled).toHaveLength(1);
    server.unsubscribeAll(1);
    expect(cancelled).toHaveLength(2);
    await Promise.all(held);
  });

  test('at most 8 of a page: the next -> LIMIT_REACHED; one ended -> one more', () => {
    const { asks, window } = setUp();
    const refused: unknown[] = [];
    window.on(IPC.update, (_event, update) => refused.push(update));
    for (let id = 0; id < 9; id++) window.send(IPC.ask, id, params);
    expect(asks).toHaveLength(8);
    expect(refused).toMatchObject([{ askId: 8, events: [{ type: 'failed', error: { code: 'LIMIT_REACHED', details: { max: 8 } } }] }]);
    void asks[0]?.listener.onEvents([{ type: 'end', finish_reason: 'stop' }]);
    window.send(IPC.ask, 9, params);
    expect(asks).toHaveLength(9);
  });
});
