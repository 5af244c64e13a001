// The keys that a member makes for its own programs (ADR 0062): how many, and what a member may set. Pure.
import type { CreateKeyBody, UpdateKeyBody } from '../../../../shared/api/members';
import { MEMBER_KEY_ROLES, type Principal } from './principal';
import type { KeyRecord } from './records';

/** Valid ones. */
export const MAX_KEYS_OF_MEMBER = 20;
/** Ended keys that are kept, so that the member and the owner see the latest ones. */
const MAX_ENDED_OF_MEMBER = 20;

const isLive = ({ revokedAtWallMs, expiresAtWallMs }: KeyRecord, nowWallMs: number): boolean =>
  revokedAtWallMs === null && (expiresAtWallMs === null || expiresAtWallMs > nowWallMs);

export const liveKeys = (keys: readonly KeyRecord[], nowWallMs: number): readonly KeyRecord[] =>
  keys.filter((key) => isLive(key, nowWallMs));

/** The oldest ended keys of a member: their number is bounded, however many keys the member makes and revokes. */
export const endedToForget = (keys: readonly KeyRecord[], nowWallMs: number): readonly KeyRecord[] =>
  keys
    .filter((key) => !isLive(key, nowWallMs))
    .sort((one, other) => other.createdAtWallMs - one.createdAtWallMs)
    .slice(MAX_ENDED_OF_MEMBER);

/** Which field of a request asks for what the caller may not set. */
export interface KeyFault {
  readonly field: string;
  readonly reason: string;
}

/** Also for owners that change the key. */
export function roleFault({ roles }: Pick<UpdateKeyBody, 'roles'>): KeyFault | null {
  const isAllowed = roles === undefined || roles.every((role) => MEMBER_KEY_ROLES.includes(role));
  return isAllowed ? null : { field: 'roles', reason: 'the key of a member has the role client only' };
}

/** Limits in place of those of the pool: the key must not have more than its member. */
const OWNER_LIMITS = ['requests_per_second', 'megabytes_per_minute', 'max_queued', 'max_streams', 'max_priority'] as const;

/** Of a key that exists, the member may not remove these limits either. */
export function ownerLimitFault({ limits = {} }: UpdateKeyBody): KeyFault | null {
  const limit = OWNER_LIMITS.find((name) => limits[name] !== undefined);
  return limit === undefined ? null : { field: `limits.${limit}`, reason: 'only the owner changes this limit' };
}

/** What the member itself may not set. */
export function memberKeyFault(body: CreateKeyBody | UpdateKeyBody, { models: allowed }: Pick<Principal, 'models'>): KeyFault | null {
  const wrong = (allowed === null ? [] : (body.models ?? [])).find((model) => allowed?.includes(model) === false);
  if (wrong !== undefined) return { field: 'models', reason: `this computer may not use ${wrong}` };
  const limits: UpdateKeyBody['limits'] = body.limits ?? {};
  const limit = OWNER_LIMITS.find((name) => limits[name] != null);
  if (limit !== undefined) return { field: `limits.${limit}`, reason: 'only the owner sets this limit' };
  if (limits.priority === 'high') return { field: 'limits.priority', reason: 'only the owner sets the priority high' };
  return roleFault(body);
}
