// The members and invitations of the pool: creates, finds, renews and revokes credentials. Changes are durable before they are
// answered. Decisions are in core/.
import type { MemberView, Role } from '../../../shared/api/members';
import { fail, ok, type Result } from '../../../shared/result';
import type { Clock } from '../../platform/clock';
import type { Logger } from '../../platform/logger';
import { type Endpoint, fingerprintOf, proofOf } from '../../trust/proof';
import { admissionOf } from './core/invitations';
import { type AuthenticationFailure, type Found, type Principal, principalOf } from './core/principal';
import type { InviteRecord, KeyRecord, MemberRecord } from './core/records';
import { memberViewOf } from './core/views';
import { type ChangeFailure, CredentialRecords, MAX_RECORDS } from './credential-records';
import { Invitations } from './invitations';
import { ProgramKeys } from './program-keys';
import type { MemberStore, StoredMembers } from './member-store';
import { hashOf, newId, newSecret } from './secrets';
import { type IssuedSecret, Sessions } from './sessions';

/** How often the last use of a credential is written, at most. */
const USE_WRITE_INTERVAL_MS = 60_000;
/** Expired invitations are listed this long. */
const KEEP_EXPIRED_MS = 30 * 86_400_000;

export interface MembersOptions {
  readonly store: MemberStore;
  readonly stored: StoredMembers;
  readonly clock: Clock;
  readonly logger: Logger;
  /** The owner key now. It changes when the owner resets it. */
  readonly ownerKey: () => string;
}

/** A node that may register, and the credential for the acknowledgement. Null: a node without a member. */
export interface Admitted {
  readonly memberId: string;
  readonly credential: string;
}

export class Members {
  readonly sessions: Sessions;
  readonly keys: ProgramKeys;
  readonly invitations: Invitations;
  readonly #options: MembersOptions;
  readonly #records = new CredentialRecords();
  #ownerHash: string;
  #isConnected: (memberId: string) => boolean = () => false;
  #onRevoked: (memberId: string) => void = () => undefined;

  constructor(options: MembersOptions) {
    this.#options = options;
    const { stored, clock, store } = options;
    this.sessions = new Sessions(clock);
    this.keys = new ProgramKeys(options, this.#records);
    this.invitations = new Invitations(options, this.#records);
    this.#ownerHash = hashOf(options.ownerKey());
    for (const key of stored.keys) this.#records.setKey(key);
    for (const invite of stored.invites) {
      if (invite.expiresAtWallMs < clock.wallMs() - KEEP_EXPIRED_MS) void store.remove('invites', invite.id);
      else this.#records.setInvite(invite);
    }
    for (const member of stored.members) this.#records.setMember(member);
  }

  /** The sockets of the members. `closeMember` is called for a revoked member. */
  attachSockets(sockets: { isConnected(memberId: string): boolean; closeMember(memberId: string): void }): void {
    this.#isConnected = (memberId) => sockets.isConnected(memberId);
    this.#onRevoked = (memberId) => {
      sockets.closeMember(memberId);
    };
  }

  /** The holder of a secret. */
  authenticate(secret: string): Result<Principal, AuthenticationFailure> {
    const hash = hashOf(secret);
    const session = this.sessions.sourceOf(hash);
    const found =
      session === null ? this.#found(hash) : session.source === null ? ({ kind: 'owner' } as const) : this.#found(session.source);
    const principal = principalOf(found, this.#options.clock.wallMs());
    if (principal.ok && found?.kind === 'invite' && this.#admissionOf(found.record) === 'used_up')
      return fail({ code: 'UNAUTHORIZED', reason: 'used_up' });
    if (principal.ok) this.#used(found, hash);
    return principal;
  }

  /** The proof that this scheduler knows the secret with this fingerprint (ADR 0023). Null: the secret is unknown. */
  prove(fingerprint: string, nonce: string, at: Endpoint): string | null {
    const ownerHash = hashOf(this.#options.ownerKey());
    const hash =
      fingerprintOf(ownerHash) === fingerprint ? ownerHash : (this.#records.hashOf(fingerprint) ?? this.sessions.hashOf(fingerprint));
    return hash === null ? null : proofOf(hash, nonce, at);
  }

  /** A code for the dashboard of this caller. Null: the caller is the owner of this process. */
  issueCode(principal: Principal | null): IssuedSecret {
    if (principal === null || principal.kind === 'owner') return this.sessions.issueCode(null);
    // A credential that has ended meanwhile has no hash: its session stands for nothing.
    const hash = this.#records.keys.get(principal.id)?.hash ?? this.#records.members.get(principal.id)?.hash;
    return this.sessions.issueCode(hash ?? '');
  }

  /** Whether there are other submitters than this one: other keys that are valid now, or other members that may send jobs. */
  hasOtherSubmitters(id: string | null): boolean {
    const now = this.#options.clock.wallMs();
    const isOther = (record: KeyRecord | MemberRecord): boolean => record.id !== id && record.revokedAtWallMs === null;
    for (const key of this.#records.keys.values())
      if (isOther(key) && (key.expiresAtWallMs === null || key.expiresAtWallMs > now)) return true;
    for (const member of this.#records.members.values()) if (isOther(member) && member.roles.some((role) => role !== 'node')) return true;
    return false;
  }

  /** The node of the caller. Null: it has none. */
  nodeOf(principal: Principal | null): string | null {
    return principal?.kind === 'member' ? (this.#records.members.get(principal.id)?.nodeId ?? null) : null;
  }

  members(): readonly MemberView[] {
    return [...this.#records.members.values()].map((member) => memberViewOf(member, this.#isConnected(member.id)));
  }

  /** A node that joined by digits (ADR 0022), and its first credential. */
  async addNode(name: string): Promise<Result<Admitted, 'too_many' | 'write_failed'>> {
    if (this.#records.members.size >= MAX_RECORDS) return fail('too_many');
    const { secret, hash } = newSecret('mn');
    const times = { createdAtWallMs: this.#options.clock.wallMs(), lastUsedAtWallMs: null, revokedAtWallMs: null };
    const roles = ['node' as const];
    const member: MemberRecord = {
      id: newId('mem'),
      name,
      hash,
      nextHash: null,
      roles,
      models: null,
      nodeId: null,
      inviteId: null,
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

  /** The roles of the caller; of an invitation, those of its future member. */
  rolesOf(principal: Principal | null): readonly Role[] {
    if (principal?.kind !== 'invite') return principal?.roles ?? [];
    return this.#records.invites.get(principal.id)?.roles ?? [];
  }

  /** A member without a node, and its credential. A node joins with its registration (`admit`). */
  async addInvited(
    { id: inviteId }: Principal,
    name: string,
  ): Promise<Result<Admitted & { readonly member: MemberRecord }, 'is_for_a_node' | 'used_up' | 'too_many' | 'write_failed'>> {
    if (this.#records.invites.get(inviteId)?.roles.includes('node') === true) return fail('is_for_a_node');
    if (this.#records.members.size >= MAX_RECORDS) return fail('too_many');
    const found = this.#invited(inviteId, name);
    if (found === undefined) return fail('used_up');
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

  /** Bars the member, then closes its connections. It knows the key of its invitation, so the invitation is revoked too. */
  async revokeMember(id: string): Promise<Result<MemberView, ChangeFailure>> {
    const member = this.#records.members.get(id);
    if (member === undefined) return fail('not_found');
    const revokedAtWallMs = member.revokedAtWallMs ?? this.#options.clock.wallMs();
    const revoked: MemberRecord = { ...member, revokedAtWallMs };
    // Barred before the writes: the member must not renew its credential, or use its invitation again, meanwhile.
    this.#records.setMember(revoked);
    const invitation = member.inviteId === null ? null : this.invitations.revoke(member.inviteId);
    const written = await this.#options.store.save('members', revoked);
    const present = this.#records.members.get(id);
    if (present !== undefined)
      this.#records.setMember({ ...present, revokedAtWallMs: written.ok ? revokedAtWallMs : member.revokedAtWallMs });
    const barred = await invitation;
    if (!written.ok || barred?.ok === false) return fail('write_failed');
    this.#options.logger.log('info', 'member_revoked', { member_id: id, node_name: member.name, node_id: member.nodeId });
    this.#onRevoked(id);
    return ok(memberViewOf(revoked, this.#isConnected(id)));
  }

  /**
   * Admits a node and issues its next credential, before its registration is decided. Null: a node without a member. The failure bars
   * the node. `nodeName`: the name of a member whose invitation has none. `onMember` is called before the write, so that a second use of
   * the invitation meanwhile finds the member connected.
   */
  async admit(
    principal: Principal | null,
    nodeName: string,
    onMember: (memberId: string) => void,
  ): Promise<Result<Admitted | null, AuthenticationFailure | 'write_failed'>> {
    if (principal === null || principal.kind === 'owner' || principal.kind === 'key') return ok(null);
    const { secret, hash } = newSecret('mn');
    const found = principal.kind === 'member' ? this.#records.members.get(principal.id) : this.#invited(principal.id, nodeName);
    if (found === undefined) return fail({ code: 'UNAUTHORIZED', reason: 'used_up' });
    if (found.revokedAtWallMs !== null) return fail({ code: 'REVOKED', reason: 'revoked' });
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

  /** The member of an invitation, for its first registration. Undefined: the invitation is used up. */
  #invited(inviteId: string, nodeName: string): MemberRecord | undefined {
    const invite = this.#records.invites.get(inviteId);
    if (invite === undefined) return undefined;
    const admission = this.#admissionOf(invite);
    if (admission === 'used_up') return undefined;
    if (admission.member !== null) return admission.member;
    const now = this.#options.clock.wallMs();
    this.#saveInvite({ ...invite, uses: invite.uses + 1, lastUsedAtWallMs: now });
    const { name, roles, models } = invite;
    const times = { createdAtWallMs: now, lastUsedAtWallMs: now, revokedAtWallMs: null };
    return { id: newId('mem'), name: name ?? nodeName, hash: null, nextHash: null, roles, models, nodeId: null, inviteId, ...times };
  }

  #admissionOf(invite: InviteRecord): ReturnType<typeof admissionOf> {
    const own = [...this.#records.members.values()].filter((member) => member.inviteId === invite.id);
    return admissionOf(invite, own, this.#isConnected, this.#options.clock.wallMs());
  }

  #found(hash: string): Found | null {
    return this.#isOwner(hash) ? { kind: 'owner' } : this.#records.find(hash);
  }

  #isOwner(hash: string): boolean {
    const ownerHash = hashOf(this.#options.ownerKey());
    if (ownerHash !== this.#ownerHash) this.sessions.endAll();
    this.#ownerHash = ownerHash;
    return hash === ownerHash;
  }

  /** Notes the use. The first use of a renewed credential ends the old one. */
  #used(found: Found | null, hash: string): void {
    if (found === null || found.kind === 'owner') return;
    const now = this.#options.clock.wallMs();
    const isDue = now - (found.record.lastUsedAtWallMs ?? 0) >= USE_WRITE_INTERVAL_MS;
    if (found.kind === 'member') {
      const { record } = found;
      const isRenewal = record.nextHash === hash;
      if (!isRenewal && !isDue) return;
      const used = { ...record, lastUsedAtWallMs: now, ...(isRenewal ? { hash, nextHash: null } : {}) };
      this.#records.setMember(used);
      void this.#options.store.save('members', used);
    } else if (isDue && found.kind === 'key') {
      const used = { ...found.record, lastUsedAtWallMs: now };
      this.#records.setKey(used);
      void this.#options.store.save('keys', used);
    }
  }

  #saveInvite(invite: InviteRecord): void {
    this.#records.setInvite(invite);
    void this.#options.store.save('invites', invite);
  }
}
