// The keys, invitations and members in memory, with an index by the hashes of their secrets.
import { fingerprintOf } from '../../trust/proof';
import type { Written } from '../database/store';
import type { Found } from './core/principal';
import type { InviteRecord, KeyRecord, MemberRecord } from './core/records';

type Reference = { readonly kind: 'key' | 'invite' | 'member'; readonly id: string };

export type ChangeFailure = 'not_found' | 'key_revoked' | 'member_revoked' | 'name_taken' | 'too_many' | 'too_many_keys' | 'write_failed';

/** Of one kind. */
export const MAX_RECORDS = 10_000;

export class CredentialRecords {
  readonly keys = new Map<string, KeyRecord>();
  readonly invites = new Map<string, InviteRecord>();
  readonly members = new Map<string, MemberRecord>();
  /** Hash of a secret -> its record. */
  readonly #byHash = new Map<string, Reference>();
  /** Fingerprint of a secret -> its hash. */
  readonly #hashes = new Map<string, string>();

  /** The hash of the secret with this fingerprint; null: there is no such secret. */
  hashOf(fingerprint: string): string | null {
    return this.#hashes.get(fingerprint) ?? null;
  }

  /** The record of a secret, by its hash. */
  find(hash: string): Found | null {
    const reference = this.#byHash.get(hash);
    switch (reference?.kind) {
      case undefined:
        return null;
      case 'key':
        return this.#foundKey(reference.id);
      case 'invite':
        return foundOf('invite', this.invites.get(reference.id));
      case 'member':
        return foundOf('member', this.members.get(reference.id));
    }
  }

  /** The key or member with this id. */
  withId(id: string): Found | null {
    return this.#foundKey(id) ?? foundOf('member', this.members.get(id));
  }

  memberOf({ memberId }: KeyRecord): MemberRecord | undefined {
    return memberId === null ? undefined : this.members.get(memberId);
  }

  #foundKey(id: string): Found | null {
    const record = this.keys.get(id);
    return record === undefined ? null : { kind: 'key', record, member: this.memberOf(record) };
  }

  setKey(key: KeyRecord): void {
    this.keys.set(key.id, key);
    this.#index(key.hash, { kind: 'key', id: key.id });
  }

  setInvite(invite: InviteRecord): void {
    this.invites.set(invite.id, invite);
    this.#index(invite.hash, { kind: 'invite', id: invite.id });
  }

  /** Hashes that the member does not have any more end: a credential that was replaced, or never used before the next was issued. */
  setMember(member: MemberRecord): void {
    const previous = this.members.get(member.id);
    for (const hash of [previous?.hash, previous?.nextHash]) if (hash != null) this.#forget(hash);
    this.members.set(member.id, member);
    for (const hash of [member.hash, member.nextHash]) if (hash !== null) this.#index(hash, { kind: 'member', id: member.id });
  }

  forgetKey(key: KeyRecord): void {
    this.keys.delete(key.id);
    this.#forget(key.hash);
  }

  forgetInvite(invite: InviteRecord): void {
    this.invites.delete(invite.id);
    this.#forget(invite.hash);
  }

  forgetMember(member: MemberRecord): void {
    this.members.delete(member.id);
    for (const hash of [member.hash, member.nextHash]) if (hash !== null) this.#forget(hash);
  }

  #index(hash: string, reference: Reference): void {
    this.#byHash.set(hash, reference);
    this.#hashes.set(fingerprintOf(hash), hash);
  }

  #forget(hash: string): void {
    this.#byHash.delete(hash);
    this.#hashes.delete(fingerprintOf(hash));
  }
}

function foundOf<Kind extends 'invite' | 'member', Entry>(
  kind: Kind,
  record: Entry | undefined,
): { readonly kind: Kind; readonly record: Entry } | null {
  return record === undefined ? null : { kind, record };
}

interface Change<Entry> {
  /** The record in memory now. */
  readonly read: () => Entry | undefined;
  readonly set: (record: Entry) => void;
  readonly save: (record: Entry) => Written;
}

/**
 * Changes fields of a record in memory before the write: a use of the credential meanwhile saves the record, too. Null: the write failed, and
 * these fields are as before.
 */
export async function change<Entry>(record: Entry, fields: Partial<Entry>, { read, set, save }: Change<Entry>): Promise<Entry | null> {
  const changed = { ...record, ...fields };
  set(changed);
  const written = await save(changed);
  const present = read() ?? changed;
  if (written.ok) return present;
  const before = Object.fromEntries(Object.entries(record as object).filter(([name]) => Object.hasOwn(fields, name)));
  set({ ...present, ...before });
  return null;
}

interface Revocable {
  readonly revokedAtWallMs: number | null;
}

/**
 * Revokes a record in memory before the write: otherwise its holder could use it meanwhile, and save a record that is not revoked. Null: the
 * write failed, and the record is as before.
 */
export async function revoke<Entry extends Revocable>(
  record: Entry,
  nowWallMs: number,
  { read, set, save }: Change<Entry>,
): Promise<Entry | null> {
  const revokedAtWallMs = record.revokedAtWallMs ?? nowWallMs;
  const revoked = { ...record, revokedAtWallMs };
  set(revoked);
  const written = await save(revoked);
  const present = read();
  if (present !== undefined) set({ ...present, revokedAtWallMs: written.ok ? revokedAtWallMs : record.revokedAtWallMs });
  return written.ok ? revoked : null;
}
