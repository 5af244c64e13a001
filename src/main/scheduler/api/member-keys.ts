// The keys of one member, for its requests (ADR 0062). A key of another is not found.
import type { Outcome } from '../../../shared/api/app-api';
import type { CreatedKey, CreateKeyBody, KeyView, UpdateKeyBody } from '../../../shared/api/members';
import { failure } from '../../contracts/app-errors';
import type { TrustPort } from '../../contracts/ports';
import { type KeyFault, memberKeyFault, ownerLimitFault } from '../members/core/member-keys';
import type { Principal } from '../members/core/principal';

/** The acts with keys, of an owner or of a member. */
export type KeyActs = Pick<TrustPort, 'keys' | 'createKey' | 'updateKey' | 'revokeKey'>;

/** The acts of an owner. `memberId`: of the member that makes the key. */
export interface KeyTrust extends TrustPort {
  keysOfMember(memberId: string): Promise<Outcome<readonly KeyView[]>>;
  createKey(body: CreateKeyBody, memberId?: string | null): Promise<Outcome<CreatedKey>>;
}

export class MemberKeys implements KeyActs {
  readonly #member: Principal;
  readonly #trust: KeyTrust;

  constructor(member: Principal, trust: KeyTrust) {
    this.#member = member;
    this.#trust = trust;
  }

  keys(): Promise<Outcome<readonly KeyView[]>> {
    return this.#trust.keysOfMember(this.#member.id);
  }

  createKey(body: CreateKeyBody): Promise<Outcome<CreatedKey>> {
    const fault = memberKeyFault(body, this.#member);
    return fault === null ? this.#trust.createKey(body, this.#member.id) : refusal(fault);
  }

  async updateKey(id: string, body: UpdateKeyBody): Promise<Outcome<KeyView>> {
    if (!(await this.#has(id))) return failure('NOT_FOUND');
    const fault = ownerLimitFault(body) ?? memberKeyFault(body, this.#member);
    return fault === null ? this.#trust.updateKey(id, body) : refusal(fault);
  }

  async revokeKey(id: string): Promise<Outcome<KeyView>> {
    return (await this.#has(id)) ? this.#trust.revokeKey(id) : failure('NOT_FOUND');
  }

  async #has(id: string): Promise<boolean> {
    const own = await this.keys();
    return own.ok && own.value.some((key) => key.id === id);
  }
}

const refusal = (fault: KeyFault): Promise<Outcome<never>> => Promise.resolve(failure('INVALID_REQUEST', { ...fault }));
