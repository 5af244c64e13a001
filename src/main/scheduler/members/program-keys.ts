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
    return [...this.#records.keys.values()].map(keyViewOf);
  }

  /** Null: no key has this id. */
  find(id: string): KeyView | null {
    const key = this.#records.keys.get(id);
    return key === undefined ? null : keyViewOf(key);
  }

  async create(body: CreateKeyBody): Promise<Result<CreatedKey, ChangeFailure>> {
    const { store, clock } = this.#options;
    const isTaken = [...this.#records.keys.values()].some(({ name, revokedAtWallMs }) => name === body.name && revokedAtWallMs === null);
    if (isTaken) return fail('name_taken');
    if (this.#records.keys.size >= MAX_RECORDS) return fail('too_many');
    const { secret, hash } = newSecret('mk');
    const now = clock.wallMs();
    const { name, roles, models, limits } = body;
    const expiresAtWallMs = body.expires_in_seconds === null ? null : now + body.expires_in_seconds * 1000;
    const times = { createdAtWallMs: now, expiresAtWallMs, lastUsedAtWallMs: null, lastAddress: null, revokedAtWallMs: null };
    const key: KeyRecord = { id: newId('key'), name, hash, roles, models, limits, ...times };
    this.#records.setKey(key);
    const written = await store.save('keys', key);
    if (!written.ok) {
      this.#records.forgetKey(key);
      return fail('write_failed');
    }
    this.#options.logger.log('info', 'key_created', { key_id: key.id, key_name: name, roles, models });
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
    const changed = await change(key, changedFields(key, body, clock.wallMs()), {
      read: () => this.#records.keys.get(id),
      set: (record) => {
        this.#records.setKey(record);
      },
      save: (record) => store.save('keys', record),
    });
    if (changed === null) return fail('write_failed');
    logger.log('info', 'key_updated', { key_id: id, key_name: key.name, fields: Object.keys(body) });
    return ok(keyViewOf(changed));
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
    logger.log('info', 'key_revoked', { key_id: id, key_name: key.name });
    return ok(keyViewOf(revoked));
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
