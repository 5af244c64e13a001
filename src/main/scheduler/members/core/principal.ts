// Who a caller is: the decision from the presented secret and the record that its hash found. ADR 0021 describes the credentials.
import type { KeyLimits, Role } from '../../../../shared/api/members';
import { LOOPBACK_STATES, type LoopbackState, isLoopbackAddress, isLoopbackHost } from '../../../../shared/loopback';
import { fail, ok, type Result } from '../../../../shared/result';
import type { ServerConfig } from '../../../platform/config/config';
import { POOL_RIGHTS, type PoolRight } from '../../../../shared/api/pool-access';
import { type Access, type Grant, grantOf, loopbackGrantOf, type RightName } from './permissions';
import type { InviteRecord, KeyRecord, MemberRecord } from './records';

/** A caller with a credential. */
export interface Principal {
  readonly kind: 'owner' | 'key' | 'member' | 'invite';
  /** The submitter of the caller's jobs, and the name in the audit log. */
  readonly id: string;
  readonly name: string;
  readonly roles: readonly Role[];
  /** The models that the caller may use. Null: all. */
  readonly models: readonly string[] | null;
  /** Null: only the limits of the configuration. */
  readonly limits: KeyLimits | null;
  /** Of the key of an invitation and the nonce of its joiner. Absent: the joiner sent no nonce. */
  readonly nonceHash?: string;
}

/** What the registration of a node needs to know of its principal. */
export type NodePrincipal = Pick<Principal, 'kind' | 'id' | 'nonceHash'>;

/** Of a key that a member made. */
export const MEMBER_KEY_ROLES: readonly Role[] = ['client'];

export const OWNER: Principal = { kind: 'owner', id: 'owner', name: 'owner', roles: ['owner'], models: null, limits: null };

/** The record of a presented secret. A session stands for the principal that requested it, or null when that one has ended. */
export type Found =
  | { readonly kind: 'owner' }
  /** `member`: that made the key. */
  | { readonly kind: 'key'; readonly record: KeyRecord; readonly member?: MemberRecord | undefined }
  | { readonly kind: 'member'; readonly record: MemberRecord }
  | { readonly kind: 'invite'; readonly record: InviteRecord };

export interface AuthenticationFailure {
  readonly code: 'UNAUTHORIZED' | 'REVOKED';
  /** The reason, for the holder of the secret alone. Null: the secret is unknown. */
  readonly reason: 'expired' | 'used_up' | 'revoked' | 'member_without_role' | null;
}

const refused = (reason: AuthenticationFailure['reason']): Result<never, AuthenticationFailure> =>
  fail({ code: reason === 'revoked' || reason === 'member_without_role' ? 'REVOKED' : 'UNAUTHORIZED', reason });

/** `found` null: the secret is unknown. */
export function principalOf(found: Found | null, nowWallMs: number): Result<Principal, AuthenticationFailure> {
  if (found === null) return refused(null);
  if (found.kind === 'owner') return ok(OWNER);
  const { kind, record } = found;
  if (record.revokedAtWallMs !== null) return refused('revoked');
  if (kind !== 'member' && record.expiresAtWallMs !== null && record.expiresAtWallMs <= nowWallMs) return refused('expired');
  const { id, roles, models } = record;
  // An invitation only admits a member: its other roles are those of the future member.
  if (kind === 'invite')
    return ok({ kind, id, name: record.name ?? id, roles: roles.filter((role) => role === 'node'), models, limits: null });
  if (found.kind === 'key' && found.record.memberId !== null) return principalOfMemberKey(found.record, found.member);
  return ok({ kind, id, name: record.name, roles, models, limits: kind === 'key' ? record.limits : null });
}

/** What its member may do now, and no more (ADR 0062). */
function principalOfMemberKey({ id, name, models, limits }: KeyRecord, member?: MemberRecord): Result<Principal, AuthenticationFailure> {
  if (member === undefined || member.revokedAtWallMs !== null) return refused('revoked');
  if (grantOf('make_keys', member.roles) === null) return refused('member_without_role');
  return ok({ kind: 'key', id, name, roles: MEMBER_KEY_ROLES, models: commonModels(models, member.models), limits });
}

/** Null: all. */
function commonModels(one: readonly string[] | null, other: readonly string[] | null): readonly string[] | null {
  if (one === null || other === null) return one ?? other;
  return one.filter((model) => other.includes(model));
}

/** The prefixes of credentials. Any other bearer on open loopback counts as none: clients of the OpenAI API must send something. */
const OWN_SECRET = /^(?:mk|mi|mn|ms)_/;
export const isOwnSecret = (secret: string): boolean => OWN_SECRET.test(secret);

/** The key of a program that sends jobs, and may do nothing else. */
export const isProgramKey = ({ kind, roles }: Principal): boolean => kind === 'key' && roles.every((role) => role === 'client');

/** The mode of a server for callers without a key. */
export interface LoopbackPolicy {
  /** `server.host` is loopback. */
  readonly isLoopback: boolean;
  readonly mode: 'open' | 'keys';
  /** `server.allowed_hosts` is not empty: a proxy may forward requests of other machines. */
  readonly hasAllowedHosts: boolean;
}

export const loopbackPolicyOf = ({ host, loopback, allowedHosts }: ServerConfig): LoopbackPolicy => ({
  isLoopback: isLoopbackHost(host),
  mode: loopback,
  hasAllowedHosts: allowedHosts.length > 0,
});

/** Headers that proxies and tunnels add to the requests of other computers. A name that ends with `*` stands for all with this start. */
const FORWARDING_HEADERS = [
  'forwarded',
  'via',
  'x-forwarded',
  'x-forwarded-*',
  'x-original-*',
  'x-real-ip',
  'x-client-ip',
  'x-cluster-client-ip',
  'x-envoy-external-address',
  'x-proxyuser-ip',
  'cf-connecting-*',
  'true-client-ip',
  'fastly-client-ip',
  'tailscale-*',
] as const;

/** Some proxies and gateways write `_` for `-`. */
function isForwardingHeader(headerName: string): boolean {
  const name = headerName.toLowerCase().replaceAll('_', '-');
  return FORWARDING_HEADERS.some((known) => (known.endsWith('*') ? name.startsWith(known.slice(0, -1)) : name === known));
}

/** At most: of a request from this machine without headers of proxies. */
export function mostLoopbackOf({ isLoopback, mode, hasAllowedHosts }: LoopbackPolicy): LoopbackState {
  if (!isLoopback) return 'none';
  return mode === 'open' && !hasAllowedHosts ? 'open' : 'keys';
}

/** `most`: of the server that has the connection, where it is another one. */
export function loopbackStateOf(
  policy: LoopbackPolicy,
  remoteAddress: string | undefined,
  headerNames: readonly string[],
  most: LoopbackState = 'open',
): LoopbackState {
  if (!isLoopbackAddress(remoteAddress ?? '') || headerNames.some(isForwardingHeader)) return 'none';
  const own = mostLoopbackOf(policy);
  return LOOPBACK_STATES.indexOf(most) < LOOPBACK_STATES.indexOf(own) ? most : own;
}

/** A caller of a right. `principal` null: the caller has no key. */
export interface Caller {
  readonly principal: Principal | null;
  readonly grant: Grant;
}

/** The key of an invitation shows what it is for, and admits a node. It has no other right. */
function ownGrantOf(access: RightName, { kind, roles }: Principal): Grant | null {
  if (kind !== 'invite') {
    const grant = grantOf(access, roles);
    // A key that leaked must not make others.
    return access === 'make_keys' && grant === 'own' && kind !== 'member' ? null : grant;
  }
  return access === 'read_session' ? 'all' : access === 'be_a_node' ? grantOf(access, roles) : null;
}

/** The rights that a caller has, in full or in part. An invitation shows the roles of its future member, and has no rights yet. */
export const rightsOf = (principal: Principal | null): PoolRight[] =>
  principal === null || principal.kind === 'invite' ? [] : POOL_RIGHTS.filter((right) => ownGrantOf(right, principal) !== null);

/** Why a caller with a sufficient role is refused. Null: its roles do not have the right. */
export const forbiddenReason = (access: Access, principal: Principal): 'only_members_make_keys' | null =>
  access === 'make_keys' && grantOf(access, principal.roles) !== null ? 'only_members_make_keys' : null;

/** Whether the caller may use a route. */
export function authorize(
  access: Access,
  authenticated: Result<Principal, AuthenticationFailure> | null,
  loopback: LoopbackState,
): Result<Caller, 'UNAUTHORIZED' | 'FORBIDDEN' | 'REVOKED'> {
  const principal = authenticated?.ok === true ? authenticated.value : null;
  if (access === 'anyone') return ok({ principal, grant: 'all' });
  if (authenticated?.ok === false) return fail(authenticated.error.code);
  if (principal === null) {
    if (access === 'invited') return fail('UNAUTHORIZED');
    const grant = loopback === 'none' ? null : loopbackGrantOf(access, loopback === 'open');
    return grant === null ? fail('UNAUTHORIZED') : ok({ principal: null, grant });
  }
  if (access === 'invited') return principal.kind === 'invite' ? ok({ principal, grant: 'all' }) : fail('FORBIDDEN');
  const grant = ownGrantOf(access, principal) ?? (loopback === 'none' ? null : loopbackGrantOf(access, loopback === 'open'));
  return grant === null ? fail('FORBIDDEN') : ok({ principal, grant });
}
