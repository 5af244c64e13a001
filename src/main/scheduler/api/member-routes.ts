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
  inviteListSchema,
  joinBodySchema,
  joinedMemberSchema,
  inviteViewSchema,
  keyListSchema,
  keyViewSchema,
  memberListSchema,
  memberViewSchema,
  type PoolAddress,
  sessionBodySchema,
  sessionCodeSchema,
  sessionSchema,
} from '../../../shared/api/members';
import { fail, ok, type Result } from '../../../shared/result';
import type { AuditLog } from '../members/audit-log';
import type { ChangeFailure } from '../members/credential-records';
import type { Members } from '../members/members';
import { type Answer, errorCodeAnswer, json, route, type Route } from './route';

export interface MemberRouteOptions {
  readonly members: Members;
  readonly audit: AuditLog;
  /** Where the scheduler listens; null: it does not listen yet. */
  readonly address: () => PoolAddress | null;
  /** Ends the streams and the jobs of a revoked credential. */
  readonly endAccess: (holder: string) => Promise<void>;
}

const idParams = z.object({ id: z.string().min(1).max(64) });

export const memberRoutes = (options: MemberRouteOptions): readonly Route[] => [
  ...keyRoutes(options),
  ...inviteRoutes(options),
  ...membersRoutes(options),
  auditRoute(options),
  ...sessionRoutes(options),
];

const keyRoutes = ({ members, endAccess }: MemberRouteOptions): readonly Route[] => [
  route({
    method: 'GET',
    path: '/api/v1/keys',
    access: 'manage',
    summary: 'Lists the keys of programs, without the keys themselves.',
    answers: { schema: { name: 'KeyList', schema: keyListSchema } },
    handle: () => json({ keys: members.keys.list() }),
  }),
  route({
    method: 'POST',
    path: '/api/v1/keys',
    access: 'manage',
    act: 'key.create',
    summary: 'Creates a key for a program. The answer is the only one that contains the key.',
    body: { name: 'CreateKey', schema: createKeyBodySchema },
    answers: { schema: { name: 'CreatedKey', schema: createdKeySchema } },
    errors: ['INVALID_STATE'],
    handle: async ({ body }) => answerOfChange(await members.keys.create(body)),
  }),
  route({
    method: 'DELETE',
    path: '/api/v1/keys/{id}',
    access: 'manage',
    act: 'key.revoke',
    summary:
      'Revokes a key. Requests with the key are refused from now on. Its streams and dashboard sessions end, and its jobs are cancelled.',
    params: idParams,
    answers: { schema: { name: 'Key', schema: keyViewSchema } },
    errors: ['NOT_FOUND'],
    async handle({ params: { id } }) {
      const revoked = await members.keys.revoke(id);
      if (revoked.ok) await endAccess(id);
      return answerOfChange(revoked);
    },
  }),
];

const inviteRoutes = ({ members, address }: MemberRouteOptions): readonly Route[] => [
  route({
    method: 'GET',
    path: '/api/v1/invites',
    access: 'manage',
    summary: 'Lists the invitations, without their keys.',
    answers: { schema: { name: 'InviteList', schema: inviteListSchema } },
    handle: () => json({ invites: members.invitations.list() }),
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
    async handle({ body }) {
      const created = await members.invitations.create(body);
      return answerOfChange(created.ok ? ok({ ...created.value, address: address() }) : created);
    },
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
    handle: async ({ params: { id } }) => answerOfChange(await members.invitations.revoke(id)),
  }),
];

const membersRoutes = ({ members, endAccess }: MemberRouteOptions): readonly Route[] => [
  route({
    method: 'GET',
    path: '/api/v1/members',
    access: 'manage',
    summary: 'Lists the members: those that joined with an invitation or by digits.',
    answers: { schema: { name: 'MemberList', schema: memberListSchema } },
    handle: () => json({ members: members.members() }),
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
    async handle({ body, caller: { principal } }) {
      const joined = principal === null ? fail('used_up' as const) : await members.addInvited(principal, body.name);
      if (!joined.ok)
        return joined.error === 'write_failed'
          ? errorCodeAnswer('INTERNAL_ERROR')
          : errorCodeAnswer('INVALID_STATE', { reason: joined.error });
      const { id, name, roles } = joined.value.member;
      return json({ id, name, roles, credential: joined.value.credential });
    },
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
    async handle({ params: { id } }) {
      const revoked = await members.revokeMember(id);
      if (revoked.ok) await endAccess(id);
      return answerOfChange(revoked);
    },
  }),
];

const auditRoute = ({ audit }: MemberRouteOptions): Route =>
  route({
    method: 'GET',
    path: '/api/v1/audit',
    access: 'manage',
    summary: 'The acts of operators and owners, newest first. `before` is the `next_before` of the previous page.',
    query: auditQuerySchema,
    answers: { schema: { name: 'AuditList', schema: auditListSchema } },
    handle({ query }) {
      const entries = audit.list(query.limit, query.before ?? null);
      return json({ entries, next_before: entries.length < query.limit ? null : (entries.at(-1)?.id ?? null) });
    },
  });

const sessionRoutes = ({ members }: MemberRouteOptions): readonly Route[] => [
  route({
    method: 'GET',
    path: '/api/v1/session',
    access: 'read_session',
    summary: 'Who the caller is. `id` is null for a caller on loopback without a key. An invitation has the roles of its future member.',
    answers: { schema: { name: 'Caller', schema: callerViewSchema } },
    handle: ({ caller: { principal } }) =>
      json({ id: principal?.id ?? null, name: principal?.name ?? '', roles: members.rolesOf(principal) }),
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
      const session = members.sessions.exchange(body.code);
      const principal = session === null ? null : members.authenticate(session.secret);
      if (session === null || principal?.ok !== true) return errorCodeAnswer('UNAUTHORIZED', { reason: 'code_invalid' });
      return json({ key: session.secret, roles: principal.value.roles, expires_at: session.endsAtWallMs });
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
      return json({ code: code.secret, expires_at: code.endsAtWallMs });
    },
  }),
];

function answerOfChange(outcome: Result<object, ChangeFailure>): Answer {
  if (outcome.ok) return json(outcome.value);
  switch (outcome.error) {
    case 'not_found':
      return errorCodeAnswer('NOT_FOUND');
    case 'name_taken':
    case 'too_many':
      return errorCodeAnswer('INVALID_STATE', { reason: outcome.error });
    case 'write_failed':
      return errorCodeAnswer('INTERNAL_ERROR');
  }
}
