// Finds credentials and revokes members. Changes are durable before they are answered. Decisions are in core/.
import type { MemberView, Role, UpdateMemberBody } from '../../../shared/api/members';
import { fail, ok, type Result } from '../../../shared/result';
import type { Clock } from '../../platform/clock';
import { inTurns } from '../../platform/in-turns';
import type { Logger } from '../../platform/logger';
import { fingerprintOf } from '../../trust/proof';
import { Admissions, nonceHashOf } from './admissions';
import type { AuditLog } from './audit-log';
import { grantOf, uniqueRoles } from './core/permissions';
import { type AuthenticationFailure, type Found, OWNER, type Principal, principalOf } from './core/principal';
import type { MemberRecord } from './core/records';
import { memberViewOf } from './core/views';
import { change, type ChangeFailure, CredentialRecords, revoke } from './credential-records';
import { Invitations } from './invitations';
import { type MemberStore, PARTS_OF_RECORD, type StoredMembers } from './member-store';
import { OwnerAccess } from './owner-access';
import { ProgramKeys } from './program-keys';
import { hashOf } from './secrets';
import { type IssuedSecret, Sessions } from './sessions';

/** How often the last use of a credential is written, at most. */
const USE_WRITE_INTERVAL_MS = 60_000;
const MAX_ADDRESS = 64;
/** Expired invitations are listed this long. */
const KEEP_EXPIRED_MS = 30 * 86_400_000;

/** Computers of several people may have one name. */
const MAX_SAME_NAME = 32;

export interface MembersOptions {
  readonly store: MemberStore;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly audit: Pick<AuditLog, 'record'>;
  /** The owner key now. It changes when the owner resets it. */
  readonly ownerKey: () => string;
}

/** Whether the change takes a role away, or a model that its holder may use. */
const losesRights = (before: Pick<MemberRecord, 'roles' | 'models'>, change: Partial<Pick<MemberRecord, 'roles' | 'models'>>): boolean => {
  const { roles, models } = { ...before, ...change };
  if (before.roles.some((role) => !roles.includes(role))) return true;
  return models !== null && (before.models === null || before.models.some((model) => !models.includes(model)));
};

/** A socket that takes IPv6 and IPv4 shows an IPv4 address inside an IPv6 address. */
const addressOf = (remoteAddress: string): string => remoteAddress.replace(/^::ffff:/i, '').slice(0, MAX_ADDRESS);

export class Members {
  readonly sessions: Sessions;
  readonly keys: ProgramKeys;
  readonly invitations: Invitations;
  readonly admissions: Admissions;
  readonly owner: OwnerAccess;
  readonly #options: MembersOptions;
  readonly #records = new CredentialRecords();
  #isConnected: (memberId: string) => boolean = () => false;
  #onRevoked: (holder: string) => void = () => undefined;

  constructor(options: MembersOptions) {
    this.#options = options;
    const { clock } = options;
    this.sessions = new Sessions(clock);
    this.keys = new ProgramKeys(options, this.#records);
    this.invitations = new Invitations(options, this.#records);
    const isConnected = (memberId: string): boolean => this.#isConnected(memberId);
    this.admissions = new Admissions({ ...options, isConnected }, this.#records);
    this.owner = new OwnerAccess({
      ...options,
      onReplaced: () => {
        this.sessions.endAll();
        this.#onRevoked(OWNER.id);
        options.logger.log('info', 'owner_key_replaced');
        // The command on the host changes the file only: no request has an address.
        options.audit.record({ action: 'owner_key.replace', target: null, principal: OWNER, from: 'this computer' });
      },
    });
  }

  /** Adds what the store has, in several turns of the event loop, before the first use. */
  async restore({ keys, invites, members }: StoredMembers): Promise<void> {
    const { clock, store } = this.#options;
    await inTurns(keys, (key) => {
      this.#records.setKey(key);
      return PARTS_OF_RECORD;
    });
    await inTurns(invites, (invite) => {
      if (invite.expiresAtWallMs < clock.wallMs() - KEEP_EXPIRED_MS) void store.remove('invites', invite.id);
      else this.#records.setInvite(invite);
      return PARTS_OF_RECORD;
    });
    await inTurns(members, (member) => {
      this.#records.setMember(member);
      return PARTS_OF_RECORD;
    });
  }

  /** `closeHolder` ends the connections of a revoked member, or of the owner (`OWNER.id`) when the owner key was replaced. */
  attachConnections(connections: { isConnected(memberId: string): boolean; closeHolder(holder: string): void }): void {
    this.#isConnected = (memberId) => connections.isConnected(memberId);
    this.#onRevoked = (holder) => {
      connections.closeHolder(holder);
    };
  }

  /** The holder of a secret. `joinNonce`: of the upgrade of a node with an invitation. Null: there is none. `remoteAddress`: of the peer. */
  authenticate(secret: string, joinNonce: string | null = null, remoteAddress?: string): Result<Principal, AuthenticationFailure> {
    const hash = hashOf(secret);
    const owner = this.owner.principal();
    const session = this.sessions.sourceOf(hash);
    const found =
      session === null ? this.#found(hash) : session.source === null ? ({ kind: 'owner' } as const) : this.#found(session.source);
    const principal = principalOf(found, this.#options.clock.wallMs());
    if (principal.ok && found?.kind === 'invite') {
      const nonceHash = joinNonce === null ? null : nonceHashOf(found.record.id, joinNonce);
      if (this.admissions.isUsedUp(found.record, nonceHash)) return fail({ code: 'UNAUTHORIZED', reason: 'used_up' });
      return nonceHash === null ? principal : ok({ ...principal.value, nonceHash });
    }
    if (principal.ok) this.#used(found, hash, remoteAddress);
    return principal.ok && found?.kind === 'owner' ? ok(owner) : principal;
  }

  /** The hash of the secret with this fingerprint (ADR 0023). Null: the secret is unknown. */
  hashOf(fingerprint: string): string | null {
    const ownerHash = this.owner.hash();
    return fingerprintOf(ownerHash) === fingerprint ? ownerHash : (this.#records.hashOf(fingerprint) ?? this.sessions.hashOf(fingerprint));
  }

  /** A code for the dashboard of this caller. Null: the caller is the owner of this process. */
  issueCode(principal: Principal | null): IssuedSecret {
    const owner = this.owner.principal();
    if (principal === null || principal === owner) return this.sessions.issueCode(null);
    // A credential that has ended meanwhile has no hash, and a replaced owner key is unknown: their session stands for nothing.
    const hash = this.#records.keys.get(principal.id)?.hash ?? this.#records.members.get(principal.id)?.hash;
    return this.sessions.issueCode(hash ?? '');
  }

  /** The session of a one-time code. Null: the code, or the credential that requested the code, is not valid. */
  exchange(code: string): { readonly session: IssuedSecret; readonly principal: Principal } | null {
    this.owner.hash();
    const session = this.sessions.exchange(code);
    const principal = session === null ? null : this.authenticate(session.secret);
    return session !== null && principal?.ok === true ? { session, principal: principal.value } : null;
  }

  /** Whether there are other submitters than this one: other keys that are valid now, or other members that may send jobs. */
  hasOtherSubmitters(id: string | null): boolean {
    for (const key of this.#records.keys.keys()) if (key !== id && this.principalWith(key) !== null) return true;
    for (const { id: other, revokedAtWallMs, roles } of this.#records.members.values())
      if (other !== id && revokedAtWallMs === null && roles.some((role) => role !== 'node')) return true;
    return false;
  }

  /** The node of the caller. Null: it has none. */
  nodeOf(principal: Principal | null): string | null {
    return principal?.kind === 'member' ? (this.#records.members.get(principal.id)?.nodeId ?? null) : null;
  }

  /** The owner, key or member with this id, with its present rights. Null: it is not valid any more. */
  principalWith(id: string): Principal | null {
    if (id === OWNER.id) return this.owner.principal();
    const principal = principalOf(this.#records.withId(id), this.#options.clock.wallMs());
    return principal.ok ? principal.value : null;
  }

  maySendJobs(id: string): boolean {
    return grantOf('submit_jobs', this.principalWith(id)?.roles ?? []) !== null;
  }

  /** The name of a key or member; null: it is not known. */
  nameOf(id: string): string | null {
    if (id === OWNER.id) return OWNER.name;
    return (this.#records.keys.get(id) ?? this.#records.members.get(id))?.name ?? null;
  }

  /** The keys and members with this id or name. */
  idsOf(idOrName: string): readonly string[] {
    const records = [...this.#records.keys.values(), ...this.#records.members.values()];
    const named = records.filter(({ name }) => name === idOrName).slice(0, MAX_SAME_NAME);
    return [...new Set([idOrName, ...named.map(({ id }) => id)])];
  }

  members(): readonly MemberView[] {
    return [...this.#records.members.values()].map((member) => memberViewOf(member, this.#isConnected(member.id)));
  }

  /** The roles of the caller; of an invitation, those of its future member. */
  rolesOf(principal: Principal | null): readonly Role[] {
    if (principal?.kind !== 'invite') return principal?.roles ?? [];
    return this.#records.invites.get(principal.id)?.roles ?? [];
  }

  /**
   * Changes roles and models, from the next request on. The credential stays. A member that loses some of them knows the key of its
   * invitation, which permits them, so the invitation is revoked too.
   */
  async updateMember(id: string, { roles, models }: UpdateMemberBody): Promise<Result<MemberView, ChangeFailure>> {
    const before = this.#records.members.get(id);
    if (before === undefined) return fail('not_found');
    if (before.revokedAtWallMs !== null) return fail('member_revoked');
    const { store, logger } = this.#options;
    const fields = { ...(roles === undefined ? {} : { roles: uniqueRoles(roles) }), ...(models === undefined ? {} : { models }) };
    // First: a member that has changed, with an invitation that could not be revoked, would seem to have changed only in part.
    if (losesRights(before, fields) && !(await this.#revokeInvitationOf(before))) return fail('write_failed');
    const changed = await change(this.#records.members.get(id) ?? before, fields, {
      read: () => this.#records.members.get(id),
      set: (record) => {
        this.#records.setMember(record);
      },
      save: (record) => store.save('members', record),
    });
    if (changed === null) return fail('write_failed');
    logger.log('info', 'member_updated', { member_id: id, node_name: changed.name, roles: changed.roles, models: changed.models });
    return ok(memberViewOf(changed, this.#isConnected(id)));
  }

  /** Bars the member, then closes its connections. It knows the key of its invitation, so the invitation is revoked too. */
  async revokeMember(id: string): Promise<Result<MemberView, ChangeFailure>> {
    const member = this.#records.members.get(id);
    if (member === undefined) return fail('not_found');
    const { store, clock, logger } = this.#options;
    // Both are barred before the first write ends: the member must not use its invitation again meanwhile.
    const [revoked, isInvitationRevoked] = await Promise.all([
      revoke(member, clock.wallMs(), {
        read: () => this.#records.members.get(id),
        set: (record) => {
          this.#records.setMember(record);
        },
        save: (record) => store.save('members', record),
      }),
      this.#revokeInvitationOf(member),
    ]);
    if (revoked === null || !isInvitationRevoked) return fail('write_failed');
    logger.log('info', 'member_revoked', { member_id: id, node_name: member.name, node_id: member.nodeId });
    this.#onRevoked(id);
    return ok(memberViewOf(revoked, this.#isConnected(id)));
  }

  /** False: the write failed. An invitation that is not kept any more admits no one. */
  async #revokeInvitationOf({ inviteId }: MemberRecord): Promise<boolean> {
    if (inviteId === null) return true;
    const revoked = await this.invitations.revoke(inviteId);
    return revoked.ok || revoked.error === 'not_found';
  }

  #found(hash: string): Found | null {
    return hash === this.owner.hash() ? { kind: 'owner' } : this.#records.find(hash);
  }

  /** Notes the use. The first use of a renewed credential ends the old one. */
  #used(found: Found | null, hash: string, remoteAddress: string | undefined): void {
    if (found === null || found.kind === 'owner') return;
    const now = this.#options.clock.wallMs();
    const use = { lastUsedAtWallMs: now, ...(remoteAddress === undefined ? {} : { lastAddress: addressOf(remoteAddress) }) };
    const isDue = now - (found.record.lastUsedAtWallMs ?? 0) >= USE_WRITE_INTERVAL_MS;
    if (found.kind === 'member') {
      const { record } = found;
      const isRenewal = record.nextHash === hash;
      if (!isRenewal && !isDue) return;
      const used = { ...record, ...use, ...(isRenewal ? { hash, nextHash: null } : {}) };
      this.#records.setMember(used);
      void this.#options.store.save('members', used);
    } else if (isDue && found.kind === 'key') {
      const used = { ...found.record, ...use };
      this.#records.setKey(used);
      void this.#options.store.save('keys', used);
    }
  }
}
