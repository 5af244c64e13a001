// The bound of the audit log: many operations push out no act of an owner.
import { DatabaseSync } from 'node:sqlite';
import { expect, onTestFinished, test } from 'vitest';
import { GroupCommit } from '../../../../src/main/scheduler/database/group-commit';
import { NODE_DATABASE } from '../../../../src/main/scheduler/database/migrations';
import { AuditLog } from '../../../../src/main/scheduler/members/audit-log';
import { OWNER, type Principal } from '../../../../src/main/scheduler/members/core/principal';
import { ManualClock } from '../../../support/manual-clock';
import { KeptLog } from '../../../support/test-scheduler';

const OPERATOR: Principal = { ...OWNER, kind: 'key', id: 'key-a', name: 'operator', roles: ['operator'] };

function setUp() {
  const database = new DatabaseSync(':memory:');
  for (const sql of NODE_DATABASE.migrations) database.exec(sql);
  const [clock, writes] = [new ManualClock(), new GroupCommit(database)];
  const log = new KeptLog();
  const audit = new AuditLog(database, writes, clock, log);
  onTestFinished(() => {
    writes.close();
    database.close();
  });
  const act = (action: string, target: string | null, principal: Principal | null = OPERATOR, from = '10.0.0.2') => {
    audit.record({ action, target, principal, from });
  };
  const entries = async (limit = 1000) => {
    await new Promise(setImmediate);
    return audit.list(limit, null);
  };
  return { clock, log, act, entries };
}

test('30,000 different operations -> the acts of the owner are kept, the operations are bounded', async () => {
  const { act, entries } = setUp();
  act('key.create', 'key-a', OWNER);
  act('pool.backup', null, OWNER);
  for (let at = 0; at < 30_000; at++) act('node.drain', `node-${String(at % 7)}`);
  const all = await entries(100_000);
  expect(all).toHaveLength(10_002);
  expect(all.slice(-2)).toMatchObject([{ action: 'pool.backup' }, { action: 'key.create' }]);
});

test('10,001 owner acts -> the oldest of them ends, operations are kept', async () => {
  const { act, entries } = setUp();
  act('node.drain', 'node-a');
  for (let at = 0; at <= 10_000; at++) act('invite.create', `inv-${String(at)}`, OWNER);
  const all = await entries(100_000);
  expect([all.length, all.at(-1)?.action, all.at(-2)?.target]).toEqual([10_001, 'node.drain', 'inv-1']);
});

test('equal acts of one caller within a minute -> one entry with a count, also with acts of others between', async () => {
  const { clock, log, act, entries } = setUp();
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
