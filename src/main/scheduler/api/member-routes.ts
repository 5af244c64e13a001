// Routes for members, invitations, keys, the audit log and the sessions of the dashboard (ADR 0021).
import { z } from 'zod';
import {
  auditListSchema,
  auditQuerySchema,
  callerViewSchema,
  createdInviteSchema,
  createdKeySchema,
  createInviteBodySchema,
  createKeyBodySchema,
  credentialIdSchema,
  inviteListSchema,
  joinBodySchema,
  joinedMemberSchema,
  inviteViewSchema,
  keyListSchema,
  keyViewSchema,
  memberListSchema,
  memberViewSchema,
  ownKeySchema,
  type PoolAddress,
  sessionBodySchema,
  sessionCodeSchema,
  sessionSchema,
  updateKeyBodySchema,
  updateMemberBodySchema,
} from '../../../shared/api/members';
import type { Outcome } from '../../../shared/api/app-api';
import { fail } from '../../../shared/result';
import { caFingerprintOf } from '../../trust/verify-chain';
import { type Caller, rightsOf } from '../members/core/principal';
import type { KeyUsage } from '../members/key-usage';
import { type KeyActs, type KeyTrust, MemberKeys } from './member-keys';
import type { Members } from '../members/members';
import { answerOf, errorAnswer } from './responses';
import { type Answer, errorCodeAnswer, json, route, type Route } from './route';

export interface MemberRouteOptions {
  readonly poolName: string;
  readonly trust: KeyTrust;
  /** For sessions of the dashboard, and members of invitations. */
  readonly members: Pick<Members, 'exchange' | 'issueCode' | 'admissions' | 'rolesOf' | 'keys'>;
  readonly usage: Pick<KeyUsage, 'ownUseOf'>;
  /** Where the scheduler listens, for links to the dashboard. */
  readonly place: {
    /** Null: not yet. */
    address(): PoolAddress | null;
    /** PEM. Null: there is no CA of the pool. */
    ca(): string | null;
  };
}

const idParams = z.object({ id: credentialIdSchema });

export const memberRoutes = (options: MemberRouteOptions): readonly Route[] => [
  ownKeyRoute(options),
  ...keyRoutes(options),
  ...inviteRoutes(options),
  ...membersRoutes(options),
  auditRoute(options),
  ...sessionRoutes(options),
];

/** The right is that of programs, which have it over plain HTTP, too. */
const ownKeyRoute = ({ members, usage }: MemberRouteOptions): Route =>
  route({
    method: 'GET',
    path: '/api/v1/keys/self',
    access: 'read_jobs',
    summary: 'What the caller may use and how much of it is left: its models, its limits for requests to models, and their use.',
    answers: { schema: { name: 'OwnKey', schema: ownKeySchema } },
    handle({ caller: { principal } }) {
      const key = principal?.kind === 'key' ? members.keys.find(principal.id) : null;
      return json({
        id: principal?.id ?? null,
        name: principal?.name ?? '',
        roles: members.rolesOf(principal),
        models: principal?.models ?? null,
        expires_at: key?.expires_at ?? null,
        priority: key?.limits.priority ?? 'normal',
        ...usage.ownUseOf(principal),
      });
    },
  });

/** An owner has all keys, a member those that it made. */
const keysOf = ({ principal, grant }: Caller, trust: KeyTrust): KeyActs =>
  principal === null || grant === 'all' ? trust : new MemberKeys(principal, trust);

const keyRoutes = ({ trust }: MemberRouteOptions): readonly Route[] => [
  route({
    method: 'GET',
    path: '/api/v1/keys',
    access: 'make_keys',
    summary: 'Lists the keys of programs, without the keys themselves. A member sees those that it made.',
    answers: { schema: { name: 'KeyList', schema: keyListSchema } },
    handle: async ({ caller }) => listAnswer('keys', await keysOf(caller, trust).keys()),
  }),
  route({
    method: 'POST',
    path: '/api/v1/keys',
    access: 'make_keys',
    act: 'key.create',
    summary:
      'Creates a key for a program. The answer is the only one that contains the key. A member makes keys with the role `client`, at most 20.',
    body: { name: 'CreateKey', schema: createKeyBodySchema },
    answers: { schema: { name: 'CreatedKey', schema: createdKeySchema } },
    errors: ['INVALID_STATE'],
    handle: async ({ body, caller }) => answerOf(await keysOf(caller, trust).createKey(body)),
  }),
  route({
    method: 'PUT',
    path: '/api/v1/keys/{id}',
    access: 'make_keys',
    act: 'key.update',
    summary: 'Changes roles, models, limits and expiry of a key. A field that is absent stays as it is. The key itself stays the same.',
    params: idParams,
    body: { name: 'UpdateKey', schema: updateKeyBodySchema },
    answers: { schema: { name: 'Key', schema: keyViewSchema } },
    errors: ['NOT_FOUND', 'INVALID_STATE'],
    handle: async ({ params: { id }, body, caller }) => answerOf(await keysOf(caller, trust).updateKey(id, body)),
  }),
  route({
    method: 'DELETE',
    path: '/api/v1/keys/{id}',
    access: 'make_keys',
    act: 'key.revoke',
    summary:
      'Revokes a key. Requests with the key are refused from now on. Its streams and dashboard sessions end, and its jobs are cancelled.',
    params: idParams,
    answers: { schema: { name: 'Key', schema: keyViewSchema } },
    errors: ['NOT_FOUND'],
    handle: async ({ params: { id }, caller }) => answerOf(await keysOf(caller, trust).revokeKey(id)),
  }),
];

const inviteRoutes = ({ trust }: MemberRouteOptions): readonly Route[] => [
  route({
    method: 'GET',
    path: '/api/v1/invites',
    access: 'manage',
    summary: 'Lists the invitations, without their keys.',
    answers: { schema: { name: 'InviteList', schema: inviteListSchema } },
    handle: async () => listAnswer('invites', await trust.invites()),
  }),
  route({
    method: 'POST',
    path: '/api/v1/invites',
    access: 'manage',
    act: 'invite.create',
    summary: 'Creates an invitation. The answer is the only one that contains the key of the join link.',
    body: { name: 'CreateInvite', schema: createInviteBodySchema },
    answers: { schema: { name: 'CreatedInvite', schema: createdInviteSchema } },
    errors: ['INVALID_STATE'],
    handle: async ({ body }) => answerOf(await trust.createInvite(body)),
  }),
  route({
    method: 'DELETE',
    path: '/api/v1/invites/{id}',
    access: 'manage',
    act: 'invite.revoke',
    summary: 'Revokes an invitation. Its members stay.',
    params: idParams,
    answers: { schema: { name: 'Invite', schema: inviteViewSchema } },
    errors: ['NOT_FOUND'],
    handle: async ({ params: { id } }) => answerOf(await trust.revokeInvite(id)),
  }),
];

const membersRoutes = ({ trust, members }: MemberRouteOptions): readonly Route[] => [
  route({
    method: 'GET',
    path: '/api/v1/members',
    access: 'manage',
    summary: 'Lists the members: those that joined with an invitation or by digits.',
    answers: { schema: { name: 'MemberList', schema: memberListSchema } },
    handle: async () => listAnswer('members', await trust.members()),
  }),
  route({
    method: 'POST',
    path: '/api/v1/members',
    access: 'invited',
    act: 'member.join',
    summary: 'Joins with the key of an invitation that is not for a node. The answer is the only one that contains the credential.',
    body: { name: 'JoinMember', schema: joinBodySchema },
    answers: { schema: { name: 'JoinedMember', schema: joinedMemberSchema } },
    errors: ['INVALID_STATE'],
    async handle({ body, caller: { principal }, from }) {
      const joined = principal === null ? fail('used_up' as const) : await members.admissions.addInvited(principal, body, from);
      if (!joined.ok && joined.error === 'write_failed') return errorCodeAnswer('INTERNAL_ERROR');
      if (!joined.ok) return errorCodeAnswer(joined.error === 'used_up' ? 'UNAUTHORIZED' : 'INVALID_STATE', { reason: joined.error });
      const { id, name, roles } = joined.value.member;
      return json({ id, name, roles, credential: joined.value.credential });
    },
  }),
  route({
    method: 'PUT',
    path: '/api/v1/members/{id}',
    access: 'manage',
    act: 'member.update',
    summary:
      'Changes roles and models of a member, at once. A field that is absent stays as it is. Without the role `node`, its node is removed.',
    params: idParams,
    body: { name: 'UpdateMember', schema: updateMemberBodySchema },
    answers: { schema: { name: 'Member', schema: memberViewSchema } },
    errors: ['NOT_FOUND', 'INVALID_STATE'],
    handle: async ({ params: { id }, body }) => answerOf(await trust.updateMember(id, body)),
  }),
  route({
    method: 'DELETE',
    path: '/api/v1/members/{id}',
    access: 'manage',
    act: 'member.revoke',
    summary: 'Revokes a member: closes its connections (4010), bars it, and cancels its jobs. Answers with the member.',
    params: idParams,
    answers: { schema: { name: 'Member', schema: memberViewSchema } },
    errors: ['NOT_FOUND'],
    handle: async ({ params: { id } }) => answerOf(await trust.revokeMember(id)),
  }),
];

const auditRoute = ({ trust }: MemberRouteOptions): Route =>
  route({
    method: 'GET',
    path: '/api/v1/audit',
    access: 'manage',
    summary: 'The acts of operators and owners, newest first. `before` is the `next_before` of the previous page.',
    query: auditQuerySchema,
    answers: { schema: { name: 'AuditList', schema: auditListSchema } },
    handle: async ({ query }) => answerOf(await trust.audit(query)),
  });

const sessionRoutes = ({ poolName, members, place }: MemberRouteOptions): readonly Route[] => [
  route({
    method: 'GET',
    path: '/api/v1/session',
    access: 'read_session',
    summary: 'Who the caller is. `id` is null for a caller on loopback without a key. An invitation has the roles of its future member.',
    answers: { schema: { name: 'Caller', schema: callerViewSchema } },
    handle: ({ caller: { principal } }) => {
      const [id, name] = [principal?.id ?? null, principal?.name ?? ''];
      const roles = members.rolesOf(principal);
      return json({ id, name, roles, pool_name: poolName, rights: rightsOf(principal) });
    },
  }),
  route({
    method: 'POST',
    path: '/api/v1/session',
    access: 'anyone',
    summary: 'Exchanges the one-time code of a dashboard link for a session key, which is sent as a bearer token.',
    body: { name: 'SessionCode', schema: sessionBodySchema },
    answers: { schema: { name: 'Session', schema: sessionSchema } },
    errors: ['UNAUTHORIZED'],
    handle({ body }) {
      const exchanged = members.exchange(body.code);
      if (exchanged === null) return errorCodeAnswer('UNAUTHORIZED', { reason: 'code_invalid' });
      const { session, principal } = exchanged;
      return json({ key: session.secret, roles: principal.roles, expires_at: session.endsAtWallMs });
    },
  }),
  route({
    method: 'POST',
    path: '/api/v1/session/codes',
    access: 'view',
    summary: 'Makes a one-time code for a dashboard link. The session has the roles of the caller.',
    answers: { schema: { name: 'IssuedSessionCode', schema: sessionCodeSchema } },
    handle({ caller: { principal } }) {
      const code = members.issueCode(principal);
      const ca = place.ca();
      const known = { address: place.address(), ca_fingerprint: ca === null ? null : caFingerprintOf(ca) };
      return json({ code: code.secret, expires_at: code.endsAtWallMs, ...known });
    },
  }),
];

const listAnswer = (name: string, outcome: Outcome<readonly object[]>): Answer =>
  outcome.ok ? json({ [name]: outcome.value }) : errorAnswer(outcome.error);
