// `muster members`, `revoke`, `invite`, `audit` and `dashboard`: who may use the pool, and a link to the dashboard.
import {
  auditListSchema,
  createdInviteSchema,
  createInviteBodySchema,
  inviteListSchema,
  type InviteView,
  memberListSchema,
  type MemberView,
  memberViewSchema,
  sessionCodeSchema,
} from '../../shared/api/members';
import type { z } from 'zod';
import { type InviteLinks, parsePoolAddress } from '../../shared/api/join-link';
import type { Outcome } from '../../shared/api/app-api';
import { fail, ok, type Result } from '../../shared/result';
import type { Command, Invocation } from './command';
import { CLIENT_OPTIONS } from './common-options';
import { parseDuration } from './core/duration';
import { ageText, printable, textTable } from './core/text-table';
import { EXIT } from './exit-code';
import { isLoopbackHost } from '../../shared/loopback';
import { inviteLinksOn, inviteLinksText } from './invite-link';
import { stateText } from './keys-command';
import { type SchedulerSession, withScheduler } from './with-scheduler';

export const membersCommand: Command = {
  name: 'members',
  summary: 'List the members of the pool and the open invitations.',
  operands: [],
  options: CLIENT_OPTIONS,
  run: (invocation) =>
    withScheduler(invocation, async ({ client }) => {
      const { io, options } = invocation;
      const members = await client.ask({ method: 'GET', path: '/api/v1/members' }, memberListSchema);
      if (!members.ok) return members;
      const invites = await client.ask({ method: 'GET', path: '/api/v1/invites' }, inviteListSchema);
      if (!invites.ok) return invites;
      const all = { ...members.value, ...invites.value };
      io.out(options.isSet('json') ? `${JSON.stringify(all, null, 2)}\n` : membersText(all.members, all.invites, Date.now()));
      return ok(EXIT.ok);
    }),
};

export function membersText(members: readonly MemberView[], invites: readonly InviteView[], nowWallMs: number): string {
  const rows = members.map((member) => [
    member.id,
    member.name,
    member.roles.join(', '),
    member.node_id ?? '-',
    member.connected ? 'yes' : 'no',
    stateText(member.revoked_at, null, nowWallMs),
  ]);
  const open = invites.filter(
    ({ revoked_at, expires_at, uses, max_uses }) => revoked_at === null && expires_at > nowWallMs && uses < max_uses,
  );
  const invited = open.map((invite) => [
    invite.id,
    invite.name ?? '-',
    invite.roles.join(', '),
    `${String(invite.uses)}/${String(invite.max_uses)}`,
    ageText(invite.expires_at - nowWallMs),
  ]);
  const table =
    rows.length === 0 ? 'No computer has joined.\n' : textTable(['MEMBER', 'NAME', 'ROLES', 'NODE', 'CONNECTED', 'STATE'], rows);
  return invited.length === 0 ? table : `${table}\n${textTable(['INVITATION', 'NAME', 'ROLES', 'USES', 'EXPIRES IN'], invited)}`;
}

export const revokeCommand: Command = {
  name: 'revoke',
  summary: 'Revoke a member or an invitation: a member is disconnected and cannot return.',
  operands: ['ID'],
  options: CLIENT_OPTIONS,
  run: (invocation) =>
    withScheduler(invocation, async ({ client }) => {
      const { io, options, operands } = invocation;
      const [id = ''] = operands;
      const kind = id.startsWith('inv-') ? 'invites' : 'members';
      const schema = kind === 'members' ? memberViewSchema : inviteListSchema.shape.invites.element;
      const revoked = await client.ask({ method: 'DELETE', path: `/api/v1/${kind}/${encodeURIComponent(id)}` }, schema);
      if (!revoked.ok) return revoked;
      io.out(options.isSet('json') ? `${JSON.stringify(revoked.value)}\n` : `${printable(id)}: revoked\n`);
      return ok(EXIT.ok);
    }),
};

export const inviteCommand: Command = {
  name: 'invite',
  summary: 'Make an invitation: a link with which a computer joins the pool, as a node or with other roles.',
  operands: [],
  options: {
    role: {
      value: 'ROLE',
      doc: 'A role of the member: node (default), client, viewer, operator or owner. Can be repeated.',
      multiple: true,
    },
    name: { value: 'NAME', doc: 'The name of the member. Default: the name of its node.' },
    expires: { value: 'DURATION', doc: 'When the invitation expires, such as 24h (default) or 7d.' },
    uses: { value: 'COUNT', doc: 'How many computers may join with it. Default: 1.' },
    models: { value: 'A,B', doc: 'The models that the member may use as a client. Default: all.' },
    ...CLIENT_OPTIONS,
  },
  run: async (invocation) => {
    const body = inviteBody(invocation);
    if (body.ok) return withScheduler(invocation, (session) => invite(invocation, session, body.value));
    invocation.io.err(`muster: invite: ${body.error}\n`);
    return EXIT.usage;
  },
};

type CreatedInvite = z.infer<typeof createdInviteSchema>;
type InviteBody = Readonly<Record<string, unknown>>;

function inviteBody({ options }: Invocation): Result<InviteBody, string> {
  const [name, expires, models, uses] = [options.text('name'), options.text('expires'), options.text('models'), options.number('uses')];
  const duration = expires === undefined ? null : parseDuration(expires);
  if (duration?.ok === false) return fail(`--expires: ${duration.error}`);
  if (uses?.ok === false) return fail(uses.error);
  const body = {
    ...(options.texts('role').length === 0 ? {} : { roles: [...new Set(options.texts('role'))] }),
    ...(name === undefined ? {} : { name }),
    ...(duration === null ? {} : { expires_in_seconds: duration.value }),
    ...(uses === undefined ? {} : { uses: uses.value }),
    ...(models === undefined ? {} : { models: models.split(',') }),
  };
  const parsed = createInviteBodySchema.safeParse(body);
  if (parsed.success) return ok(body);
  const issue = parsed.error.issues[0];
  return fail(`--${String(issue?.path[0] ?? 'role')}: ${issue?.message ?? 'invalid'}`);
}

async function invite({ io, options }: Invocation, session: SchedulerSession, body: InviteBody): Promise<Outcome<number>> {
  const created = await session.client.ask({ method: 'POST', path: '/api/v1/invites', body }, createdInviteSchema);
  if (!created.ok) return created;
  const { id, name, expires_at } = created.value;
  const links = linksOf(session, created.value);
  if (options.isSet('json')) io.out(`${JSON.stringify({ id, name, link: links.link, https_link: links.httpsLink, expires_at })}\n`);
  else {
    io.err(`Invitation ${id}, valid for ${ageText(expires_at - Date.now())}. On the other computer: muster join "LINK"\n`);
    io.out(inviteLinksText(links, io.outIsTerminal));
  }
  return ok(EXIT.ok);
}

/** On the host, the scheduler says where it listens. From another computer, the link has the address by which the caller reached it. */
function linksOf({ baseUrl, pin, settings }: SchedulerSession, { key, address }: CreatedInvite): InviteLinks {
  const target = parsePoolAddress(baseUrl);
  const { host, port } = settings.config.server;
  const reached = target.ok ? { ...target.value, pin } : { host, port, secure: pin !== null, pin };
  return inviteLinksOn(isLoopbackHost(reached.host) || reached.host === address?.host ? (address ?? reached) : reached, key);
}

export const auditCommand: Command = {
  name: 'audit',
  summary: 'List the acts of operators and owners: who, what, from where.',
  operands: [],
  options: { limit: { value: 'COUNT', doc: 'How many entries, newest first. Default: 100.' }, ...CLIENT_OPTIONS },
  run: (invocation) =>
    withScheduler(invocation, async ({ client }) => {
      const { io, options } = invocation;
      const limit = options.text('limit') ?? '100';
      const answer = await client.ask({ method: 'GET', path: `/api/v1/audit?limit=${encodeURIComponent(limit)}` }, auditListSchema);
      if (!answer.ok) return answer;
      const rows = answer.value.entries.map(({ at, who, who_name, action, target, from }) => [
        new Date(at).toISOString(),
        who === null || who === who_name ? who_name : `${who_name} (${who})`,
        action,
        target ?? '-',
        from,
      ]);
      const text = rows.length === 0 ? 'There are no entries.\n' : textTable(['TIME', 'WHO', 'ACTION', 'TARGET', 'FROM'], rows);
      io.out(options.isSet('json') ? `${JSON.stringify(answer.value, null, 2)}\n` : text);
      return ok(EXIT.ok);
    }),
};

export const dashboardCommand: Command = {
  name: 'dashboard',
  summary: 'Print a link to the dashboard that signs a browser in, once.',
  operands: [],
  options: CLIENT_OPTIONS,
  run: (invocation) =>
    withScheduler(invocation, async ({ client, baseUrl }) => {
      const { io, options } = invocation;
      const code = await client.ask({ method: 'POST', path: '/api/v1/session/codes', body: {} }, sessionCodeSchema);
      if (!code.ok) return code;
      const link = dashboardLink(baseUrl, code.value.code);
      io.out(options.isSet('json') ? `${JSON.stringify({ link, expires_at: code.value.expires_at })}\n` : `${link}\n`);
      return ok(EXIT.ok);
    }),
};

/** The code is in the fragment, which no browser sends to a server. */
export const dashboardLink = (baseUrl: string, code: string): string => `${baseUrl}/#code=${code}`;
