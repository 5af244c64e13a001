// Members, keys and sessions while writes are under way, and when the owner key changes.
import { describe, expect, test } from 'vitest';
import { createInviteBodySchema, createKeyBodySchema } from '../../../../src/shared/api/members';
import { fail, ok, type Result } from '../../../../src/shared/result';
import { silentLogger } from '../../../../src/main/platform/logger';
import type { WriteFailure } from '../../../../src/main/scheduler/database/store';
import type { Act } from '../../../../src/main/scheduler/members/audit-log';
import type { MemberStore } from '../../../../src/main/scheduler/members/member-store';
import type { MemberRecord } from '../../../../src/main/scheduler/members/core/records';
import { OWNER } from '../../../../src/main/scheduler/members/core/principal';
import { Members } from '../../../../src/main/scheduler/members/members';
import { ManualClock } from '../../../support/manual-clock';

/** Keeps the records as the last write left them. While `isHeld`, writes wait for `end`. */
class HeldStore implements MemberStore {
  readonly records = new Map<string, { readonly revokedAtWallMs: number | null }>();
  isHeld = false;
  #waiting: ((isWritten: boolean) => void)[] = [];

  save(_table: string, record: { readonly id: string; readonly revokedAtWallMs: number | null }): Promise<Result<null, WriteFailure>> {
    return this.#write(() => this.records.set(record.id, record));
  }

  remove(_table: string, id: string): Promise<Result<null, WriteFailure>> {
    return this.#write(() => this.records.delete(id));
  }

  /** In the order of the calls. */
  end(isWritten = true): void {
    this.isHeld = false;
    this.takeWaiting()(isWritten);
  }

  /** The waiting writes, apart from those that follow. */
  takeWaiting(): (isWritten: boolean) => void {
    const waiting = this.#waiting.splice(0);
    return (isWritten) => {
      for (const end of waiting) end(isWritten);
    };
  }

  #write(run: () => unknown): Promise<Result<null, WriteFailure>> {
    return new Promise((resolve) => {
      const end = (isWritten: boolean): void => {
        if (isWritten) run();
        resolve(isWritten ? ok(null) : fail({ isFull: true, reason: 'disk full' }));
      };
      if (this.isHeld) this.#waiting.push(end);
      else end(true);
    });
  }
}

const invitedBy = (inviteId: string): MemberRecord => ({
  id: 'mem-1',
  name: 'tower',
  hash: 'hash',
  nextHash: null,
  roles: ['node', 'client'],
  models: null,
  nodeId: 'node-a',
  inviteId,
  nonceHash: null,
  createdAtWallMs: 0,
  lastUsedAtWallMs: null,
  lastAddress: null,
  revokedAtWallMs: null,
});

function setUp() {
  const [store, clock] = [new HeldStore(), new ManualClock()];
  const owner = { key: 'owner-1' };
  const acts: Act[] = [];
  const audit = { record: (act: Act) => void acts.push(act) };
  const members = new Members({ store, clock, logger: silentLogger, audit, ownerKey: () => owner.key });
  return { store, clock, owner, members, acts };
}

const created = <Value>(result: Result<Value, unknown>): Value => {
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
};

test('use from an address -> the views name it, with the time of the use; a use without an address keeps it', async () => {
  const { clock, members } = setUp();
  const { key } = created(await members.keys.create(createKeyBodySchema.parse({ name: 'chat' })));
  expect(members.keys.list()).toMatchObject([{ last_used_at: null, last_address: null }]);
  members.authenticate(key, null, '::ffff:192.168.1.9');
  expect(members.keys.list()).toMatchObject([{ last_used_at: clock.wallMs(), last_address: '192.168.1.9' }]);
  clock.advance(60_000);
  members.authenticate(key);
  expect(members.keys.list()).toMatchObject([{ last_used_at: clock.wallMs(), last_address: '192.168.1.9' }]);
});

describe('revocation while writes are under way', () => {
  test('key: used during its revocation -> refused, and stays revoked on the disk', async () => {
    const { store, members } = setUp();
    const { id, key } = created(await members.keys.create(createKeyBodySchema.parse({ name: 'chat' })));
    store.isHeld = true;
    const revoked = members.keys.revoke(id);
    expect(members.authenticate(key)).toMatchObject({ ok: false, error: { code: 'REVOKED' } });
    store.end();
    expect((await revoked).ok).toBe(true);
    expect(store.records.get(id)?.revokedAtWallMs).not.toBeNull();
  });

  test('key: the revocation cannot be written -> the key is valid', async () => {
    const { store, members } = setUp();
    const { id, key } = created(await members.keys.create(createKeyBodySchema.parse({ name: 'chat' })));
    store.isHeld = true;
    const revoked = members.keys.revoke(id);
    store.end(false);
    expect(await revoked).toEqual(fail('write_failed'));
    expect(members.authenticate(key).ok).toBe(true);
  });

  test.each([true, false])('member: registered while its roles change, written: %s -> keeps its node', async (isWritten) => {
    const { store, members } = setUp();
    const { memberId } = created(await members.admissions.addNode('tower', ['node']));
    store.isHeld = true;
    const updated = members.updateMember(memberId, { roles: ['viewer', 'node'] });
    expect(members.principalWith(memberId)?.roles).toEqual(['node', 'viewer']);
    members.admissions.registered(memberId, 'node-a');
    store.end(isWritten);
    expect((await updated).ok).toBe(isWritten);
    expect(members.members()).toMatchObject([{ node_id: 'node-a', models: null, roles: isWritten ? ['node', 'viewer'] : ['node'] }]);
  });

  test('member: registered during a revocation that cannot be written -> keeps its node', async () => {
    const { store, members } = setUp();
    const { memberId } = created(await members.admissions.addNode('tower', ['node']));
    store.isHeld = true;
    const revoked = members.revokeMember(memberId);
    members.admissions.registered(memberId, 'node-a');
    store.end(false);
    expect(await revoked).toEqual(fail('write_failed'));
    expect(members.members()).toMatchObject([{ node_id: 'node-a', revoked_at: null }]);
  });

  test.each(['revoked', 'changed to fewer roles'] as const)('member whose invitation is not kept any more: %s -> done', async (how) => {
    const { members } = setUp();
    await members.restore({ keys: [], invites: [], members: [invitedBy('inv-gone')] });
    const done = how === 'revoked' ? await members.revokeMember('mem-1') : await members.updateMember('mem-1', { roles: ['client'] });
    expect(done.ok).toBe(true);
  });

  test('member that loses a role: invitation not revoked on the disk -> nothing changed, and the next try does both', async () => {
    const { members, store } = setUp();
    const { id: inviteId } = created(await members.invitations.create(createInviteBodySchema.parse({})));
    await members.restore({ keys: [], invites: [], members: [invitedBy(inviteId)] });
    store.isHeld = true;
    const first = members.updateMember('mem-1', { roles: ['client'] });
    store.end(false);
    expect(await first).toEqual(fail('write_failed'));
    expect(members.members()).toMatchObject([{ roles: ['node', 'client'] }]);
    expect((await members.updateMember('mem-1', { roles: ['client'] })).ok).toBe(true);
    expect(members.invitations.list()).toMatchObject([{ id: inviteId, revoked_at: expect.any(Number) }]);
  });

  test.each(['key', 'invite', 'member'] as const)('%s: revoked twice, only the second write succeeds -> revoked', async (kind) => {
    const { store, members } = setUp();
    const id = await {
      key: async () => created(await members.keys.create(createKeyBodySchema.parse({ name: 'chat' }))).id,
      invite: async () => created(await members.invitations.create(createInviteBodySchema.parse({}))).id,
      member: async () => created(await members.admissions.addNode('tower', ['node'])).memberId,
    }[kind]();
    const revoke = {
      key: () => members.keys.revoke(id),
      invite: () => members.invitations.revoke(id),
      member: () => members.revokeMember(id),
    }[kind];
    store.isHeld = true;
    const first = revoke();
    const waiting = store.takeWaiting();
    const second = revoke();
    waiting(false);
    store.end();
    expect([(await first).ok, (await second).ok]).toEqual([false, true]);
    const views = { key: members.keys.list(), invite: members.invitations.list(), member: members.members() }[kind];
    expect(views[0]?.revoked_at).not.toBeNull();
  });
});

describe('owner key replaced', () => {
  const opened = (members: Members): string => {
    const session = members.exchange(members.issueCode(null).secret);
    return session?.session.secret ?? expect.unreachable('the code is valid');
  };

  test('sessions and codes of the old key end at their first use', () => {
    for (const use of ['session', 'code', 'caller'] as const) {
      const { members, owner } = setUp();
      const session = opened(members);
      const caller = created(members.authenticate(owner.key));
      expect(members.authenticate(session)).toMatchObject(ok(OWNER));
      const code = members.issueCode(caller).secret;
      owner.key = 'owner-2';
      if (use === 'session') expect(members.authenticate(session).ok).toBe(false);
      else if (use === 'code') expect(members.exchange(code)).toBeNull();
      // The caller was authenticated before the change, and its request went on after the change.
      else expect(members.exchange(members.issueCode(caller).secret)).toBeNull();
      expect([members.authenticate(session).ok, members.authenticate('owner-1').ok, members.exchange(code)]).toEqual([false, false, null]);
      expect(members.exchange(members.issueCode(created(members.authenticate('owner-2'))).secret)).not.toBeNull();
    }
  });

  test('the audit log gets one entry', () => {
    const { members, owner, clock, acts } = setUp();
    members.owner.watch();
    clock.advance(2000);
    expect(acts).toEqual([]);
    owner.key = 'owner-2';
    clock.advance(5000);
    expect(acts).toEqual([{ action: 'owner_key.replace', target: null, principal: OWNER, from: 'this computer' }]);
    members.owner.stop();
  });

  test('the connections of the owner are closed without another request', () => {
    const { members, owner, clock } = setUp();
    const closed: string[] = [];
    members.attachConnections({ isConnected: () => false, closeHolder: (holder) => closed.push(holder) });
    members.owner.watch();
    clock.advance(2000);
    expect(closed).toEqual([]);
    owner.key = 'owner-2';
    clock.advance(2000);
    expect(closed).toEqual(['owner']);
    members.owner.stop();
  });
});
