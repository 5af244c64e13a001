// The invitations of the pool. Changes are durable before they are answered. Their use is in admissions.ts.
import type { CreatedInvite, CreateInviteBody, InviteView } from '../../../shared/api/members';
import { fail, ok, type Result } from '../../../shared/result';
import type { Clock } from '../../platform/clock';
import type { InviteRecord } from './core/records';
import { inviteViewOf } from './core/views';
import { type ChangeFailure, type CredentialRecords, MAX_RECORDS, revoke } from './credential-records';
import type { MemberStore } from './member-store';
import { newId, newSecret } from './secrets';

export interface InvitationsOptions {
  readonly store: MemberStore;
  readonly clock: Clock;
}

export class Invitations {
  readonly #options: InvitationsOptions;
  readonly #records: CredentialRecords;

  constructor(options: InvitationsOptions, records: CredentialRecords) {
    this.#options = options;
    this.#records = records;
  }

  list(): readonly InviteView[] {
    return [...this.#records.invites.values()].map(inviteViewOf);
  }

  async create(body: CreateInviteBody): Promise<Result<Omit<CreatedInvite, 'address'>, ChangeFailure>> {
    const { store, clock } = this.#options;
    if (this.#records.invites.size >= MAX_RECORDS) return fail('too_many');
    const { secret, hash } = newSecret('mi');
    const now = clock.wallMs();
    const { name, roles, models } = body;
    const expiresAtWallMs = now + body.expires_in_seconds * 1000;
    const times = { createdAtWallMs: now, expiresAtWallMs, lastUsedAtWallMs: null, revokedAtWallMs: null };
    const invite: InviteRecord = { id: newId('inv'), name, hash, roles, models, uses: 0, maxUses: body.uses, ...times };
    this.#records.setInvite(invite);
    const written = await store.save('invites', invite);
    if (written.ok) return ok({ id: invite.id, name, key: secret, expires_at: expiresAtWallMs });
    this.#records.forgetInvite(invite);
    return fail('write_failed');
  }

  async revoke(id: string): Promise<Result<InviteView, ChangeFailure>> {
    const invite = this.#records.invites.get(id);
    if (invite === undefined) return fail('not_found');
    const { store, clock } = this.#options;
    const revoked = await revoke(invite, clock.wallMs(), {
      read: () => this.#records.invites.get(id),
      set: (record) => {
        this.#records.setInvite(record);
      },
      save: (record) => store.save('invites', record),
    });
    return revoked === null ? fail('write_failed') : ok(inviteViewOf(revoked));
  }
}
