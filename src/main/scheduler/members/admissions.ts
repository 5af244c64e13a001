// How computers become members: by an invitation, or by digits (ADR 0022). Changes are durable before they are answered.
import type { JoinBody } from '../../../shared/api/members';
import type { NewcomerRoles } from '../../../shared/api/join-requests';
import { fail, ok, type Result } from '../../../shared/result';
import type { Clock } from '../../platform/clock';
import type { Logger } from '../../platform/logger';
import { type Admission, admissionOf, mayAdmit } from './core/invitations';
import { grantOf } from './core/permissions';
import type { AuthenticationFailure, NodePrincipal, Principal } from './core/principal';
import type { InviteRecord, MemberRecord } from './core/records';
import { type CredentialRecords, MAX_RECORDS } from './credential-records';
import type { MemberStore } from './member-store';
import { hashOf, newId, newSecret } from './secrets';

export interface AdmissionsOptions {
  readonly store: MemberStore;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly isConnected: (memberId: string) => boolean;
}

/** A node that may register, and the credential for the acknowledgement. Null: a node without a member. */
export interface Admitted {
  readonly memberId: string;
  readonly credential: string;
}

/** A holder of the link without this nonce gets no member of another joiner. */
export const nonceHashOf = (inviteId: string, nonce: string): string => hashOf(`${inviteId} ${nonce}`);

export class Admissions {
  readonly #options: AdmissionsOptions;
  readonly #records: CredentialRecords;

  constructor(options: AdmissionsOptions, records: CredentialRecords) {
    this.#options = options;
    this.#records = records;
  }

  /** Whether a used invitation admits no member any more. `nonceHash` null: the joiner sent no nonce so far. */
  isUsedUp(invite: InviteRecord, nonceHash: string | null): boolean {
    if (nonceHash !== null) return this.#admissionOf(invite, nonceHash) === 'used_up';
    return !mayAdmit(invite, this.#membersOf(invite.id), this.#options.isConnected, this.#options.clock.wallMs());
  }

  /** A node that joined by digits (ADR 0022), and its first credential. */
  async addNode(name: string, roles: NewcomerRoles): Promise<Result<Admitted, 'too_many' | 'write_failed'>> {
    if (this.#records.members.size >= MAX_RECORDS) return fail('too_many');
    const { secret, hash } = newSecret('mn');
    const times = { createdAtWallMs: this.#options.clock.wallMs(), lastUsedAtWallMs: null, lastAddress: null, revokedAtWallMs: null };
    const member: MemberRecord = {
      id: newId('mem'),
      name,
      hash,
      nextHash: null,
      roles,
      models: null,
      nodeId: null,
      inviteId: null,
      nonceHash: null,
      ...times,
    };
    this.#records.setMember(member);
    const written = await this.#options.store.save('members', member);
    if (!written.ok) {
      this.#records.forgetMember(member);
      return fail('write_failed');
    }
    this.#logJoined(member);
    return ok({ memberId: member.id, credential: secret });
  }

  /** A member without a node, and its credential. A node joins with its registration (`admit`). */
  async addInvited(
    { id: inviteId }: Principal,
    { name, nonce }: JoinBody,
    from: string,
  ): Promise<Result<Admitted & { readonly member: MemberRecord }, 'is_for_a_node' | 'used_up' | 'too_many' | 'write_failed'>> {
    if (this.#records.invites.get(inviteId)?.roles.includes('node') === true) return fail('is_for_a_node');
    if (this.#records.members.size >= MAX_RECORDS) return fail('too_many');
    const found = this.#invited(inviteId, name, nonce === undefined ? null : nonceHashOf(inviteId, nonce));
    if (found === undefined) {
      this.#logReused(inviteId, from);
      return fail('used_up');
    }
    const { secret, hash } = newSecret('mn');
    const isNew = !this.#records.members.has(found.id);
    const member: MemberRecord = { ...found, nextHash: hash };
    this.#records.setMember(member);
    const written = await this.#options.store.save('members', member);
    if (!written.ok) {
      this.refused(member.id);
      return fail('write_failed');
    }
    if (isNew) this.#logJoined(member);
    return ok({ memberId: member.id, credential: secret, member });
  }

  /** The node did not get its first credential. */
  withdraw(memberId: string): void {
    const member = this.#records.members.get(memberId);
    if (member === undefined || member.lastUsedAtWallMs !== null) return;
    this.#records.forgetMember(member);
    void this.#options.store.remove('members', memberId);
  }

  /**
   * Admits a node and issues its next credential, before its registration is decided. Null: a node without a member. The failure bars
   * the node. `nodeName`: the name of a member whose invitation has none. `onMember` is called before the write, so that a revocation
   * meanwhile closes the connection.
   */
  async admit(
    principal: NodePrincipal | null,
    nodeName: string,
    onMember: (memberId: string) => void,
  ): Promise<Result<Admitted | null, AuthenticationFailure | 'not_a_node' | 'write_failed'>> {
    if (principal === null || principal.kind === 'owner' || principal.kind === 'key') return ok(null);
    const { secret, hash } = newSecret('mn');
    const found =
      principal.kind === 'member'
        ? this.#records.members.get(principal.id)
        : this.#invited(principal.id, nodeName, principal.nonceHash ?? null);
    if (found === undefined) return fail({ code: 'UNAUTHORIZED', reason: 'used_up' });
    if (found.revokedAtWallMs !== null) return fail({ code: 'REVOKED', reason: 'revoked' });
    // The roles may have changed after the upgrade.
    if (grantOf('be_a_node', found.roles) === null) return fail('not_a_node');
    onMember(found.id);
    const renewed: MemberRecord = { ...found, nextHash: hash };
    this.#records.setMember(renewed);
    const written = await this.#options.store.save('members', renewed);
    return written.ok ? ok({ memberId: renewed.id, credential: secret }) : fail('write_failed');
  }

  /** The registration was accepted. */
  registered(memberId: string, nodeId: string): void {
    const member = this.#records.members.get(memberId);
    if (member === undefined || member.nodeId === nodeId) return;
    if (member.nodeId === null && member.inviteId !== null) this.#logJoined(member);
    this.#records.setMember({ ...member, nodeId });
    void this.#options.store.save('members', { ...member, nodeId });
  }

  /** The first registration of an invited node was refused: the invitation is free again. */
  refused(memberId: string): void {
    const member = this.#records.members.get(memberId);
    if (member === undefined || member.hash !== null || member.nodeId !== null) return;
    this.#records.forgetMember(member);
    void this.#options.store.remove('members', memberId);
    const invite = member.inviteId === null ? undefined : this.#records.invites.get(member.inviteId);
    if (invite !== undefined) this.#saveInvite({ ...invite, uses: Math.max(0, invite.uses - 1) });
  }

  #logJoined({ id, name, inviteId, roles }: MemberRecord): void {
    this.#options.logger.log('info', 'member_joined', { member_id: id, node_name: name, roles, invite_id: inviteId });
  }

  /** The member of this joiner, or a new one. Undefined: the invitation is used up. */
  #invited(inviteId: string, name: string, nonceHash: string | null): MemberRecord | undefined {
    const invite = this.#records.invites.get(inviteId);
    if (invite === undefined) return undefined;
    const admission = this.#admissionOf(invite, nonceHash);
    if (admission === 'used_up') return undefined;
    return admission.member ?? this.#newMember(invite, name, nonceHash);
  }

  /** A use of the invitation. */
  #newMember(invite: InviteRecord, nodeName: string, nonceHash: string | null): MemberRecord {
    const now = this.#options.clock.wallMs();
    this.#saveInvite({ ...invite, uses: invite.uses + 1, lastUsedAtWallMs: now });
    const { name, roles, models } = invite;
    const times = { createdAtWallMs: now, lastUsedAtWallMs: now, lastAddress: null, revokedAtWallMs: null };
    const origin = { inviteId: invite.id, nonceHash };
    return { id: newId('mem'), name: name ?? nodeName, hash: null, nextHash: null, roles, models, nodeId: null, ...origin, ...times };
  }

  /** Two computers have the link, or the joiner lost its nonce. */
  #logReused(inviteId: string, from: string): void {
    const member = [...this.#records.members.values()].findLast((each) => each.inviteId === inviteId);
    this.#options.logger.log('warn', 'invitation_reused', { invite_id: inviteId, member_id: member?.id ?? null, from });
  }

  #admissionOf(invite: InviteRecord, nonceHash: string | null): Admission {
    return admissionOf(invite, this.#membersOf(invite.id), nonceHash, this.#options.clock.wallMs());
  }

  #membersOf(inviteId: string): readonly MemberRecord[] {
    return [...this.#records.members.values()].filter((member) => member.inviteId === inviteId);
  }

  #saveInvite(invite: InviteRecord): void {
    this.#records.setInvite(invite);
    void this.#options.store.save('invites', invite);
  }
}
