// `muster join LINK` with an invitation that is not for a node: makes this computer a member that sends jobs or watches, and keeps its
// credential. No agent runs. Until then a nonce is kept, with which a repeated join gets the same member.
import { rmSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import { callerViewSchema, joinedMemberSchema, memberNameSchema, type Role } from '../../shared/api/members';
import { httpUrlOf, type PoolTarget } from '../../shared/api/join-link';
import type { Outcome } from '../../shared/api/app-api';
import { reasonOfError } from '../../shared/errors';
import { ok } from '../../shared/result';
import { toClaim } from '../joining/core/join-messages';
import { joinedPoolFile, writeJoinedPool } from '../joining/joined-pool-file';
import { loadOrCreateToken } from '../platform/token-file';
import { HttpClient } from '../scheduler-client/http-client';
import type { Invocation } from './command';
import { messageContextOf } from './core/message-context';
import { printable } from './core/text-table';
import { EXIT } from './exit-code';
import { invitationFailure } from './join-failure';
import type { Settings } from './settings';

const clientOf = (target: PoolTarget, key: string, { io, options }: Invocation): HttpClient =>
  new HttpClient({ baseUrl: httpUrlOf(target), token: key, pin: target.pin, language: messageContextOf(io.env, options).language });

export interface InvitationView {
  /** Of the future member. */
  readonly roles: readonly Role[];
  /** The host of the link, when the scheduler gives no usable name. */
  readonly poolName: string;
}

export async function readInvitation(target: PoolTarget, key: string, invocation: Invocation): Promise<Outcome<InvitationView>> {
  const caller = await clientOf(target, key, invocation).ask({ method: 'GET', path: '/api/v1/session' }, callerViewSchema);
  if (!caller.ok) return caller;
  const { roles, pool_name: name } = caller.value;
  return ok({ roles, poolName: toClaim(name ?? '') ?? toClaim(target.host) ?? 'pool' });
}

/** A pool at the target of an invitation, and the key of the invitation. */
export interface InvitedTo {
  readonly target: PoolTarget;
  readonly key: string;
  readonly poolName: string;
}

export async function joinWithoutNode(invocation: Invocation, settings: Settings, { target, key, poolName }: InvitedTo): Promise<number> {
  const { io, options } = invocation;
  const { host, port, pin } = target;
  const { program } = messageContextOf(io.env);
  const { stateDir } = settings.paths;
  if (pin === null) {
    io.err(
      `muster: join: the link has no pin, so the pool cannot be recognised later. Ask its owner for a key: ${program} keys create NAME\n`,
    );
    return EXIT.usage;
  }
  const own = memberNameSchema.safeParse(settings.config.agent.name ?? hostname());
  const nonceFile = path.join(stateDir, 'join-nonce');
  const nonce = await loadOrCreateToken(nonceFile);
  if (!nonce.ok) {
    io.err(`muster: join: the file ${nonceFile} ${nonce.error.reason}\n`);
    return EXIT.failure;
  }
  const body = { name: own.success ? own.data : 'computer', nonce: nonce.value.token };
  const joined = await clientOf(target, key, invocation).ask({ method: 'POST', path: '/api/v1/members', body }, joinedMemberSchema);
  if (!joined.ok) {
    const { message, exitCode } = await invitationFailure(joined.error, target, messageContextOf(io.env));
    io.err(`muster: ${message}\n`);
    return exitCode;
  }
  const { id, name, roles, credential } = joined.value;
  try {
    writeJoinedPool(stateDir, { version: 1, name: poolName, pin, port, addresses: [host], credential, roles });
  } catch (error) {
    io.err(`muster: join: the credential cannot be kept in the state folder (${reasonOfError(error)}). Join again with the same link\n`);
    return EXIT.failure;
  }
  const file = joinedPoolFile(stateDir);
  rmSync(nonceFile, { force: true });
  const event = { event: 'joined', pool: poolName, pin, member_id: id, name, roles, file };
  const text = `Joined the pool as ${printable(name)} (${roles.join(', ')}). The credential is in ${file}. Try: ${program} ${TRY[roles[0] ?? 'client']}\n`;
  io.out(options.isSet('json') ? `${JSON.stringify(event)}\n` : text);
  return EXIT.ok;
}

/** A first command for a member with this role. */
const TRY: Readonly<Record<Role, string>> = {
  node: 'agent',
  client: 'submit --model MODEL --prompt "Hello"',
  viewer: 'nodes',
  operator: 'nodes',
  owner: 'nodes',
};
