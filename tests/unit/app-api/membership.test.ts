import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type AppChoice, ChoiceStore, firstChoice } from '../../../src/main/app-api/app-choice';
import { Membership } from '../../../src/main/app-api/membership';
import type { JoinedPool } from '../../../src/main/joining/core/joined-pool';
import { silentLogger } from '../../../src/main/platform/logger';
import { hostFailure } from '../../../src/main/contracts/app-errors';
import { FakeAgent, FakeHost } from '../../support/app-fakes';
import { ManualClock } from '../../support/manual-clock';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'muster-membership-'));
});
afterEach(() => rm(folder, { recursive: true }));

function setUp(first: AppChoice = { mode: 'none' }) {
  const file = path.join(folder, 'app.json');
  const [agent, host, store] = [new FakeAgent(), new FakeHost(), new ChoiceStore(file, silentLogger)];
  const owner = { key: 'join-me' };
  const membership = new Membership({
    agent,
    host,
    store,
    first,
    readOwnerKey: () => Promise.resolve(owner.key),
    clock: new ManualClock(),
    logger: silentLogger,
  });
  return { file, agent, host, store, membership, owner };
}

const toHost = ['connectTo', { url: 'ws://127.0.0.1:7080', joinToken: 'join-me' }];
const toLab = ['connectTo', { url: 'wss://lab-a:7080', joinToken: 'secret', pin: null }];
const nowhere = ['connectTo', null];

test('first run: hosts for this computer, agent connects to the hosted scheduler', async () => {
  const { agent, host, membership } = setUp(firstChoice(null, null));
  await membership.restore();
  expect(host.calls).toEqual([['start', 'this_computer']]);
  expect(agent.calls).toEqual([toHost]);
});

test('first choice: a configured scheduler has precedence over hosting', () => {
  expect(firstChoice('wss://lab-a:7080', 'secret')).toEqual({ mode: 'joined', address: 'wss://lab-a:7080', joinToken: 'secret' });
});

test('join: address and token stored with mode 0600', async () => {
  const before = setUp();
  expect(await before.membership.join({ address: 'https://lab-a:7080/join#key=secret' })).toEqual({ ok: true, value: undefined });
  expect(before.agent.calls).toEqual([toLab]);
  expect(await before.store.load()).toEqual({ mode: 'joined', address: 'wss://lab-a:7080', joinToken: 'secret' });
  expect((await stat(before.file)).mode & 0o777).toBe(0o600);

  const after = setUp(firstChoice(null, null));
  await after.membership.restore();
  expect(after.agent.calls).toEqual([toLab]);
  expect(after.host.calls).toEqual([]);
});

test('join: separate token has precedence over the token in the link', async () => {
  const { agent, membership } = setUp();
  await membership.join({ address: 'https://lab-a:7080/join#key=old', token: 'secret' });
  expect(agent.calls).toEqual([toLab]);
});

test('join: plain address of another computer without a pin -> INVALID_REQUEST, nothing changed', async () => {
  const { agent, membership, store } = setUp();
  expect(await membership.join({ address: 'muster://192.168.1.20/join#key=secret' })).toMatchObject({
    ok: false,
    error: { code: 'INVALID_REQUEST', details: { field: 'address', reason: 'pin_missing' } },
  });
  expect([agent.calls, await store.load()]).toEqual([[], null]);
});

test('join: link with a pin -> agent gets the pin, also at the next start', async () => {
  const pin = `sha256-${'a'.repeat(43)}`;
  const before = setUp();
  await before.membership.join({ address: `muster://192.168.1.20/join#pin=${pin}&key=secret` });
  const toPool = ['connectTo', { url: 'wss://192.168.1.20:7080', joinToken: 'secret', pin }];
  expect(before.agent.calls).toEqual([toPool]);
  const after = setUp((await before.store.load()) ?? undefined);
  await after.membership.restore();
  expect(after.agent.calls).toEqual([toPool]);
});

test('restore: address stored without a pin -> agent shows why it does not connect', async () => {
  const { agent, membership } = setUp(firstChoice('ws://192.168.1.20:7080', 'secret'));
  await membership.restore();
  expect(agent.calls).toEqual([['connectTo', { url: 'ws://192.168.1.20:7080', joinToken: 'secret', pin: null }]]);
});

test('join: invalid address -> INVALID_REQUEST, nothing changed', async () => {
  const { agent, host, membership, store } = setUp();
  expect(await membership.join({ address: 'lab a' })).toMatchObject({
    ok: false,
    error: { code: 'INVALID_REQUEST', details: { field: 'address', reason: 'host_invalid' } },
  });
  expect([agent.calls, host.calls, await store.load()]).toEqual([[], [], null]);
});

test('join: while hosting -> host stopped first', async () => {
  const { agent, host, membership, store } = setUp();
  await membership.host({ scope: 'lan' });
  await membership.join({ address: 'wss://lab-a:7080', token: 'secret' });
  expect(host.calls).toEqual([['start', 'lan'], ['stop']]);
  expect(agent.calls).toEqual([toHost, nowhere, toLab]);
  expect(await store.load()).toMatchObject({ mode: 'joined' });
});

test('host: agent moves from the joined pool to the hosted scheduler', async () => {
  const { agent, membership, store } = setUp();
  await membership.join({ address: 'wss://lab-a:7080', token: 'secret' });
  await membership.host({ scope: 'this_computer' });
  expect(agent.calls).toEqual([toLab, toHost]);
  expect(await store.load()).toEqual({ mode: 'host', scope: 'this_computer' });
});

test('host: scheduler does not start -> nothing changed, agent stays connected', async () => {
  const { agent, host, membership, store } = setUp();
  await membership.join({ address: 'wss://lab-a:7080', token: 'secret' });
  host.startOutcome = hostFailure('PORT_IN_USE', { port: 7080 });
  expect(await membership.host({ scope: 'lan' })).toMatchObject({ ok: false, error: { code: 'PORT_IN_USE' } });
  expect(agent.calls).toEqual([toLab]);
  expect(await store.load()).toMatchObject({ mode: 'joined' });
});

test('host: restart at another address -> agent connects there', async () => {
  const { agent, host, membership } = setUp();
  await membership.host({ scope: 'this_computer' });
  host.change({ state: 'restarting', url: null });
  host.change({ state: 'running', url: 'http://127.0.0.1:9999' });
  await Promise.resolve();
  expect(agent.calls).toEqual([toHost, ['connectTo', { url: 'ws://127.0.0.1:9999', joinToken: 'join-me' }]]);
});

test('host: restart at the same address -> agent reconnects by itself', async () => {
  const { agent, host, membership } = setUp();
  await membership.host({ scope: 'this_computer' });
  host.change({ state: 'restarting', url: null });
  host.change({ state: 'running', url: host.url });
  await Promise.resolve();
  expect(agent.calls).toEqual([toHost]);
});

test('host: opened to the LAN -> agent connects again with the token', async () => {
  const { agent, membership } = setUp();
  await membership.host({ scope: 'this_computer' });
  await membership.host({ scope: 'lan' });
  expect(agent.calls).toEqual([toHost, toHost]);
});

test('stop hosting: no pool, also at the next start', async () => {
  const before = setUp();
  await before.membership.host({ scope: 'lan' });
  await before.membership.stopHosting();
  expect(before.agent.calls).toEqual([toHost, nowhere]);
  await before.store.load();

  const after = setUp(firstChoice(null, null));
  await after.membership.restore();
  expect([after.agent.calls, after.host.calls]).toEqual([[], []]);
});

test('leave: agent disconnects and stays disconnected; while hosting -> INVALID_STATE', async () => {
  const { agent, membership, store } = setUp();
  await membership.join({ address: 'wss://lab-a:7080', token: 'secret' });
  expect(membership.leave()).toEqual({ ok: true, value: undefined });
  expect(agent.calls).toEqual([toLab, nowhere]);
  expect(await store.load()).toEqual({ mode: 'none' });
  await membership.host({ scope: 'lan' });
  expect(membership.leave()).toMatchObject({ ok: false, error: { code: 'INVALID_STATE', details: { reason: 'hosting' } } });
});

test.each([
  ['invalid JSON', '{"mode":'],
  ['an unknown mode', '{"mode":"both"}'],
  ['an array', '[]'],
  ['a missing field', '{"mode":"host"}'],
])('stored choice: %s -> ignored and logged, file unchanged', async (_title, text) => {
  const file = path.join(folder, 'app.json');
  await writeFile(file, text);
  const logged: string[] = [];
  const store = new ChoiceStore(file, { log: (_level, event) => logged.push(event), isEnabled: () => true });
  expect(await store.load()).toBeNull();
  expect(logged).toEqual(['app_choice_unreadable']);
  expect(await readFile(file, 'utf8')).toBe(text);
});

test('choice: write fails -> logged, choice applies', async () => {
  const logged: string[] = [];
  await writeFile(path.join(folder, 'file'), '');
  const store = new ChoiceStore(path.join(folder, 'file', 'app.json'), {
    log: (_level, event) => logged.push(event),
    isEnabled: () => true,
  });
  store.save({ mode: 'none' });
  expect(logged).toEqual(['app_choice_not_saved']);
});

const PIN = `sha256-${'b'.repeat(43)}`;
const POOL: JoinedPool = {
  version: 1,
  name: 'lab',
  pin: PIN,
  port: 7080,
  addresses: ['192.168.1.20'],
  credential: 'mn_secret',
  roles: ['node'],
};
const joinedPool = { ...POOL, addresses: [...POOL.addresses] };
const toPool = ['connectTo', { url: 'wss://192.168.1.20:7080', joinToken: 'mn_secret', pin: PIN }];
const link = (state: 'connected' | 'refused', url: string) =>
  state === 'connected'
    ? { link: { state, scheduler_url: url, since: 1, latency_ms: null } }
    : { link: { state, scheduler_url: url, since: 1, code: 'REVOKED', message: '', details: null } };

test('joined by digits: pool kept with mode 0600, agent connected, also at the next start', async () => {
  const before = setUp();
  before.membership.adopt(joinedPool);
  expect(before.agent.calls).toEqual([toPool]);
  expect(await before.store.load()).toEqual({ mode: 'joined_pool', pool: joinedPool });
  expect((await stat(before.file)).mode & 0o777).toBe(0o600);
  const after = setUp();
  await after.membership.restore();
  expect(after.agent.calls).toEqual([toPool]);
});

test('joined by digits while hosting: own pool stays until the agent is connected to the new one', async () => {
  const { agent, host, membership } = setUp();
  await membership.host({ scope: 'this_computer' });
  membership.adopt(joinedPool);
  agent.change(link('connected', 'ws://127.0.0.1:7080'));
  expect(host.calls).toEqual([['start', 'this_computer']]);
  agent.change(link('connected', 'wss://192.168.1.20:7080'));
  expect(host.calls).toEqual([['start', 'this_computer'], ['stop']]);
  expect(agent.calls).toEqual([toHost, toPool]);
});

test('joined by a link with a pin while hosting: own pool stays until the agent is connected, then the pool is followed', async () => {
  const { agent, host, membership, store } = setUp();
  await membership.host({ scope: 'this_computer' });
  await membership.join({ address: `muster://192.168.1.20/join#pin=${PIN}&key=mi_secret` });
  expect(host.calls).toEqual([['start', 'this_computer']]);
  agent.change(link('connected', 'wss://192.168.1.20:7080'));
  expect(host.calls).toEqual([['start', 'this_computer'], ['stop']]);
  expect(await store.load()).toMatchObject({
    mode: 'joined_pool',
    pool: { pin: PIN, addresses: ['192.168.1.20'], credential: 'mi_secret' },
  });
});

test.each(['refused', 'left'])('joined by digits while hosting: new pool %s -> agent returns to the own pool', async (end) => {
  const { agent, host, membership, store } = setUp();
  await membership.host({ scope: 'lan', announce: false });
  membership.adopt(joinedPool);
  if (end === 'refused') agent.change(link('refused', 'wss://192.168.1.20:7080'));
  else membership.leave();
  await Promise.resolve();
  await Promise.resolve();
  expect(agent.calls).toEqual([toHost, toPool, nowhere, toHost]);
  expect(host.calls).toHaveLength(1);
  expect(await store.load()).toEqual({ mode: 'host', scope: 'lan', announce: false });
});

test('owner key of the own pool replaced -> agent joins with the new key, and does not repeat a refused key', async () => {
  const { agent, membership, owner } = setUp();
  await membership.host({ scope: 'lan' });
  owner.key = 'new-key';
  for (let times = 0; times < 2; times++) {
    agent.change(link('refused', 'ws://127.0.0.1:7080'));
    await Promise.resolve();
    await Promise.resolve();
  }
  expect(agent.calls).toEqual([toHost, ['connectTo', { url: 'ws://127.0.0.1:7080', joinToken: 'new-key' }]]);
});

test('joined by digits, then another pool or hosting -> the pool is left', async () => {
  const { agent, membership, store } = setUp();
  membership.adopt(joinedPool);
  await membership.join({ address: 'wss://lab-a:7080', token: 'secret' });
  expect(agent.calls).toEqual([toPool, toLab]);
  membership.adopt(joinedPool);
  await membership.host({ scope: 'this_computer' });
  expect(agent.calls.at(-1)).toEqual(toHost);
  expect(await store.load()).toEqual({ mode: 'host', scope: 'this_computer' });
});

test('host: settings kept, also at the next start; an absent setting stays', async () => {
  const before = setUp();
  await before.membership.host({ scope: 'lan', plainHttpApi: true });
  await before.membership.host({ scope: 'lan', announce: false });
  const settings = { plainHttpApi: true, announce: false };
  expect(await before.store.load()).toEqual({ mode: 'host', scope: 'lan', ...settings });
  const after = setUp();
  await after.membership.restore();
  expect(after.host.calls).toEqual([['start', 'lan', settings]]);
});
