import { expect, test } from 'vitest';
import { createApi } from '../../../../src/renderer/api/create-api';
import { ipcApi } from '../../../../src/renderer/api/ipc-api';
import { fail, ok } from '../../../../src/shared/result';
import { fakeApi } from '../../../fixtures/app-states/fake-api';
import { appState } from '../../../fixtures/app-states/states';

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
