// Joining: the connection is tested, the agent tries the pool, and the membership of before is kept until the agent is connected.
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { type AppChoice, firstChoice } from '../../../src/main/app-api/app-choice';
import { TRIAL_MS } from '../../../src/main/app-api/pool-trial';
import type { JoinedPool } from '../../../src/main/joining/core/joined-pool';
import type { JoinStep } from '../../../src/shared/api/app-api';
import { LAB, link, nowhere, settled, toHost, toLab, useMembership } from '../../support/membership-bench';

const { folder, setUp } = useMembership();

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
test('join: address and token stored with mode 0600', async () => {
  const before = setUp();
  expect(await before.joined({ address: 'https://lab-a:7080/join#key=secret' }, LAB)).toEqual({ ok: true, value: undefined });
  expect(before.agent.calls).toEqual([toLab]);
  expect(await before.store.load()).toEqual({ mode: 'joined', address: LAB, joinToken: 'secret' });
  for (const file of [before.file, path.join(folder(), 'pools.json')]) expect((await stat(file)).mode & 0o777).toBe(0o600);

  const after = setUp(firstChoice(null, null));
  await after.membership.restore();
  expect(after.agent.calls).toEqual([toLab]);
  expect(after.host.calls).toEqual([]);
});

test('join with a simulated GPU -> the real hardware first; at the own pool it stays', async () => {
  const { agent, membership, joined } = setUp({ mode: 'host', scope: 'this_computer' });
  await membership.restore();
  agent.change({ simulation: 'owner' });
  expect(membership.isOfOthers()).toBe(false);
  await joined({ address: 'https://lab-a:7080/join#key=secret' }, LAB);
  expect(agent.calls).toEqual([toHost, ['simulate', false], toLab]);
  expect(membership.isOfOthers()).toBe(true);
});

test('join: separate token has precedence over the token in the link', async () => {
  const { agent, joined } = setUp();
  await joined({ address: 'https://lab-a:7080/join#key=old', token: 'secret' }, LAB);
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
  await before.joined({ address: `muster://192.168.1.20/join#pin=${pin}&key=secret` }, 'wss://192.168.1.20:7080');
  const toPool = ['connectTo', { url: 'wss://192.168.1.20:7080', joinToken: 'secret', pin }];
  expect(before.agent.calls).toEqual([toPool]);
  const after = setUp((await before.store.load()) ?? undefined);
  await after.membership.restore();
  expect(after.agent.calls).toEqual([toPool]);
});

test('join: invalid address -> INVALID_REQUEST, nothing changed', async () => {
  const { agent, host, membership, store } = setUp();
  expect(await membership.join({ address: 'lab a' })).toMatchObject({
    ok: false,
    error: { code: 'INVALID_REQUEST', details: { field: 'address', reason: 'host_invalid' } },
  });
  expect([agent.calls, host.calls, await store.load()]).toEqual([[], [], null]);
});

test('join: while hosting, plain address -> own pool runs until the agent is connected', async () => {
  const { agent, host, membership, store, joined } = setUp();
  await membership.host({ scope: 'lan' });
  const done = joined({ address: LAB, token: 'secret' }, LAB);
  await settled();
  expect(host.calls).toEqual([['start', 'lan'], ['stop']]);
  expect(agent.calls).toEqual([toHost, toLab]);
  expect(await done).toEqual({ ok: true, value: undefined });
  expect(await store.load()).toMatchObject({ mode: 'joined' });
});

const FAILED: JoinStep = { step: 'port', outcome: 'failed', code: 'refused', details: {}, duration_ms: 1 };

test('join: test fails -> NOT_JOINED with the step, nothing changed', async () => {
  const { agent, host, membership, store, connection } = setUp();
  await membership.host({ scope: 'lan' });
  connection.steps = [FAILED];
  expect(await membership.join({ address: LAB, token: 'secret' })).toMatchObject({
    ok: false,
    error: { code: 'NOT_JOINED', details: { reason: 'test_failed', step: 'port', code: 'refused' } },
  });
  expect([agent.calls, host.calls]).toEqual([[toHost], [['start', 'lan']]]);
  expect(await store.load()).toEqual({ mode: 'host', scope: 'lan' });
  expect(membership.pools().map(({ kind }) => kind)).toEqual(['own']);
});

const PRESENT: readonly [string, AppChoice, unknown][] = [
  ['own pool', { mode: 'host', scope: 'lan' }, toHost],
  [
    'joined pool',
    { mode: 'joined', address: 'wss://lab-b:7080', joinToken: null },
    ['connectTo', { url: 'wss://lab-b:7080', joinToken: null, pin: null }],
  ],
  ['no pool', { mode: 'none' }, nowhere],
];
test.each(PRESENT)(
  'join from %s: refused, or no answer in time -> NOT_JOINED, agent returns, choice kept',
  async (_title, present, back) => {
    for (const end of ['refused', 'timeout'] as const) {
      const { agent, host, membership, store, clock } = setUp(present);
      store.save(present);
      await membership.restore();
      await settled();
      const starts = host.calls.length;
      const done = membership.join({ address: LAB, token: 'secret' });
      await settled();
      if (end === 'refused') agent.change(link('refused', LAB));
      else {
        agent.change({ link: { state: 'reconnecting', scheduler_url: LAB, since: 1, attempt: 3, next_try_at: 2, cause: 'closed_1006' } });
        clock.advance(TRIAL_MS);
      }
      const details = end === 'refused' ? { reason: 'refused', code: 'REVOKED' } : { reason: 'timeout', cause: 'closed_1006' };
      expect(await done).toMatchObject({ ok: false, error: { code: 'NOT_JOINED', details } });
      await settled();
      expect(agent.calls.slice(-2)).toEqual([toLab, back]);
      expect(host.calls).toHaveLength(starts);
      expect(await store.load()).toEqual(present);
    }
  },
);

test('join: a later operation while the agent tries -> the first one is STOPPED', async () => {
  const { agent, membership, store } = setUp();
  const first = membership.join({ address: LAB, token: 'secret' });
  await settled();
  await membership.host({ scope: 'this_computer' });
  expect(await first).toMatchObject({ ok: false, error: { code: 'STOPPED' } });
  expect(agent.calls).toEqual([toLab, toHost]);
  agent.change(link('connected', LAB));
  expect(await store.load()).toMatchObject({ mode: 'host' });
});

test('join: the own hosted pool -> INVALID_STATE, nothing changed', async () => {
  const { agent, membership, tested } = setUp();
  await membership.host({ scope: 'this_computer' });
  expect(await membership.join({ address: 'localhost:7080' })).toMatchObject({
    ok: false,
    error: { code: 'INVALID_STATE', details: { reason: 'own_pool' } },
  });
  expect([agent.calls, tested]).toEqual([[toHost], []]);
});

test('joined by digits: pool kept with mode 0600, agent connected, also at the next start', async () => {
  const before = setUp();
  before.membership.adopt(joinedPool);
  expect(before.membership.pools()).toMatchObject([{ kind: 'own' }, { name: 'lab', pin: PIN, is_current: false, last_used_at: null }]);
  before.agent.change(link('connected', 'wss://192.168.1.20:7080'));
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
  void membership.join({ address: `muster://192.168.1.20/join#pin=${PIN}&key=mi_secret` });
  await settled();
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
  await settled();
  expect(agent.calls).toEqual([toHost, toPool, toHost]);
  expect(host.calls).toHaveLength(1);
  expect(await store.load()).toEqual({ mode: 'host', scope: 'lan', announce: false });
});

test('joined by digits, then another pool or hosting -> the pool is left, and remembered', async () => {
  const { agent, membership, store, joined } = setUp();
  membership.adopt(joinedPool);
  await joined({ address: LAB, token: 'secret' }, LAB);
  expect(agent.calls).toEqual([toPool, toLab]);
  membership.adopt(joinedPool);
  await membership.host({ scope: 'this_computer' });
  expect(agent.calls.at(-1)).toEqual(toHost);
  expect(await store.load()).toEqual({ mode: 'host', scope: 'this_computer' });
  expect(membership.pools().map(({ kind, address, is_current }) => [kind, address, is_current])).toEqual([
    ['own', null, true],
    ['joined', 'lab-a:7080', false],
    // Was tried, and never connected.
    ['joined', '192.168.1.20:7080', false],
  ]);
});
