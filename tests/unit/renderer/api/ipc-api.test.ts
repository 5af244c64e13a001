import { afterEach, expect, test, vi } from 'vitest';
import { createApi } from '../../../../src/renderer/api/create-api';
import { ipcApi, REOPEN_MS } from '../../../../src/renderer/api/ipc-api';
import { fail, ok } from '../../../../src/shared/result';
import { fakeApi } from '../../../fixtures/app-states/fake-api';
import { appState } from '../../../fixtures/app-states/states';

afterEach(() => {
  vi.useRealTimers();
});

test('createApi: bridge of the preload -> IPC, no bridge -> HTTP', () => {
  const bridge = fakeApi(null);
  expect(createApi(Object.assign(Object.create(window) as Window, { muster: bridge })).setToken).toBeNull();
  expect(createApi(window).setToken).not.toBeNull();
});

test('IPC: calls and events pass through', async () => {
  const bridge = fakeApi(appState());
  bridge.answer('pool.drain', fail({ code: 'NOT_FOUND', message: 'm', details: null }));
  const received: string[] = [];
  const api = ipcApi(bridge);
  api.subscribe({ onEvents: (events) => received.push(...events.map(({ type }) => type)), onConnection: (state) => received.push(state) });
  expect(await api.call('pool.drain', { node_id: 'node-1' })).toEqual(fail({ code: 'NOT_FOUND', message: 'm', details: null }));
  expect(await api.call('agent.recheck', {})).toEqual(ok({}));
  expect(received).toEqual(['open', 'snapshot']);
});

test('IPC: bridge throws or answer is invalid -> failed outcome; unreadable event -> lost', async () => {
  const bridge = fakeApi(null);
  const received: string[] = [];
  const api = ipcApi({ ...bridge, call: () => Promise.reject(new Error('gone')) });
  api.subscribe({ onEvents: (events) => received.push(...events.map(({ type }) => type)), onConnection: (state) => received.push(state) });
  bridge.emit.onEvent({ type: 'host', host: { state: 'nonsense' } } as never);
  expect(await api.call('host.stop', {})).toMatchObject({ ok: false, error: { code: 'DISCONNECTED' } });
  expect(received).toEqual(['lost']);
  bridge.answer('pool.exclusions', ok({ since: 'yesterday' }));
  expect(await ipcApi(bridge).call('pool.exclusions', {})).toMatchObject({
    ok: false,
    error: { code: 'INVALID_MESSAGE', details: { field: 'since' } },
  });
});

test('IPC: unreadable event -> lost, and the subscription is opened again, until it is readable or ended', () => {
  vi.useFakeTimers();
  const bridge = fakeApi(appState());
  const received: string[] = [];
  const end = ipcApi(bridge).subscribe({
    onEvents: (events) => received.push(...events.map(({ type }) => type)),
    onConnection: (state) => received.push(state),
  });
  const unreadable = () => bridge.emit.onEvent({ type: 'host', host: { state: 'nonsense' } } as never);
  unreadable();
  // The state has a gap, so later changes do not appear as the present state.
  bridge.emit.onEvent({ type: 'node_removed', node_id: 'node-1' });
  expect(received).toEqual(['open', 'snapshot', 'lost']);
  vi.advanceTimersByTime(REOPEN_MS - 1);
  expect(received).toHaveLength(3);
  vi.advanceTimersByTime(1);
  expect(received.slice(3)).toEqual(['open', 'snapshot']);
  unreadable();
  end();
  vi.advanceTimersByTime(10 * REOPEN_MS);
  expect(received.slice(5)).toEqual(['lost']);
});

test('IPC: unreadable snapshot, also one that comes during the call -> one subscription at a time', () => {
  vi.useFakeTimers();
  let open = 0;
  const received: string[] = [];
  ipcApi({
    ...fakeApi(null),
    subscribe: (listener) => {
      open += 1;
      listener.onConnection('open');
      listener.onEvents([{ type: 'snapshot', state: {} } as never]);
      return () => (open -= 1);
    },
  }).subscribe({ onEvents: () => received.push('events'), onConnection: (state) => received.push(state) });
  vi.advanceTimersByTime(2 * REOPEN_MS);
  expect(open).toBe(0);
  expect(received).toEqual(['open', 'lost', 'open', 'lost', 'open', 'lost']);
});
