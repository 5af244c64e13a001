// The tables of keys, invitations and members.
import { beforeEach, expect, test } from 'vitest';
import { keyLimitsSchema } from '../../../src/shared/api/members';
import type { InviteRecord, KeyRecord, MemberRecord } from '../../../src/main/scheduler/members/core/records';
import { MemberTables, type StoredMembers } from '../../../src/main/scheduler/members/member-store';
import type { StoreEngine, TestDatabase } from './store-engine';
import { WRITTEN } from './things';

const NAME = 'members of the test';
const HASH = 'h'.repeat(43);
const common = { models: null, createdAtWallMs: 1_700_000_000_000, lastUsedAtWallMs: null, revokedAtWallMs: null };
const aKey = (id: string, change: Partial<KeyRecord> = {}): KeyRecord => ({
  ...common,
  id,
  name: 'chat 机房 \u0000',
  roles: ['client'],
  models: ['llm:7b'],
  hash: HASH,
  limits: keyLimitsSchema.parse({ tokens_per_day: 10 ** 12 }),
  lastAddress: '192.168.1.9',
  expiresAtWallMs: null,
  memberId: null,
  ...change,
});
const invite: InviteRecord = {
  ...common,
  id: 'inv-1',
  name: null,
  roles: ['node'],
  hash: HASH,
  expiresAtWallMs: 1_800_000_000_000,
  uses: 1,
  maxUses: 2,
};
const member: MemberRecord = {
  ...common,
  id: 'mem-1',
  name: 'Ada',
  roles: ['node', 'client'],
  lastAddress: null,
  hash: null,
  nextHash: HASH,
  nodeId: 'node-1',
  inviteId: 'inv-1',
  nonceHash: null,
};

export function memberTablesContract({ open }: StoreEngine): void {
  let database: TestDatabase;
  let tables: MemberTables;

  beforeEach(async () => {
    database = await open();
    tables = new MemberTables(database.store);
  });

  /** As the version before stores it, which knows no members of keys. */
  const withoutMember = ({ memberId: _unknown, ...key }: KeyRecord) => ({ ...key, memberExpiresAtWallMs: undefined });
  const storedKeys = async (): Promise<object[]> =>
    (await database.store.read({ text: 'SELECT record FROM keys', values: [] })).map((row) => JSON.parse(String(row['record'])) as object);

  const loaded = async (): Promise<StoredMembers> => {
    const result = await tables.load(NAME);
    if (!result.ok) throw new Error(JSON.stringify(result.error));
    return result.value;
  };

  test.each([null, 1_800_000_000_000])(
    'key of a member that expires at %s -> loaded unchanged; for the version before it has expired, also when that version stored it',
    async (expiresAtWallMs) => {
      const own = aKey('key-m', { memberId: 'mem-1', expiresAtWallMs });
      await tables.save('keys', own);
      expect((await loaded()).keys).toEqual([own]);
      const [stored] = await storedKeys();
      expect(stored).toMatchObject({ expiresAtWallMs: 0 });
      const text = JSON.stringify(withoutMember(stored as KeyRecord));
      await database.store.write([{ text: 'UPDATE keys SET record = ?', values: [text] }]);
      expect((await loaded()).keys).toEqual([{ ...own, memberId: null, expiresAtWallMs: 0 }]);
    },
  );

  test('records -> loaded unchanged after a restart, by table and id; saved again -> replaced; removed -> gone', async () => {
    expect(await loaded()).toEqual({ keys: [], invites: [], members: [] });
    const used = aKey('key-b', { lastUsedAtWallMs: 1_700_000_000_005, revokedAtWallMs: 1_700_000_000_009 });
    expect(
      await Promise.all([
        tables.save('keys', aKey('key-b')),
        tables.save('keys', aKey('key-a')),
        tables.save('keys', aKey('key-c')),
        tables.save('invites', invite),
        tables.save('members', member),
        tables.save('keys', used),
        tables.remove('keys', 'key-c'),
        tables.remove('members', 'key-a'),
      ]),
    ).toEqual(Array(8).fill(WRITTEN));
    await database.store.close();
    tables = new MemberTables(await database.reopen());
    expect(await loaded()).toEqual({ keys: [aKey('key-a'), used], invites: [invite], members: [member] });
  });

  test('row that is not valid -> a failure that names the table and the row', async () => {
    await tables.save('invites', invite);
    await database.store.write([{ text: 'UPDATE invites SET record = ?', values: ['{}'] }]);
    const result = await tables.load(NAME);
    expect(result).toMatchObject({ ok: false, error: { code: 'DATABASE_UNREADABLE', details: { file: NAME } } });
    expect(result.ok ? '' : result.error.details['reason']).toMatch(/^invites inv-1: /);
  });

  test('table that cannot be read -> a failure', async () => {
    await database.store.write([{ text: 'DROP TABLE members', values: [] }]);
    expect(await tables.load(NAME)).toMatchObject({ ok: false, error: { code: 'DATABASE_UNREADABLE' } });
    expect((await tables.save('members', member)).ok).toBe(false);
  });
}
