import { expect, test } from 'vitest';
import { createApi } from '../../../../src/renderer/api/create-api';
import { ipcApi } from '../../../../src/renderer/api/ipc-api';
import { fail, ok } from '../../../../src/shared/result';
import { fakeApi } from '../../../fixtures/app-states/fake-api';
import { appState } from '../../../fixtures/app-states/states';

test('the bridge is used where the preload made one, and HTTP where there is none', () => {
  const bridge = fakeApi(null);
  expect(createApi(Object.assign(Object.create(window) as Window, { muster: bridge })).useToken).toBeNull();
  expect(createApi(window).useToken).not.toBeNull();
});

test('calls and events pass through it', async () => {
  const bridge = fakeApi(appState());
  bridge.answer('pool.drain', fail({ code: 'NOT_FOUND', message: 'm', details: null }));
  const heard: string[] = [];
  const api = ipcApi(bridge);
  api.subscribe({ onEvents: (events) => heard.push(...events.map(({ type }) => type)), onConnection: (state) => heard.push(state) });
  expect(await api.call('pool.drain', { node_id: 'node-1' })).toEqual(fail({ code: 'NOT_FOUND', message: 'm', details: null }));
  expect(await api.call('agent.recheck', {})).toEqual(ok({}));
  expect(heard).toEqual(['open', 'snapshot']);
});

test('a bridge that throws or answers nonsense is a failed outcome, and an unreadable event a lost connection', async () => {
  const bridge = fakeApi(null);
  const heard: string[] = [];
  const api = ipcApi({ ...bridge, call: () => Promise.reject(new Error('gone')) });
  api.subscribe({ onEvents: (events) => heard.push(...events.map(({ type }) => type)), onConnection: (state) => heard.push(state) });
  bridge.tell.onEvent({ type: 'host', host: { state: 'nonsense' } } as never);
  expect(await api.call('host.stop', {})).toMatchObject({ ok: false, error: { code: 'DISCONNECTED' } });
  expect(heard).toEqual(['lost']);
  bridge.answer('pool.exclusions', ok({ since: 'yesterday' }));
  expect(await ipcApi(bridge).call('pool.exclusions', {})).toMatchObject({
    ok: false,
    error: { code: 'INVALID_MESSAGE', details: { field: 'since' } },
  });
});
