// What a member sees of its pool: the state of the scheduler with the rights of the member, and its age while the connection is lost.
import { expect, test } from 'vitest';
import { type PoolSource, ShownPool, type ShownPoolEvent } from '../../../src/main/app-api/shown-pool';
import type { CallerView } from '../../../src/shared/api/members';
import { ok } from '../../../src/shared/result';
import { failure } from '../../../src/main/contracts/app-errors';
import { FakePool, nodeView, poolSummary } from '../../support/app-fakes';
import { ManualClock } from '../../support/manual-clock';

const CALLER: CallerView = {
  id: 'mem-1',
  name: 'kai',
  roles: ['node'],
  pool_name: 'Atelier',
  rights: ['read_nodes', 'read_models', 'right_of_a_later_version'],
};

function setUp(change: Partial<PoolSource> = {}) {
  const [pool, clock] = [new FakePool(), new ManualClock()];
  const events: ShownPoolEvent[] = [];
  const source: PoolSource = { pool, trust: null, access: 'member', key: 'atelier', caller: () => Promise.resolve(ok(CALLER)), ...change };
  const shown = new ShownPool(source, clock, (event) => events.push(event));
  const last = () => events.findLast((event) => event.type === 'pool' || event.type === 'snapshot')?.pool;
  return { pool, clock, events, shown, last };
}
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('member: no right before the answer, then the rights and the name; unknown rights left out', async () => {
  const { pool, last } = setUp();
  expect(last()).toMatchObject({ access: 'member', rights: [], name: null, lost_since: null });
  pool.connect(true);
  await settled();
  expect(last()).toMatchObject({ rights: ['read_nodes', 'read_models'], name: 'Atelier' });
});

test('name with 1,000,000 characters, some invisible -> shortened to those that are shown', async () => {
  const caller = { ...CALLER, pool_name: `\u202e\u0000Lab ${'x'.repeat(1_000_000)}` };
  const { pool, last } = setUp({ caller: () => Promise.resolve(ok(caller)) });
  pool.connect(true);
  await settled();
  expect(last()?.name).toBe(`Lab ${'x'.repeat(60)}`);
});

test('host: all rights at once; the answer gives the name', async () => {
  const { pool, last } = setUp({ access: 'host' });
  expect(last()).toMatchObject({ access: 'host', name: null });
  expect(last()?.rights).toContain('manage');
  pool.connect(true);
  await settled();
  expect(last()?.rights).toContain('manage');
  expect(last()?.name).toBe('Atelier');
});

test('connection lost -> last state with the time of the loss, once; connected again -> none', async () => {
  const { pool, clock, events, last } = setUp();
  pool.connect(true);
  await settled();
  clock.advance(5000);
  pool.connect(false);
  const lostAt = last()?.lost_since;
  expect(lostAt).toBe(clock.wallMs());
  const count = events.length;
  clock.advance(5000);
  pool.connect(false);
  expect([events.length, last()?.lost_since]).toEqual([count, lostAt]);
  expect(last()).toMatchObject({ name: 'Atelier', rights: ['read_nodes', 'read_models'] });
  pool.connect(true);
  expect(last()?.lost_since).toBeNull();
});

test('scheduler of an earlier version, or no answer -> no rights', async () => {
  const { rights: _rights, pool_name: _name, ...older } = CALLER;
  for (const answer of [ok(older), failure('DISCONNECTED')]) {
    const { pool, last } = setUp({ caller: () => Promise.resolve(answer) });
    pool.connect(true);
    await settled();
    expect(last()).toMatchObject({ rights: [], name: null });
  }
});

test('events of nodes pass; closed -> no event', async () => {
  const { pool, events, shown } = setUp();
  pool.subject.publish({ type: 'node_changed', node: nodeView('node-A') });
  pool.subject.publish({ type: 'pool_changed', pool: poolSummary({ required_models: ['m'] }) });
  expect(events.map(({ type }) => type)).toEqual(['snapshot', 'node_changed', 'pool']);
  expect(events.at(-1)).toMatchObject({ pool: { required_models: ['m'], access: 'member' } });
  pool.connect(true);
  shown.close();
  pool.subject.publish({ type: 'node_changed', node: nodeView('node-B') });
  pool.connect(false);
  await settled();
  expect(events).toHaveLength(3);
});
