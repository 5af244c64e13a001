// Who may use the pool, for the HTTP routes and for the app in the same process. A revoked credential loses its streams and jobs, too, and one
// with fewer roles what it may not have any more.
import type { Outcome } from '../../shared/api/app-api';
import type {
  AuditList,
  AuditPage,
  CreatedInvite,
  CreatedKey,
  CreateInviteBody,
  CreateKeyBody,
  Role,
  UpdateKeyBody,
  UpdateMemberBody,
  InviteView,
  KeyView,
  MemberView,
  PoolAddress,
} from '../../shared/api/members';
import type { JoinRequestView, NewcomerRoles } from '../../shared/api/join-requests';
import { ok, type Result } from '../../shared/result';
import { failure } from '../contracts/app-errors';
import type { Done, JoinRequests, PoolPort, TrustPort } from '../contracts/ports';
import { MAX_KEYS_OF_MEMBER, roleFault } from './members/core/member-keys';
import { endAccessOf, type EndAccessOptions, endLostAccessOf } from './api/end-access';
import type { AuditLog } from './members/audit-log';
import { lostAccessOf, uniqueRoles } from './members/core/permissions';
import type { ChangeFailure } from './members/credential-records';
import type { KeyMeter } from './members/key-meter';
import type { Members } from './members/members';

export interface SchedulerTrustOptions {
  readonly members: Members;
  readonly audit: Pick<AuditLog, 'list'>;
  readonly meter: Pick<KeyMeter, 'useOf'>;
  readonly joinRequests: JoinRequests;
  readonly pool: Pick<PoolPort, 'remove'>;
  /** Where the scheduler listens; null: it does not listen yet. */
  readonly address: () => PoolAddress | null;
  /** What a credential has open: it ends with the credential, or with its roles. */
  readonly access: EndAccessOptions;
}

export class SchedulerTrust implements TrustPort {
  readonly #options: SchedulerTrustOptions;

  constructor(options: SchedulerTrustOptions) {
    this.#options = options;
  }

  members(): Promise<Outcome<readonly MemberView[]>> {
    return Promise.resolve(ok(this.#options.members.members()));
  }

  async revokeMember(id: string): Promise<Outcome<MemberView>> {
    const revoked = await this.#options.members.revokeMember(id);
    if (!revoked.ok) return outcomeOf(revoked);
    // The node gets no job any more: its jobs are requeued now, not after the heartbeat timeout.
    const nodeId = revoked.value.node_id;
    if (nodeId !== null) await this.#options.pool.remove(nodeId);
    await endAccessOf(id, this.#options.access);
    await this.#endKeysOf(id);
    return revoked;
  }

  async updateMember(id: string, body: UpdateMemberBody): Promise<Outcome<MemberView>> {
    const { members, pool } = this.#options;
    const before = members.principalWith(id)?.roles ?? [];
    const updated = await members.updateMember(id, body);
    if (!updated.ok) return outcomeOf(updated);
    const { roles, node_id: nodeId } = updated.value;
    const lost = lostAccessOf(before, roles);
    if (isOther(before, roles)) await endLostAccessOf(id, lost, this.#options.access);
    if (lost.areKeysLost) await this.#endKeysOf(id);
    if (lost.isNodeLost && nodeId !== null) await pool.remove(nodeId);
    return lost.isNodeLost ? ok({ ...updated.value, connected: false }) : updated;
  }

  invites(): Promise<Outcome<readonly InviteView[]>> {
    return Promise.resolve(ok(this.#options.members.invitations.list()));
  }

  async createInvite(body: CreateInviteBody): Promise<Outcome<CreatedInvite>> {
    const created = outcomeOf(await this.#options.members.invitations.create(body));
    return created.ok ? ok({ ...created.value, address: this.#options.address() }) : created;
  }

  async revokeInvite(id: string): Promise<Outcome<InviteView>> {
    return outcomeOf(await this.#options.members.invitations.revoke(id));
  }

  keys(): Promise<Outcome<readonly KeyView[]>> {
    return Promise.resolve(ok(this.#options.members.keys.list().map((key) => this.#withUse(key))));
  }

  keysOfMember(memberId: string): Promise<Outcome<readonly KeyView[]>> {
    return Promise.resolve(ok(this.#options.members.keys.ofMember(memberId).map((key) => this.#withUse(key))));
  }

  /** `memberId`: that makes the key for its own program. Null: an owner makes it. */
  async createKey(body: CreateKeyBody, memberId: string | null = null): Promise<Outcome<CreatedKey>> {
    return outcomeOf(await this.#options.members.keys.create(body, memberId));
  }

  async updateKey(id: string, body: UpdateKeyBody): Promise<Outcome<KeyView>> {
    const { members, access } = this.#options;
    const fault = members.keys.find(id)?.member_id == null ? null : roleFault(body);
    if (fault !== null) return failure('INVALID_REQUEST', { ...fault });
    const before = members.principalWith(id)?.roles ?? [];
    const updated = await members.keys.update(id, body);
    if (updated.ok && isOther(before, updated.value.roles)) await endLostAccessOf(id, lostAccessOf(before, updated.value.roles), access);
    return updated.ok ? ok(this.#withUse(updated.value)) : outcomeOf(updated);
  }

  async revokeKey(id: string): Promise<Outcome<KeyView>> {
    const revoked = await this.#options.members.keys.revoke(id);
    if (revoked.ok) await endAccessOf(id, this.#options.access);
    return outcomeOf(revoked);
  }

  async audit({ limit, before }: AuditPage): Promise<Outcome<AuditList>> {
    const entries = [...(await this.#options.audit.list(limit, before ?? null))];
    return ok({ entries, next_before: entries.length < limit ? null : (entries.at(-1)?.id ?? null) });
  }

  approveJoin(id: string, roles: NewcomerRoles): Promise<Outcome<JoinRequestView>> {
    return Promise.resolve(this.#options.joinRequests.approve(id, roles));
  }

  denyJoin(id: string): Promise<Done> {
    return Promise.resolve(this.#options.joinRequests.deny(id));
  }

  /** Their rights are those of the member, and have ended already. */
  async #endKeysOf(memberId: string): Promise<void> {
    for (const { id } of this.#options.members.keys.ofMember(memberId)) await endAccessOf(id, this.#options.access);
  }

  #withUse(key: KeyView): KeyView {
    return { ...key, use: this.#options.meter.useOf(key.id) };
  }
}

const isOther = (before: readonly Role[], after: readonly Role[]): boolean => uniqueRoles(before).join() !== uniqueRoles(after).join();

function outcomeOf<Value>(change: Result<Value, ChangeFailure>): Outcome<Value> {
  if (change.ok) return change;
  switch (change.error) {
    case 'not_found':
      return failure('NOT_FOUND');
    case 'key_revoked':
    case 'member_revoked':
    case 'name_taken':
    case 'too_many':
      return failure('INVALID_STATE', { reason: change.error });
    case 'too_many_keys':
      return failure('INVALID_STATE', { reason: change.error, max: MAX_KEYS_OF_MEMBER });
    case 'write_failed':
      return failure('INTERNAL_ERROR');
  }
}
