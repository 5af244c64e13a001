import { beforeEach, describe, expect, test } from 'vitest';
import { createScreenStore, follow } from '../../../../src/renderer/store/app-store';
import { readPreferences } from '../../../../src/renderer/store/preferences';
import { fakeApi } from '../../../fixtures/app-states/fake-api';
import { nodeView, poolSummary } from '../../../fixtures/app-states/nodes';
import { appState, hosting } from '../../../fixtures/app-states/states';

beforeEach(() => localStorage.clear());

describe('the store', () => {
  test('holds what the program says, event by event, and keeps it when the way is lost', () => {
    let nowMs = 1000;
    const store = createScreenStore({ storage: localStorage, now: () => nowMs });
    const api = fakeApi(null);
    const stop = follow(store, api, () => nowMs);
    api.tell.onEvent({ type: 'node', node: nodeView('ready') });
    expect(store.getState().app).toBeNull();

    api.tell.onConnection('open');
    api.tell.onEvent({ type: 'snapshot', state: appState({ agent: null }) });
    api.tell.onEvent({ type: 'pool', pool: poolSummary() });
    api.tell.onEvent({ type: 'node', node: nodeView('registering') });
    api.tell.onEvent({ type: 'node', node: nodeView('ready') });
    api.tell.onEvent({ type: 'node', node: nodeView('ready', { node_id: 'node-2' }) });
    api.tell.onEvent({ type: 'node_removed', node_id: 'node-2' });
    const known = appState({ agent: null, pool: poolSummary(), nodes: [nodeView('ready')] });
    expect(store.getState().app).toEqual(known);

    nowMs = 5000;
    api.tell.onConnection('lost');
    nowMs = 6000;
    api.tell.onConnection('lost');
    expect(store.getState()).toMatchObject({ app: known, connection: 'lost', connectionSince: 5000 });
    stop();
  });

  test('forgets the nodes of a pool that it no longer operates', () => {
    const store = createScreenStore({ storage: localStorage, now: () => 0 });
    const api = fakeApi(hosting());
    follow(store, api, () => 0);
    api.tell.onEvent({ type: 'pool', pool: null });
    expect(store.getState().app?.nodes).toEqual([]);
  });
});

describe('preferences', () => {
  test('are kept for the next time', () => {
    createScreenStore({ storage: localStorage, now: () => 0 })
      .getState()
      .setPreferences({ language: 'zh-CN' });
    expect(createScreenStore({ storage: localStorage, now: () => 0 }).getState().preferences).toEqual({
      language: 'zh-CN',
      theme: 'system',
    });
  });

  test.each(['not json', '{"language":"fr","theme":"dark"}', '[]', ''])('stored as %j are read as far as they are known', (stored) => {
    localStorage.setItem('muster.preferences', stored);
    expect(readPreferences(localStorage).language).toBe('system');
  });

  test('work without a storage, as long as the page lives', () => {
    const denied = { getItem: deny, setItem: deny } as unknown as Storage;
    const store = createScreenStore({ storage: denied, now: () => 0 });
    store.getState().setPreferences({ theme: 'dark' });
    expect(store.getState().preferences).toEqual({ language: 'system', theme: 'dark' });
  });
});

function deny(): never {
  throw new DOMException('denied', 'SecurityError');
}
