import { beforeEach, describe, expect, test, vi } from 'vitest';
import { createScreenStore, follow } from '../../../../src/renderer/store/app-store';
import { readPreferences } from '../../../../src/renderer/store/preferences';
import { type AppEvent, stateOf } from '../../../../src/shared/api/app-state';
import { fakeApi } from '../../../fixtures/app-states/fake-api';
import { nodeView, poolSummary } from '../../../fixtures/app-states/nodes';
import { appState, hosting } from '../../../fixtures/app-states/states';

beforeEach(() => localStorage.clear());

describe('the store', () => {
  test('follows the events, keeps the state when the connection is lost', () => {
    let nowWallMs = 1000;
    const store = createScreenStore({ storage: localStorage, now: () => nowWallMs });
    const api = fakeApi(null);
    const stop = follow(store, api, () => nowWallMs);
    api.emit.onEvent({ type: 'node', node: nodeView('ready') });
    expect(store.getState().app).toBeNull();

    api.emit.onConnection('open');
    api.emit.onEvent({ type: 'snapshot', state: appState({ agent: null }) });
    api.emit.onEvent({ type: 'pool', pool: poolSummary() });
    api.emit.onEvent({ type: 'node', node: nodeView('registering') });
    api.emit.onEvent({ type: 'node', node: nodeView('ready') });
    api.emit.onEvent({ type: 'node', node: nodeView('ready', { node_id: 'node-2' }) });
    api.emit.onEvent({ type: 'node_removed', node_id: 'node-2' });
    const known = stateOf(appState({ agent: null, pool: poolSummary(), nodes: [nodeView('ready')] }));
    expect(store.getState().app).toEqual(known);

    nowWallMs = 5000;
    api.emit.onConnection('lost');
    nowWallMs = 6000;
    api.emit.onConnection('lost');
    expect(store.getState()).toMatchObject({ app: known, connection: 'lost', connectionSinceWallMs: 5000 });
    stop();
  });

  test('pool removed -> nodes removed', () => {
    const store = createScreenStore({ storage: localStorage, now: () => 0 });
    const api = fakeApi(hosting());
    follow(store, api, () => 0);
    api.emit.onEvent({ type: 'pool', pool: null });
    expect(store.getState().app?.nodes).toEqual(new Map());
  });

  test('message of many events -> one change of the store', () => {
    const store = createScreenStore({ storage: localStorage, now: () => 0 });
    const api = fakeApi(hosting());
    follow(store, api, () => 0);
    const changed = vi.fn();
    store.subscribe(changed);
    api.emit.onEvents(hosting().nodes.map((node) => ({ type: 'node', node: { ...node, in_flight_jobs: 3 } })));
    expect(changed).toHaveBeenCalledTimes(1);
    expect([...(store.getState().app?.nodes.values() ?? [])].map(({ in_flight_jobs }) => in_flight_jobs)).toEqual(Array(6).fill(3));
  });

  test('a node changes -> the other nodes keep their identity', () => {
    const store = createScreenStore({ storage: localStorage, now: () => 0 });
    const api = fakeApi(hosting());
    follow(store, api, () => 0);
    const before = store.getState();
    api.emit.onEvent({ type: 'node', node: nodeView('ready', { name: 'renamed' }) });
    const after = store.getState();
    expect(after.app?.nodes.get('node-5C0FFEE1')?.name).toBe('renamed');
    expect(after.app?.nodes.get('node-B0B00001')).toBe(before.app?.nodes.get('node-B0B00001'));
  });

  test.each<[string, AppEvent, boolean]>([
    ['a heartbeat', { type: 'node', node: nodeView('ready', { last_heartbeat_at: 1 }) }, false],
    ['another number of jobs on a node', { type: 'node', node: nodeView('ready', { in_flight_jobs: 0 }) }, true],
    ['a node with jobs that leaves', { type: 'node_removed', node_id: 'node-5C0FFEE1' }, true],
    ['a node without jobs that leaves', { type: 'node_removed', node_id: 'node-B0B00001' }, false],
    ['the same open jobs', { type: 'pool', pool: { ...poolSummary(), ...hosting().pool, required_models: ['m'] } }, false],
    ['other open jobs', { type: 'pool', pool: poolSummary({ open_jobs: { queued: 14, assigned: 0, running: 2 } }) }, true],
    ['a snapshot', { type: 'snapshot', state: hosting() }, true],
    ['the host', { type: 'host', host: null }, false],
  ])('jobs revision: %s -> rises: %s', (_what, event, rises) => {
    const store = createScreenStore({ storage: localStorage, now: () => 0 });
    const api = fakeApi(hosting());
    follow(store, api, () => 0);
    const before = store.getState().jobsRevision;
    api.emit.onEvent(event);
    expect(store.getState().jobsRevision - before).toBe(rises ? 1 : 0);
  });
});

describe('preferences', () => {
  test('stored', () => {
    createScreenStore({ storage: localStorage, now: () => 0 })
      .getState()
      .setPreferences({ language: 'zh-CN' });
    expect(createScreenStore({ storage: localStorage, now: () => 0 }).getState().preferences).toEqual({
      language: 'zh-CN',
      theme: 'system',
      columns: {},
      recentCommands: [],
      setupEnded: false,
      isSettingUp: false,
      chatList: null,
    });
  });

  test.each(['not json', '{"language":"fr","theme":"dark"}', '[]', ''])('stored as %j -> known values only', (stored) => {
    localStorage.setItem('muster.preferences', stored);
    expect(readPreferences(localStorage).language).toBe('system');
  });

  test('columns of tables: stored; a broken choice does not affect the rest', () => {
    createScreenStore({ storage: localStorage, now: () => 0 })
      .getState()
      .setPreferences({ theme: 'dark', columns: { nodes: ['gpu'] } });
    expect(readPreferences(localStorage)).toEqual({
      language: 'system',
      theme: 'dark',
      columns: { nodes: ['gpu'] },
      recentCommands: [],
      setupEnded: false,
      isSettingUp: false,
      chatList: null,
    });
    localStorage.setItem('muster.preferences', '{"theme":"dark","columns":{"nodes":"gpu"}}');
    expect(readPreferences(localStorage)).toEqual({
      language: 'system',
      theme: 'dark',
      columns: {},
      recentCommands: [],
      setupEnded: false,
      isSettingUp: false,
      chatList: null,
    });
  });

  test('storage denied -> kept as long as the page', () => {
    const denied = { getItem: deny, setItem: deny } as unknown as Storage;
    const store = createScreenStore({ storage: denied, now: () => 0 });
    store.getState().setPreferences({ theme: 'dark' });
    expect(store.getState().preferences).toEqual({
      language: 'system',
      theme: 'dark',
      columns: {},
      recentCommands: [],
      setupEnded: false,
      isSettingUp: false,
      chatList: null,
    });
  });
});

function deny(): never {
  throw new DOMException('denied', 'SecurityError');
}
