// The pools that a computer remembers, and how it switches between them.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ChoiceStore, type JoinedChoice } from '../../../src/main/app-api/app-choice';
import { Membership } from '../../../src/main/app-api/membership';
import { TRIAL_MS } from '../../../src/main/app-api/pool-trial';
import { rememberedIdOf } from '../../../src/main/app-api/joined-choice';
import { RememberedPools } from '../../../src/main/app-api/remembered-pools';
import { silentLogger } from '../../../src/main/platform/logger';
import type { JoinStep, PoolAddress } from '../../../src/shared/api/app-api';
import { MAX_REMEMBERED_POOLS } from '../../../src/shared/api/remembered-pools';
import { FakeAgent, FakeHost } from '../../support/app-fakes';
import { ManualClock } from '../../support/manual-clock';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'muster-pools-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const PIN = `sha256-${'b'.repeat(43)}`;
const ATELIER = {
  mode: 'joined_pool',
  pool: { version: 1, name: 'Atelier', pin: PIN, port: 7080, addresses: ['192.168.1.20'], credential: 'mn_first', roles: ['node'] },
} satisfies JoinedChoice;
const LAB: JoinedChoice = { mode: 'joined', address: 'ws://127.0.0.1:9000', joinToken: 'secret' };
const [atelierId, labId] = [rememberedIdOf(ATELIER), rememberedIdOf(LAB)];
const ATELIER_URL = 'wss://192.168.1.20:7080';

const poolsIn = (): RememberedPools => new RememberedPools(path.join(folder, 'pools.json'), silentLogger);
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const connected = (url: string) => ({ link: { state: 'connected' as const, scheduler_url: url, since: 1, latency_ms: null } });

async function setUp() {
  const [agent, host, store] = [new FakeAgent(), new FakeHost(), new ChoiceStore(path.join(folder, 'app.json'), silentLogger)];
  const remembered = poolsIn();
  remembered.remember(ATELIER, 10);
  remembered.remember(LAB, 20);
  const tested: PoolAddress[] = [];
  const clock = new ManualClock();
  const test = { steps: [] as JoinStep[] };
  const membership = new Membership({
    agent,
    host,
    store,
    remembered,
    first: { mode: 'host', scope: 'lan', announce: false },
    readOwnerKey: () => Promise.resolve('owner'),
    testConnection: (address) => {
      tested.push(address);
      return Promise.resolve(test.steps);
    },
    clock,
    logger: silentLogger,
  });
  await membership.restore();
  remembered.remember({ mode: 'host', scope: 'lan', announce: false }, 30);
  return { agent, host, store, membership, tested, test, clock };
}

test('list: own pool and joined ones, the present one first, then the last used; no key in it', async () => {
  const { membership } = await setUp();
  expect(membership.pools()).toEqual([
    { pool_id: 'own', kind: 'own', name: null, address: null, pin: null, is_current: true, last_used_at: 30 },
    { pool_id: labId, kind: 'joined', name: null, address: '127.0.0.1:9000', pin: null, is_current: false, last_used_at: 20 },
    { pool_id: atelierId, kind: 'joined', name: 'Atelier', address: '192.168.1.20:7080', pin: PIN, is_current: false, last_used_at: 10 },
  ]);
  expect(JSON.stringify(membership.pools())).not.toMatch(/secret|mn_/);
});

test('switch: tested with the present key of the agent, then tried; own pool stops when the agent is connected; back with its settings', async () => {
  const { agent, host, membership, tested, store } = await setUp();
  agent.credential = 'mn_present';
  const done = membership.switchTo(atelierId);
  await settled();
  expect(tested).toEqual([{ address: `${ATELIER_URL}#pin=${PIN}`, token: 'mn_present' }]);
  expect(host.calls.map((call) => (call as string[])[0])).toEqual(['start']);
  agent.change(connected(ATELIER_URL));
  expect(await done).toEqual({ ok: true, value: undefined });
  expect(host.calls.at(-1)).toEqual(['stop']);
  expect(await store.load()).toMatchObject({ mode: 'joined_pool' });
  expect(await membership.switchTo('own')).toMatchObject({ ok: true });
  expect(host.calls.at(-1)).toEqual(['start', 'lan', { plainHttpApi: undefined, announce: false }]);
  expect(membership.pools().find(({ is_current: isCurrent }) => isCurrent)?.pool_id).toBe('own');
});

test('switch: test fails -> NOT_JOINED, present pool kept; test of a pool changes nothing', async () => {
  const { agent, host, membership, test, store } = await setUp();
  test.steps = [{ step: 'token', outcome: 'failed', code: 'unauthorized', details: {}, duration_ms: 1 }];
  const before = [...agent.calls];
  expect(await membership.testPool(labId)).toEqual({ ok: true, value: test.steps });
  expect(await membership.switchTo(labId)).toMatchObject({ ok: false, error: { code: 'NOT_JOINED', details: { step: 'token' } } });
  expect([agent.calls, host.calls.length]).toEqual([before, 1]);
  expect(await store.load()).toBeNull();
});

test('forget: pool and key removed, also after a restart; own, present or unknown pool -> refused', async () => {
  const { agent, membership } = await setUp();
  expect(membership.forget('own')).toMatchObject({ ok: false, error: { code: 'INVALID_STATE' } });
  expect(membership.forget('00000000000000ff')).toMatchObject({ ok: false, error: { code: 'NOT_FOUND' } });
  expect(membership.forget(atelierId)).toEqual({ ok: true, value: undefined });
  expect(agent.calls.at(-1)).toEqual(['forgetMember', ATELIER_URL, PIN]);
  expect(
    poolsIn()
      .views({ mode: 'none' })
      .map(({ pool_id: id }) => id),
  ).toEqual(['own', labId]);
  expect(readFileSync(path.join(folder, 'pools.json'), 'utf8')).not.toContain('mn_first');
  const done = membership.switchTo(labId);
  await settled();
  agent.change(connected('ws://127.0.0.1:9000'));
  await done;
  expect(membership.forget(labId)).toMatchObject({ ok: false, error: { code: 'INVALID_STATE', details: { reason: 'in_use' } } });
});

test('name of the pool reported by its scheduler -> kept, also after a restart; the pool at another address is the same', () => {
  const pools = poolsIn();
  pools.remember(ATELIER, 10);
  pools.rename(ATELIER, 'Atelier Nord');
  const moved = { mode: 'joined_pool', pool: { ...ATELIER.pool, addresses: ['10.0.0.9', '192.168.1.20'] } } satisfies JoinedChoice;
  poolsIn().remember(moved, 20);
  expect(poolsIn().views({ mode: 'none' })).toMatchObject([
    { name: 'Atelier Nord', address: '10.0.0.9:7080', last_used_at: 20 },
    { kind: 'own' },
  ]);
});

test('switch: not accepted in time -> the last use stays as it was; a pool that was never used has none', async () => {
  const { agent, membership, clock } = await setUp();
  const tries = [membership.switchTo(labId), membership.join({ address: 'wss://new:7080', token: 'k' })];
  await settled();
  clock.advance(TRIAL_MS);
  await Promise.all(tries);
  expect(agent.calls.at(-1)).toMatchObject(['connectTo', { joinToken: 'owner' }]);
  expect(membership.pools()).toMatchObject([
    { pool_id: 'own' },
    { pool_id: labId, last_used_at: 20 },
    { pool_id: atelierId, last_used_at: 10 },
    { address: 'new:7080', last_used_at: null },
  ]);
  expect(poolsIn().views({ mode: 'none' })).toHaveLength(4);
});

test('more pools tried than the limit -> the present pool stays; the keys of the forgotten ones are removed', async () => {
  const { agent, membership, clock } = await setUp();
  const joined = membership.switchTo(labId);
  await settled();
  agent.change(connected('ws://127.0.0.1:9000'));
  await joined;
  for (let index = 0; index < MAX_REMEMBERED_POOLS; index++) {
    const tried = membership.join({ address: `wss://new-${String(index)}:7080`, token: 'k' });
    await settled();
    clock.advance(TRIAL_MS);
    await tried;
  }
  const addresses = membership.pools().map(({ address }) => address);
  expect(addresses).toHaveLength(MAX_REMEMBERED_POOLS + 1);
  expect(addresses).toEqual(expect.arrayContaining(['127.0.0.1:9000', '192.168.1.20:7080', 'new-15:7080']));
  const forgotten = ['new-13', 'new-14'].map((name) => ['forgetMember', `wss://${name}:7080`, null]);
  expect(agent.calls.filter((call) => (call as string[])[0] === 'forgetMember')).toEqual(forgotten);
});

test('more pools than the limit -> the one used longest ago is forgotten', () => {
  const pools = poolsIn();
  const address = (index: number): string => `wss://lab-${String(index)}:7080`;
  for (let index = 0; index <= MAX_REMEMBERED_POOLS; index++)
    pools.remember({ mode: 'joined', address: address(index), joinToken: null }, index + 1);
  const addresses = poolsIn()
    .views({ mode: 'none' })
    .flatMap((pool) => pool.address ?? []);
  expect(addresses).toHaveLength(MAX_REMEMBERED_POOLS);
  expect(addresses).not.toContain('lab-0:7080');
});

test('name that a scheduler reports: longer than the file holds, or invisible -> shortened or left out; the list survives a restart', () => {
  const pools = poolsIn();
  pools.remember(LAB, 20);
  pools.remember(ATELIER, 10);
  pools.rename(ATELIER, `${'x'.repeat(300)}\u202e`);
  pools.rename(LAB, '\u200b\u0007');
  expect(poolsIn().views({ mode: 'none' })).toMatchObject([{ name: null }, { name: 'x'.repeat(64) }, { kind: 'own' }]);
});

test('invitation of a host with a long name -> choice and list survive a restart', async () => {
  const { agent, membership, store } = await setUp();
  const host = `${'a'.repeat(60)}.${'b'.repeat(60)}.example`;
  const joined = membership.join({ address: `muster://${host}:7080/join#pin=${PIN}&key=mi_1` });
  await settled();
  agent.change(connected(`wss://${host}:7080`));
  expect(await joined).toMatchObject({ ok: true });
  expect(await store.load()).toMatchObject({ mode: 'joined_pool', pool: { addresses: [host] } });
  expect(poolsIn().views({ mode: 'none' })).toHaveLength(3);
});

test('stored list: one damaged entry -> the others are kept', () => {
  const pools = poolsIn();
  pools.remember(LAB, 20);
  pools.remember(ATELIER, 10);
  const file = path.join(folder, 'pools.json');
  writeFileSync(file, readFileSync(file, 'utf8').replace('"port": 7080', '"port": 0'));
  expect(poolsIn().views({ mode: 'none' })).toMatchObject([{ pool_id: labId }, { pool_id: 'own' }]);
});

test.each([
  ['invalid JSON', '{"pools":'],
  ['a damaged entry', '{"version":1,"pools":[{"choice":{"mode":"joined"},"name":null,"last_used_at":1}]}'],
])('stored list: %s -> empty and logged', (_title, text) => {
  writeFileSync(path.join(folder, 'pools.json'), text);
  const logged: string[] = [];
  const pools = new RememberedPools(path.join(folder, 'pools.json'), { log: (_level, event) => logged.push(event), isEnabled: () => true });
  expect(pools.views({ mode: 'none' })).toHaveLength(1);
  expect(logged).toEqual(['pools_unreadable']);
});
