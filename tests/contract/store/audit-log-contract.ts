// The audit log: its bound, equal acts as one entry, restarts and failed writes.
import { beforeEach, expect, test } from 'vitest';
import { AuditLog, SAME_ENTRY_MS } from '../../../src/main/scheduler/members/audit-log';
import { AuditTable } from '../../../src/main/scheduler/members/audit-table';
import { OWNER, type Principal } from '../../../src/main/scheduler/members/core/principal';
import type { Store } from '../../../src/main/scheduler/database/store';
import { ManualClock } from '../../support/manual-clock';
import { KeptLog } from '../../support/test-scheduler';
import type { StoreEngine, TestDatabase } from './store-engine';

const OPERATOR: Principal = { ...OWNER, kind: 'key', id: 'key-a', name: 'operator', roles: ['operator'] };

export function auditLogContract({ open }: StoreEngine): void {
  let database: TestDatabase;
  beforeEach(async () => {
    database = await open();
  });

  async function setUp(store: Store = database.store, clock = new ManualClock()) {
    const [table, log] = [new AuditTable(store), new KeptLog()];
    const audit = new AuditLog({ table, stored: await table.load(clock.wallMs() - SAME_ENTRY_MS), clock, logger: log });
    const act = (action: string, target: string | null, principal: Principal | null = OPERATOR, from = '10.0.0.2') => {
      audit.record({ action, target, principal, from });
    };
    const entries = async (limit = 1000, beforeId: number | null = null) => {
      // The writes of the acts are before this one.
      await store.write([]);
      return audit.list(limit, beforeId);
    };
    return { clock, log, act, entries };
  }

  test('30,000 different operations -> the acts of the owner are kept, the operations are bounded', async () => {
    const { act, entries } = await setUp();
    act('key.create', 'key-a', OWNER);
    act('pool.backup', null, OWNER);
    for (let at = 0; at < 30_000; at++) act('node.drain', `node-${String(at % 7)}`);
    const all = await entries(100_000);
    expect(all).toHaveLength(10_002);
    expect(all.slice(-2)).toMatchObject([{ action: 'pool.backup' }, { action: 'key.create' }]);
  });

  test('a member makes and revokes keys without end -> the acts of the owner are kept', async () => {
    const { act, entries } = await setUp();
    const member: Principal = { ...OWNER, kind: 'member', id: 'mem-a', name: 'laptop', roles: ['node', 'client'] };
    act('key.create', 'key-a', OWNER);
    for (let at = 0; at <= 10_000; at++) act('key.create', `key-${String(at)}`, member);
    const all = await entries(100_000);
    expect([all.length, all.at(-1)?.who, all.at(-2)?.target]).toEqual([10_001, 'owner', 'key-1']);
  });

  test('10,001 owner acts -> the oldest of them ends, operations are kept', async () => {
    const { act, entries } = await setUp();
    act('node.drain', 'node-a');
    for (let at = 0; at <= 10_000; at++) act('invite.create', `inv-${String(at)}`, OWNER);
    const all = await entries(100_000);
    expect([all.length, all.at(-1)?.action, all.at(-2)?.target]).toEqual([10_001, 'node.drain', 'inv-1']);
  });

  test('equal acts of one caller within a minute -> one entry with a count, also with acts of others between', async () => {
    const { clock, log, act, entries } = await setUp();
    for (let times = 0; times < 3; times++) {
      act('node.drain', 'node-a');
      act('node.drain', 'node-a', null);
    }
    act('node.drain', 'node-b');
    act('node.drain', 'node-a');
    act('node.drain', 'node-a', OPERATOR, '10.0.0.3');
    clock.advance(60_000);
    act('node.drain', 'node-a', OPERATOR, '10.0.0.3');
    const seen = (await entries()).map(({ who, target, from, count }) => [who, target, from, count]);
    expect(seen.reverse()).toEqual([
      ['key-a', 'node-a', '10.0.0.2', 3],
      [null, 'node-a', '10.0.0.2', 3],
      ['key-a', 'node-b', '10.0.0.2', 1],
      ['key-a', 'node-a', '10.0.0.2', 1],
      ['key-a', 'node-a', '10.0.0.3', 1],
      ['key-a', 'node-a', '10.0.0.3', 1],
    ]);
    expect(log.of('operator_act')).toHaveLength(6);
    expect(log.of('operator_act')[0]).toEqual({
      action: 'node.drain',
      target: 'node-a',
      who: 'key-a',
      who_name: 'operator',
      from: '10.0.0.2',
    });
  });

  test('restart -> ids and bounds go on, and an equal act within the minute counts', async () => {
    const first = await setUp();
    for (let at = 0; at < 10_000; at++) first.act('invite.create', `inv-${String(at)}`, OWNER);
    first.act('node.drain', 'node-a', null);
    first.clock.advance(30_000);
    first.act('node.drain', 'node-a');
    await first.entries();
    await database.store.close();
    first.clock.advance(30_000);
    const { act, entries, log } = await setUp(await database.reopen(), first.clock);
    act('node.drain', 'node-a');
    act('node.drain', 'node-a', null);
    act('invite.create', 'inv-10000', OWNER);
    const all = await entries(100_000);
    expect(all.slice(0, 4).map(({ id, who, target, count }) => [id, who, target, count])).toEqual([
      [10_004, 'owner', 'inv-10000', 1],
      [10_003, null, 'node-a', 1],
      [10_002, 'key-a', 'node-a', 2],
      [10_001, null, 'node-a', 1],
    ]);
    expect([all.length, all.at(-1)?.target]).toEqual([10_003, 'inv-1']);
    expect(log.of('operator_act')).toHaveLength(2);
  });

  test('pages -> newest first, each entry once', async () => {
    const { act, entries } = await setUp();
    for (const target of ['a', 'b', 'c', 'd', 'e']) act('node.drain', target);
    const [first, second] = [await entries(2), await entries(2, 4)];
    expect([first, second].map((page) => page.map(({ target }) => target))).toEqual([
      ['e', 'd'],
      ['c', 'b'],
    ]);
    expect(await entries(2, Number.MAX_SAFE_INTEGER)).toEqual(first);
  });

  test('target with any characters -> stored, as far as a database can', async () => {
    const { act, entries } = await setUp();
    act('node.drain', 'node\u0000 \ud83d\ude00 机房');
    expect(await entries()).toMatchObject([{ target: 'node \ud83d\ude00 机房' }]);
  });

  test('writes fail -> logged; with the next equal act the entry has all acts, and its line of the log', async () => {
    const { store } = database;
    const { act, entries, log } = await setUp();
    await store.write([{ text: 'ALTER TABLE audit RENAME TO away', values: [] }]);
    act('node.drain', 'node-a');
    act('node.drain', 'node-a');
    await store.write([]);
    act('node.drain', 'node-b');
    await store.write([]);
    await store.write([{ text: 'ALTER TABLE away RENAME TO audit', values: [] }]);
    expect([log.of('audit_not_written').length, log.of('operator_act').length]).toEqual([3, 0]);
    act('node.drain', 'node-b');
    act('node.drain', 'node-c');
    expect((await entries()).map(({ target, count }) => [target, count])).toEqual([
      ['node-c', 1],
      ['node-b', 2],
    ]);
    expect(log.of('operator_act').map(({ target }) => target)).toEqual(['node-b', 'node-c']);
  });
}
