// Authentication and authorization as pure decisions.
import { describe, expect, test } from 'vitest';
import { keyLimitsSchema } from '../../../../src/shared/api/members';
import { admissionOf, LOST_ANSWER_MS, mayAdmit } from '../../../../src/main/scheduler/members/core/invitations';
import { authorize, isOwnSecret, loopbackStateOf, OWNER, principalOf } from '../../../../src/main/scheduler/members/core/principal';
import type { InviteRecord, KeyRecord, MemberRecord } from '../../../../src/main/scheduler/members/core/records';
import { fail, ok } from '../../../../src/shared/result';

const NOW = 1_000_000;
const common = { id: 'x-1', models: null, createdAtWallMs: 0, lastUsedAtWallMs: null, lastAddress: null, revokedAtWallMs: null };
const key: KeyRecord = {
  ...common,
  name: 'chat',
  roles: ['client'],
  hash: 'h',
  limits: keyLimitsSchema.parse({}),
  expiresAtWallMs: null,
  memberId: null,
};
const invite: InviteRecord = { ...common, name: null, roles: ['node', 'client'], hash: 'h', expiresAtWallMs: NOW + 1, uses: 0, maxUses: 1 };
const member: MemberRecord = {
  ...common,
  name: 'tower',
  roles: ['node'],
  hash: null,
  nextHash: 'h',
  nodeId: null,
  inviteId: 'x-1',
  nonceHash: 'own nonce',
};

describe('principal', () => {
  test.each([
    ['unknown secret', null, fail({ code: 'UNAUTHORIZED', reason: null })],
    ['owner', { kind: 'owner' }, ok(OWNER)],
    [
      'key',
      { kind: 'key', record: key },
      ok({ kind: 'key', id: 'x-1', name: 'chat', roles: ['client'], models: null, limits: key.limits }),
    ],
    ['expired key', { kind: 'key', record: { ...key, expiresAtWallMs: NOW } }, fail({ code: 'UNAUTHORIZED', reason: 'expired' })],
    ['revoked key', { kind: 'key', record: { ...key, revokedAtWallMs: 1 } }, fail({ code: 'REVOKED', reason: 'revoked' })],
    [
      'revoked and expired -> revoked',
      { kind: 'key', record: { ...key, expiresAtWallMs: 1, revokedAtWallMs: 1 } },
      fail({ code: 'REVOKED', reason: 'revoked' }),
    ],
    [
      'invitation -> only a node',
      { kind: 'invite', record: invite },
      ok({ kind: 'invite', id: 'x-1', name: 'x-1', roles: ['node'], models: null, limits: null }),
    ],
    [
      'expired invitation',
      { kind: 'invite', record: { ...invite, expiresAtWallMs: NOW } },
      fail({ code: 'UNAUTHORIZED', reason: 'expired' }),
    ],
    [
      'member',
      { kind: 'member', record: member },
      ok({ kind: 'member', id: 'x-1', name: 'tower', roles: ['node'], models: null, limits: null }),
    ],
    ['revoked member', { kind: 'member', record: { ...member, revokedAtWallMs: 1 } }, fail({ code: 'REVOKED', reason: 'revoked' })],
  ] as const)('%s', (_what, found, expected) => {
    expect(principalOf(found, NOW)).toEqual(expected);
  });

  const own: KeyRecord = { ...key, memberId: 'x-2' };
  const maker: MemberRecord = { ...member, id: 'x-2', roles: ['node', 'client'] };
  const principalOfKey = (record: Partial<KeyRecord>, changed: Partial<MemberRecord> | null) =>
    principalOf({ kind: 'key', record: { ...own, ...record }, member: changed === null ? undefined : { ...maker, ...changed } }, NOW);

  test.each([
    ['member unknown', {}, null, { code: 'REVOKED', reason: 'revoked' }],
    ['member revoked', {}, { revokedAtWallMs: 1 }, { code: 'REVOKED', reason: 'revoked' }],
    ['member without client', {}, { roles: ['node', 'viewer'] }, { code: 'REVOKED', reason: 'member_without_role' }],
    ['key revoked', { revokedAtWallMs: 1 }, {}, { code: 'REVOKED', reason: 'revoked' }],
    ['key expired', { expiresAtWallMs: NOW }, {}, { code: 'UNAUTHORIZED', reason: 'expired' }],
  ] as const)('key of a member: %s -> refused', (_what, record, changed, expected) => {
    expect(principalOfKey(record, changed as Partial<MemberRecord> | null)).toEqual(fail(expected));
  });

  test.each([
    [null, null, null],
    [null, ['a'], ['a']],
    [['a', 'b'], null, ['a', 'b']],
    [['a', 'b'], ['b', 'c'], ['b']],
    [['a'], ['b'], []],
  ])('key of a member: models %j, of the member %j -> %j', (models, ofMember, expected) => {
    expect(principalOfKey({ models }, { models: ofMember })).toMatchObject({ ok: true, value: { models: expected } });
  });

  test('key of a member: client only, whatever the roles of both', () => {
    expect(principalOfKey({ roles: ['client', 'operator'] }, { roles: ['operator'] })).toMatchObject({ value: { roles: ['client'] } });
  });

  test.each([
    ['mk_x', true],
    ['mn_x', true],
    ['mi_x', true],
    ['ms_x', true],
    ['none', false],
    ['sk-1234', false],
  ])('own secret: %s -> %s', (secret, expected) => {
    expect(isOwnSecret(secret)).toBe(expected);
  });
});

describe('loopback', () => {
  const open = { isLoopback: true, mode: 'open', hasAllowedHosts: false } as const;
  test.each([
    ['open', open, '127.0.0.1', ['host'], 'open'],
    ['IPv6', open, '::1', [], 'open'],
    ['IPv4 in IPv6', open, '::ffff:127.0.0.9', [], 'open'],
    ['mode keys', { ...open, mode: 'keys' }, '127.0.0.1', [], 'keys'],
    ['allowed_hosts not empty', { ...open, hasAllowedHosts: true }, '127.0.0.1', [], 'keys'],
    ['server.host is not loopback', { ...open, isLoopback: false }, '127.0.0.1', [], 'none'],
    ['another machine', open, '192.168.1.2', [], 'none'],
    ['no address', open, undefined, [], 'none'],
    ...['Forwarded', 'Via', 'X-Real-IP', 'X-Forwarded-For', 'x-forwarded-host', 'X-Forwarded-Anything', 'X-Forwarded', 'X_Forwarded_For']
      .concat('CF-Connecting-IP', 'CF-Connecting-IPv6', 'True-Client-IP', 'X-Client-IP', 'X-Cluster-Client-IP', 'Fastly-Client-IP')
      .concat('X-Original-Forwarded-For', 'X-Original-Host', 'X-Envoy-External-Address', 'X-ProxyUser-Ip', 'Tailscale-User-Login')
      .concat('true_client_ip', 'X_REAL-IP')
      .map((name) => [`header ${name}`, open, '127.0.0.1', ['Host', name], 'none'] as const),
    ['other headers', open, '127.0.0.1', ['Host', 'Viable', 'X-Real-IPs', 'Client-IP-Of', 'X-Stainless-OS', 'Authorization'], 'open'],
  ] as const)('%s -> %s', (_what, policy, address, names, expected) => {
    expect(loopbackStateOf(policy, address, names)).toBe(expected);
  });
});

describe('authorize', () => {
  const client = principalOf({ kind: 'key', record: key }, NOW);
  const revoked = principalOf({ kind: 'key', record: { ...key, revokedAtWallMs: 1 } }, NOW);
  test.each([
    ['anyone, no key', 'anyone', null, 'none', 'all'],
    ['anyone, revoked key', 'anyone', revoked, 'none', 'all'],
    ['no key, other machine', 'read_models', null, 'none', 'UNAUTHORIZED'],
    ['no key, open loopback', 'read_jobs', null, 'open', 'own'],
    ['no key, open loopback, operate', 'operate', null, 'open', 'UNAUTHORIZED'],
    ['no key, loopback with keys', 'submit_jobs', null, 'keys', 'UNAUTHORIZED'],
    ['no key, loopback with keys, metrics', 'read_metrics', null, 'keys', 'all'],
    ['client, own jobs', 'read_jobs', client, 'none', 'own'],
    ['client, operate', 'operate', client, 'open', 'FORBIDDEN'],
    ['client, metrics on loopback', 'read_metrics', client, 'open', 'all'],
    ['client, metrics elsewhere', 'read_metrics', client, 'none', 'FORBIDDEN'],
    ['revoked key on open loopback', 'read_models', revoked, 'open', 'REVOKED'],
    ['owner', 'manage', ok(OWNER), 'none', 'all'],
  ] as const)('%s -> %s', (_what, access, authenticated, loopback, expected) => {
    const outcome = authorize(access, authenticated, loopback);
    expect(outcome.ok ? outcome.value.grant : outcome.error).toBe(expected);
  });
});

describe('admission by an invitation', () => {
  const usedUp = { ...invite, uses: 1 };
  const withoutNonce = { ...member, nonceHash: null };
  test.each([
    ['unused -> new member', invite, [], null, NOW, { member: null }],
    ['used up', usedUp, [], 'own nonce', NOW, 'used_up'],
    ['answer lost, same nonce -> the same member', usedUp, [member], 'own nonce', 1, { member }],
    ['answer lost, same nonce, uses left -> the same member', invite, [member], 'own nonce', 1, { member }],
    ['answer lost, another nonce -> used up', usedUp, [member], 'other nonce', 1, 'used_up'],
    ['answer lost, no nonce -> used up', usedUp, [member], null, 1, 'used_up'],
    ['first joiner sent no nonce, second neither -> used up', usedUp, [withoutNonce], null, 1, 'used_up'],
    ['first joiner sent no nonce, second one -> used up', usedUp, [withoutNonce], 'own nonce', 1, 'used_up'],
    ['another nonce, uses left -> new member', invite, [member], 'other nonce', 1, { member: null }],
    ['member has used its credential', usedUp, [{ ...member, hash: 'h' }], 'own nonce', 1, 'used_up'],
    ['member is revoked', usedUp, [{ ...member, revokedAtWallMs: 1 }], 'own nonce', 1, 'used_up'],
    ['too late', usedUp, [member], 'own nonce', LOST_ANSWER_MS, 'used_up'],
  ] as const)('%s', (_what, record, members, nonceHash, now, expected) => {
    const admission: unknown = admissionOf(record, members, nonceHash, now);
    expect(admission).toEqual(expected);
  });

  test.each([
    ['unused -> yes', invite, [], false, NOW, true],
    ['used up -> no', usedUp, [], false, NOW, false],
    ['answer lost -> yes', usedUp, [member], false, 1, true],
    ['member is connected -> no', usedUp, [member], true, 1, false],
    ['member has used its credential -> no', usedUp, [{ ...member, hash: 'h' }], false, 1, false],
    ['too late -> no', usedUp, [member], false, LOST_ANSWER_MS, false],
  ] as const)('nonce not known yet: %s', (_what, record, members, isConnected, now, expected) => {
    expect(mayAdmit(record, members, () => isConnected, now)).toBe(expected);
  });
});
