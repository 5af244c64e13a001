// The keys of programs. Changes are durable before they are answered.
import {
  type CreatedKey,
  type CreateKeyBody,
  type KeyLimits,
  keyLimitsSchema,
  type KeyView,
  type UpdateKeyBody,
} from '../../../shared/api/members';
import { fail, ok, type Result } from '../../../shared/result';
import type { Clock } from '../../platform/clock';
import type { Logger } from '../../platform/logger';
import { endedToForget, liveKeys, MAX_KEYS_OF_MEMBER } from './core/member-keys';
import { uniqueRoles } from './core/permissions';
import type { KeyRecord } from './core/records';
import { keyViewOf } from './core/views';
import { change, type ChangeFailure, type CredentialRecords, MAX_RECORDS, revoke } from './credential-records';
import type { MemberStore } from './member-store';
import { newId, newSecret } from './secrets';

export interface ProgramKeysOptions {
  readonly store: MemberStore;
  readonly clock: Clock;
  readonly logger: Logger;
}

export class ProgramKeys {
  readonly #options: ProgramKeysOptions;
  readonly #records: CredentialRecords;

  constructor(options: ProgramKeysOptions, records: CredentialRecords) {
    this.#options = options;
    this.#records = records;
  }

  list(): readonly KeyView[] {
    return [...this.#records.keys.values()].map((key) => this.#viewOf(key));
  }

  /** The keys that the member made for its programs. */
  ofMember(memberId: string): readonly KeyView[] {
    return this.#ofMember(memberId).map((key) => this.#viewOf(key));
  }

  /** Null: no key has this id. */
  find(id: string): KeyView | null {
    const key = this.#records.keys.get(id);
    return key === undefined ? null : this.#viewOf(key);
  }

  /** `memberId`: the member that makes the key for its own program. Null: an owner makes it. */
  async create(body: CreateKeyBody, memberId: string | null = null): Promise<Result<CreatedKey, ChangeFailure>> {
    const { store, clock } = this.#options;
    const isTaken = [...this.#records.keys.values()].some((key) => key.name === body.name && this.#viewOf(key).revoked_at === null);
    if (isTaken) return fail('name_taken');
    const ofMember = memberId === null ? [] : this.#ofMember(memberId);
    if (liveKeys(ofMember, clock.wallMs()).length >= MAX_KEYS_OF_MEMBER) return fail('too_many_keys');
    for (const ended of endedToForget(ofMember, clock.wallMs())) this.#forget(ended);
    if (this.#records.keys.size >= MAX_RECORDS) return fail('too_many');
    const { secret, hash } = newSecret('mk');
    const now = clock.wallMs();
    const { name, roles, models, limits } = body;
    const expiresAtWallMs = body.expires_in_seconds === null ? null : now + body.expires_in_seconds * 1000;
    const times = { createdAtWallMs: now, expiresAtWallMs, lastUsedAtWallMs: null, lastAddress: null, revokedAtWallMs: null };
    const key: KeyRecord = { id: newId('key'), name, hash, roles, models, limits, memberId, ...times };
    this.#records.setKey(key);
    const written = await store.save('keys', key);
    if (!written.ok) {
      this.#records.forgetKey(key);
      return fail('write_failed');
    }
    this.#options.logger.log('info', 'key_created', { key_id: key.id, key_name: name, roles, models, member_id: memberId });
    return ok({ id: key.id, name, key: secret });
  }

  /** Null: no key has this id, or one without limits. */
  limitsOf(id: string): KeyLimits | null {
    const key = this.#records.keys.get(id);
    return key === undefined || key.roles.includes('owner') ? null : key.limits;
  }

  /** Changes roles, models, limits and expiry of a key, from the next request on. The secret stays. */
  async update(id: string, body: UpdateKeyBody): Promise<Result<KeyView, ChangeFailure>> {
    const key = this.#records.keys.get(id);
    if (key === undefined) return fail('not_found');
    if (key.revokedAtWallMs !== null) return fail('key_revoked');
    const { store, clock, logger } = this.#options;
    const fields = changedFields(key, body, clock.wallMs());
    if (this.#exceedsMember(key, { ...key, ...fields })) return fail('too_many_keys');
    const changed = await change(key, fields, {
      read: () => this.#records.keys.get(id),
      set: (record) => {
        this.#records.setKey(record);
      },
      save: (record) => store.save('keys', record),
    });
    if (changed === null) return fail('write_failed');
    logger.log('info', 'key_updated', { key_id: id, key_name: key.name, fields: Object.keys(body), member_id: key.memberId });
    return ok(this.#viewOf(changed));
  }

  /** Whether an ended key becomes valid again, and its member then has too many. */
  #exceedsMember(before: KeyRecord, after: KeyRecord): boolean {
    const now = this.#options.clock.wallMs();
    const isLive = (key: KeyRecord): boolean => liveKeys([key], now).length > 0;
    if (before.memberId === null || isLive(before) || !isLive(after)) return false;
    return liveKeys(this.#ofMember(before.memberId), now).length >= MAX_KEYS_OF_MEMBER;
  }

  async revoke(id: string): Promise<Result<KeyView, ChangeFailure>> {
    const key = this.#records.keys.get(id);
    if (key === undefined) return fail('not_found');
    const { store, clock, logger } = this.#options;
    const revoked = await revoke(key, clock.wallMs(), {
      read: () => this.#records.keys.get(id),
      set: (record) => {
        this.#records.setKey(record);
      },
      save: (record) => store.save('keys', record),
    });
    if (revoked === null) return fail('write_failed');
    logger.log('info', 'key_revoked', { key_id: id, key_name: key.name, member_id: key.memberId });
    return ok(this.#viewOf(revoked));
  }

  #ofMember(memberId: string): readonly KeyRecord[] {
    return [...this.#records.keys.values()].filter((key) => key.memberId === memberId);
  }

  #viewOf(key: KeyRecord): KeyView {
    return keyViewOf(key, this.#records.memberOf(key));
  }

  /** A row that stays after a failed write is read again at the next start. */
  #forget(key: KeyRecord): void {
    this.#records.forgetKey(key);
    void this.#options.store.remove('keys', key.id);
  }
}

function changedFields(key: KeyRecord, body: UpdateKeyBody, nowWallMs: number): Partial<KeyRecord> {
  const { roles, models, limits, expires_in_seconds: expiresInSeconds } = body;
  return {
    ...(roles === undefined ? {} : { roles: uniqueRoles(roles) }),
    ...(models === undefined ? {} : { models }),
    limits: keyLimitsSchema.parse({ ...key.limits, ...limits }),
    ...(expiresInSeconds === undefined ? {} : { expiresAtWallMs: expiresInSeconds === null ? null : nowWallMs + expiresInSeconds * 1000 }),
  };
}
