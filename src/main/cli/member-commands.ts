// `muster members`, `roles`, `revoke`, `invite` and `audit`: who may use the pool.
import {
  auditPageSchema,
  type CreatedInvite,
  type CreateInviteBody,
  createInviteBodySchema,
  type InviteView,
  type MemberView,
  type UpdateMemberBody,
  updateMemberBodySchema,
} from '../../shared/api/members';
import { type InviteLinks, parsePoolAddress } from '../../shared/api/join-link';
import type { Outcome } from '../../shared/api/app-api';
import { fail, ok, type Result } from '../../shared/result';
import type { Command, Invocation, Options } from './command';
import { CLIENT_OPTIONS } from './common-options';
import { printable, remainingText, textTable } from './core/text-table';
import { credentialFields, parseBody } from './credential-body';
import { EXIT } from './exit-code';
import { isLoopbackHost } from '../../shared/loopback';
import { failure } from '../contracts/app-errors';
import type { TrustPort } from '../contracts/ports';
import { inviteLinksOn, inviteLinksText } from './invite-link';
import { stateText } from './keys-command';
import { type SchedulerSession, withScheduler } from './with-scheduler';

export const membersCommand: Command = {
  name: 'members',
  summary: 'List the members of the pool and the open invitations.',
  operands: [],
  options: CLIENT_OPTIONS,
  run: (invocation) =>
    withScheduler(invocation, async ({ trust }) => {
      const { io, options } = invocation;
      const members = await trust.members();
      if (!members.ok) return members;
      const invites = await trust.invites();
      if (!invites.ok) return invites;
      const all = { members: members.value, invites: invites.value };
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
  const open = invites.filter((invite) => isOpen(invite, nowWallMs));
  const invited = open.map((invite) => [
    invite.id,
    invite.name ?? '-',
    invite.roles.join(', '),
    `${String(invite.uses)}/${String(invite.max_uses)}`,
    remainingText(invite.expires_at - nowWallMs),
  ]);
  const table =
    rows.length === 0 ? 'No computer has joined.\n' : textTable(['MEMBER', 'NAME', 'ROLES', 'NODE', 'CONNECTED', 'STATE'], rows);
  return invited.length === 0 ? table : `${table}\n${textTable(['INVITATION', 'NAME', 'ROLES', 'USES', 'EXPIRES IN'], invited)}`;
}

const isOpen = ({ revoked_at, expires_at, uses, max_uses }: InviteView, nowWallMs: number): boolean =>
  revoked_at === null && expires_at > nowWallMs && uses < max_uses;

export const rolesCommand: Command = {
  name: 'roles',
  summary: 'Change the roles of a member, by ID or by name, at once. Without the role node, its node is removed.',
  operands: ['MEMBER'],
  options: {
    role: { value: 'ROLE', doc: 'A role of the member: node, client, viewer, operator or owner. Can be repeated.', multiple: true },
    models: { value: 'A,B', doc: 'The models that the member may use as a client, or `all`.' },
    ...CLIENT_OPTIONS,
  },
  run: (invocation) => {
    const { io, options, operands } = invocation;
    const body = memberBody(options);
    if (!body.ok) {
      io.err(`muster: roles: ${body.error}\n`);
      return Promise.resolve(EXIT.usage);
    }
    return withScheduler(invocation, async ({ trust }) => {
      const [named = ''] = operands;
      const found = await credentialOf(trust, named);
      if (!found.ok) return found;
      if (found.value.kind !== 'member') return failure('NOT_FOUND', { id: named, reason: 'unknown_credential' });
      const updated = await trust.updateMember(found.value.id, body.value);
      if (!updated.ok) return updated;
      io.out(options.isSet('json') ? `${JSON.stringify(updated.value)}\n` : membersText([updated.value], [], Date.now()));
      return ok(EXIT.ok);
    });
  },
};

function memberBody(options: Options): Result<UpdateMemberBody, string> {
  const fields = credentialFields(options);
  if (!fields.ok) return fields;
  return Object.keys(fields.value).length === 0 ? fail('no option says what changes') : parseBody(updateMemberBodySchema, fields.value);
}

export const revokeCommand: Command = {
  name: 'revoke',
  summary: 'Revoke a member or an invitation, by ID or by the name of a member: the member is disconnected and cannot return.',
  operands: ['ID'],
  options: CLIENT_OPTIONS,
  run: (invocation) =>
    withScheduler(invocation, async ({ trust }) => {
      const { io, options, operands } = invocation;
      const [named = ''] = operands;
      const found = await credentialOf(trust, named);
      if (!found.ok) return found;
      const { kind, id } = found.value;
      const revoked = await (kind === 'member' ? trust.revokeMember(id) : trust.revokeInvite(id));
      if (!revoked.ok) return revoked;
      io.out(options.isSet('json') ? `${JSON.stringify(revoked.value)}\n` : `${printable(named)}: revoked\n`);
      return ok(EXIT.ok);
    }),
};

/**
 * The invitation with this id, else the member with this id, else the only valid member with this name. An invitation is not found by its
 * name: several may have it, and a member with the name may have joined with one of them.
 */
async function credentialOf(
  trust: TrustPort,
  named: string,
): Promise<Outcome<{ readonly kind: 'member' | 'invite'; readonly id: string }>> {
  const unknown = failure('NOT_FOUND', { id: named, reason: 'unknown_credential' });
  if (named.startsWith('inv-')) {
    const invites = await trust.invites();
    if (!invites.ok) return invites;
    return invites.value.some(({ id }) => id === named) ? ok({ kind: 'invite', id: named }) : unknown;
  }
  const members = await trust.members();
  if (!members.ok) return members;
  if (members.value.some(({ id }) => id === named)) return ok({ kind: 'member', id: named });
  const [only, ...others] = members.value.filter(({ name, revoked_at }) => name === named && revoked_at === null);
  if (only === undefined) return openInvitation(trust, named);
  return others.length === 0 ? ok({ kind: 'member', id: only.id }) : failure('INVALID_STATE', { id: named, reason: 'several_members' });
}

/** Why no member was revoked: the name is that of an open invitation, or it is unknown. */
async function openInvitation(trust: TrustPort, named: string): Promise<Outcome<never>> {
  const invites = await trust.invites();
  if (!invites.ok) return invites;
  const open = invites.value.filter((invite) => invite.name === named && isOpen(invite, Date.now()));
  return open.length === 0
    ? failure('NOT_FOUND', { id: named, reason: 'unknown_credential' })
    : failure('INVALID_STATE', { id: named, reason: 'open_invitation', invitations: open.map(({ id }) => id) });
}

export const inviteCommand: Command = {
  name: 'invite',
  summary: 'Make an invitation: a link that lets a computer join the pool.',
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

function inviteBody({ options }: Invocation): Result<CreateInviteBody, string> {
  const [name, uses] = [options.text('name'), options.number('uses')];
  const fields = credentialFields(options);
  if (!fields.ok) return fields;
  if (uses?.ok === false) return fail(uses.error);
  if (fields.value.expires_in_seconds === null) return fail('--expires: an invitation always expires; give a duration such as 7d');
  return parseBody(createInviteBodySchema, { name, uses: uses?.value, ...fields.value });
}

async function invite({ io, options }: Invocation, session: SchedulerSession, body: CreateInviteBody): Promise<Outcome<number>> {
  const created = await session.trust.createInvite(body);
  if (!created.ok) return created;
  const { id, name, expires_at } = created.value;
  const { program } = session.context;
  const links = linksOf(session, created.value);
  const toShare = toShareText(session.settings.config.server.host);
  const target = parsePoolAddress(links.link);
  if (target.ok && target.value.pin === null && !body.roles.includes('node')) {
    await session.trust.revokeInvite(id);
    io.err(`muster: invite: ${withoutPin(program, isLoopbackHost(target.value.host) ? toShare : null)}\n`);
    return ok(EXIT.refused);
  }
  if (target.ok && isLoopbackHost(target.value.host))
    io.err(`muster: invite: ${target.value.pin === null ? `${NOT_SHARED}. ${toShare}` : NO_ADDRESS}\n`);
  if (options.isSet('json')) io.out(`${JSON.stringify({ id, name, link: links.link, https_link: links.httpsLink, expires_at })}\n`);
  else {
    io.err(`Invitation ${id}, valid for ${remainingText(expires_at - Date.now())}. On the other computer: ${program} join "LINK"\n`);
    io.out(inviteLinksText(links, io.outIsTerminal));
  }
  return ok(EXIT.ok);
}

/** A pool without TLS listens on loopback only, so a pool with a pin is shared. */
const NO_ADDRESS =
  'this computer has no network address now: the link works on this computer only. Connect it to the network and make another link';
const NOT_SHARED = 'this pool is not shared: the link works on this computer only';

/** `host`: as the configuration has it now. The scheduler read it at its start. */
const toShareText = (host: string): string =>
  isLoopbackHost(host) ? 'Start the pool with --host 0.0.0.0' : 'Restart the scheduler: the new address is not in use yet';

/** `join` needs the pin to recognise the pool later, except for a node, which renews its credential at each connection. */
const withoutPin = (program: string, toShare: string | null): string =>
  `the link of this pool has no pin, so only a node can join with it. ${toShare === null ? 'Make' : `${toShare}. Or make`} a key: ${program} keys create NAME`;

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
  run: (invocation) => {
    const { io, options } = invocation;
    const limit = options.number('limit');
    const page = limit?.ok === false ? limit : parseBody(auditPageSchema, { limit: limit?.value });
    if (!page.ok) {
      io.err(`muster: audit: ${page.error}\n`);
      return Promise.resolve(EXIT.usage);
    }
    return withScheduler(invocation, async ({ trust }) => {
      const answer = await trust.audit(page.value);
      if (!answer.ok) return answer;
      const rows = answer.value.entries.map(({ at, who, who_name, action, target, from, count }) => [
        new Date(at).toISOString(),
        who === null || who === who_name ? who_name : `${who_name} (${who})`,
        count > 1 ? `${action} x ${String(count)}` : action,
        target ?? '-',
        from,
      ]);
      const text = rows.length === 0 ? 'There are no entries.\n' : textTable(['TIME', 'WHO', 'ACTION', 'TARGET', 'FROM'], rows);
      io.out(options.isSet('json') ? `${JSON.stringify(answer.value, null, 2)}\n` : text);
      return ok(EXIT.ok);
    });
  },
};
