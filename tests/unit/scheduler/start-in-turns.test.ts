// A scheduler that begins to lead has connections already: what it loads at the start is read in several turns of the event loop. Counts of
// work, no times.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { silentLogger } from '../../../src/main/platform/logger';
import type { Row, Store } from '../../../src/main/scheduler/database/store';
import { NodeEventTable } from '../../../src/main/scheduler/history/node-event-store';
import type { InviteRecord, KeyRecord, MemberRecord } from '../../../src/main/scheduler/members/core/records';
import { MemberTables } from '../../../src/main/scheduler/members/member-store';
import { Members } from '../../../src/main/scheduler/members/members';
import { keyLimitsSchema } from '../../../src/shared/api/members';
import { ok } from '../../../src/shared/result';
import { ManualClock } from '../../support/manual-clock';
import { TurnCounts } from '../../support/turn-counts';

const MANY = 10_000;
/** Records that one turn may read. */
const MOST_PER_TURN = 200;

let turns: TurnCounts;
beforeEach(() => {
  turns = new TurnCounts();
});
afterEach(() => {
  turns.stop();
});

const written = () => Promise.resolve(ok(null));

/** The same object. Each read of the property counts. */
function counted<Item extends object>(item: Item, property: keyof Item & string): Item {
  const value = item[property];
  return Object.defineProperty(item, property, {
    get: () => {
      turns.count();
      return value;
    },
  });
}

const rowsOf = (rows: readonly Row[]): Row[] => rows.map((row) => counted({ ...row }, 'record'));

/** Has these answers to reads, one after the other. */
function storeOf(answers: readonly (readonly Row[])[]): Store {
  const left = [...answers];
  return {
    read: () => Promise.resolve(left.shift() ?? []),
    write: written,
    usedBytes: () => Promise.resolve(0),
    close: () => Promise.resolve(),
  };
}

const idsOf = (kind: string): string[] => Array.from({ length: MANY }, (_, i) => `${kind}-${String(i).padStart(6, '0')}`);
const hashOf = (id: string): string => id.padEnd(43, '_');

const common = { roles: ['node' as const], models: null, createdAtWallMs: 1, lastUsedAtWallMs: null, revokedAtWallMs: null };
const keyOf = (id: string): KeyRecord => ({
  ...{ ...common, id, name: id, hash: hashOf(id), lastAddress: null, expiresAtWallMs: null, memberId: null },
  limits: keyLimitsSchema.parse({}),
});
const inviteOf = (id: string): InviteRecord => ({
  ...{ ...common, id, name: null, hash: hashOf(id), expiresAtWallMs: Number.MAX_SAFE_INTEGER, uses: 0, maxUses: 1 },
});
const memberOf = (id: string): MemberRecord => ({
  ...{ ...common, id, name: id, hash: hashOf(id), nextHash: null, lastAddress: null, nodeId: null, inviteId: null, nonceHash: null },
});

test('thousands of members, keys and invitations -> decoded in several turns', async () => {
  const rows = [idsOf('key').map(keyOf), idsOf('invite').map(inviteOf), idsOf('member').map(memberOf)].map((records) =>
    rowsOf(records.map((record) => ({ id: record.id, record: JSON.stringify(record) }))),
  );
  const loaded = await new MemberTables(storeOf(rows)).load('database');
  expect(loaded.ok && [loaded.value.keys, loaded.value.invites, loaded.value.members].map(({ length }) => length)).toEqual([
    MANY,
    MANY,
    MANY,
  ]);
  expect(turns.total).toBe(3 * MANY);
  expect(turns.most).toBeLessThanOrEqual(MOST_PER_TURN);
});

test('thousands of members, keys and invitations -> indexed in several turns, and all are known then', async () => {
  const members = new Members({
    store: { save: written, remove: written },
    ...{ clock: new ManualClock(), logger: silentLogger, ownerKey: () => 'owner' },
    audit: { record: () => undefined },
  });
  await members.restore({
    keys: idsOf('key').map((id) => counted(keyOf(id), 'hash')),
    invites: idsOf('invite').map((id) => counted(inviteOf(id), 'hash')),
    members: idsOf('member').map((id) => counted(memberOf(id), 'hash')),
  });
  turns.stop();
  expect(turns.total).toBeGreaterThanOrEqual(3 * MANY);
  expect(turns.most).toBeLessThanOrEqual(MOST_PER_TURN);
  expect([members.keys.list().length, members.invitations.list().length, members.members().length]).toEqual([MANY, MANY, MANY]);
});

test('events of thousands of nodes -> decoded in several turns', async () => {
  const nodeIds = idsOf('node').slice(0, 500);
  const event = { kind: 'state', at: 1, state: 'available', cause: { type: 'connection' } };
  const rows = nodeIds.flatMap((nodeId) => Array.from({ length: 20 }, () => ({ node_id: nodeId, record: JSON.stringify(event) })));
  const loaded = await new NodeEventTable(storeOf([nodeIds.map((nodeId) => ({ node_id: nodeId })), rowsOf(rows)])).load(0);
  expect([loaded.rows.length, loaded.unreadable]).toEqual([MANY, 0]);
  expect(turns.total).toBe(MANY);
  expect(turns.most).toBeLessThanOrEqual(MOST_PER_TURN);
});
