// The operations about who may use the pool: members, invitations, keys, the audit log, and computers that ask to join.
import { type InviteLinks, inviteLinksOf } from '../../shared/api/join-link';
import type { CreatedInvite, InviteLinks as InviteLinksView } from '../../shared/api/members';
import { ok } from '../../shared/result';
import { notAvailableHere } from '../contracts/app-errors';
import type { TrustPort } from '../contracts/ports';
import type { OperationHandlers } from './operation-types';
import { emptied, mapped } from './outcomes';

type TrustOperation = Extract<keyof OperationHandlers, `${'members' | 'invites' | 'keys' | 'audit' | 'join_requests'}.${string}`>;

export interface TrustHandlersOptions {
  /** Of the current pool. It changes while the program runs. */
  readonly trust: () => TrustPort | null;
  /** The addresses at which other computers reach this one, best first. */
  readonly lanHosts: () => readonly string[];
}

export const trustHandlers = ({ trust, lanHosts }: TrustHandlersOptions): Pick<OperationHandlers, TrustOperation> => ({
  'members.list': async () => mapped(await trust()?.members(), (members) => ({ members: [...members] })),
  'members.update': ({ id, ...change }) => trust()?.updateMember(id, change) ?? notAvailableHere(),
  'members.revoke': ({ id }) => trust()?.revokeMember(id) ?? notAvailableHere(),
  'invites.list': async () => mapped(await trust()?.invites(), (invites) => ({ invites: [...invites] })),
  'invites.create': async (body) => {
    const created = await trust()?.createInvite(body);
    if (created?.ok !== true) return created ?? notAvailableHere();
    return ok(linksView(created.value, lanHosts()));
  },
  'invites.revoke': ({ id }) => trust()?.revokeInvite(id) ?? notAvailableHere(),
  'keys.list': async () => mapped(await trust()?.keys(), (keys) => ({ keys: [...keys] })),
  'keys.create': (body) => trust()?.createKey(body) ?? notAvailableHere(),
  'keys.update': ({ id, ...change }) => trust()?.updateKey(id, change) ?? notAvailableHere(),
  'keys.revoke': ({ id }) => trust()?.revokeKey(id) ?? notAvailableHere(),
  'audit.list': (page) => trust()?.audit(page) ?? notAvailableHere(),
  'join_requests.approve': ({ id, roles }) => trust()?.approveJoin(id, roles) ?? notAvailableHere(),
  'join_requests.deny': async ({ id }) => emptied(await trust()?.denyJoin(id)),
});

/** A scheduler that answers listens, so its address is known. */
function linksView({ id, name, expires_at, key, address }: CreatedInvite, lanHosts: readonly string[]): InviteLinksView {
  const links: InviteLinks = inviteLinksOf(address ?? UNKNOWN_ADDRESS, key, lanHosts);
  return { id, name, expires_at, link: links.link, https_link: links.httpsLink };
}

const UNKNOWN_ADDRESS = { host: '127.0.0.1', port: 7080, secure: false, pin: null };
