// `muster keys`: keys of programs, and a new owner key on the host.
import { randomBytes } from 'node:crypto';
import { type CreateKeyBody, type KeyView, ownKeySchema, type UpdateKeyBody } from '../../shared/api/members';
import type { Outcome } from '../../shared/api/app-api';
import { messageOfError } from '../../shared/errors';
import { ok } from '../../shared/result';
import { failure } from '../contracts/app-errors';
import { writeFileAtomic } from '../platform/atomic-file';
import type { Command, Invocation } from './command';
import { CLIENT_OPTIONS } from './common-options';
import { ageText, printable, remainingText, textTable } from './core/text-table';
import { EXIT } from './exit-code';
import { createBody, LIMIT_OPTIONS, limitsText, ownKeyText, updateBody } from './key-fields';
import { loadCommandSettings } from './settings';
import { type SchedulerSession, withScheduler } from './with-scheduler';

const ACTIONS = ['create', 'update', 'list', 'show', 'revoke', 'reset-owner'] as const;

export const keysCommand: Command = {
  name: 'keys',
  summary:
    'create NAME, update NAME, list, revoke NAME: keys of programs. show: what is left of the own key. reset-owner: replace the owner key, on the host.',
  operands: [ACTIONS.join('|'), '[NAME]'],
  options: {
    role: {
      value: 'ROLE',
      doc: 'create, update: a role of the key: client (default), viewer, operator or owner. Can be repeated.',
      multiple: true,
    },
    models: { value: 'A,B', doc: 'create, update: the models that the key may use. Default: all.' },
    expires: { value: 'DURATION', doc: 'create, update: when the key expires, such as 30d. Default: never.' },
    ...LIMIT_OPTIONS,
    ...CLIENT_OPTIONS,
  },
  run: runKeys,
};

async function runKeys(invocation: Invocation): Promise<number> {
  const { io, operands } = invocation;
  const [action = '', name] = operands;
  const usage = (message: string): number => {
    io.err(`muster: keys: ${message}\n`);
    return EXIT.usage;
  };
  if (!ACTIONS.some((known) => known === action)) return usage(`the first argument is one of ${ACTIONS.join(', ')}`);
  if (action === 'reset-owner') return resetOwner(invocation);
  if (action === 'list') return withScheduler(invocation, (session) => listKeys(invocation, session));
  if (action === 'show') return withScheduler(invocation, (session) => showOwnKey(invocation, session));
  if (name === undefined) return usage(`${action}: NAME is missing`);
  if (action === 'revoke') return withScheduler(invocation, (session) => revokeKey(invocation, session, name));
  if (action === 'update') {
    const change = updateBody(invocation);
    return change.ok ? withScheduler(invocation, (session) => updateKey(invocation, session, name, change.value)) : usage(change.error);
  }
  const body = createBody(invocation, name);
  return body.ok ? withScheduler(invocation, (session) => createKey(invocation, session, body.value)) : usage(body.error);
}

async function createKey({ io, options }: Invocation, { trust }: SchedulerSession, body: CreateKeyBody): Promise<Outcome<number>> {
  const created = await trust.createKey(body);
  if (!created.ok) return created;
  const { id, name, key } = created.value;
  if (options.isSet('json')) io.out(`${JSON.stringify(created.value)}\n`);
  else {
    io.err(`Key ${printable(name)} (${id}). Copy the key now: it is not shown again.\n`);
    io.out(`${key}\n`);
  }
  return ok(EXIT.ok);
}

async function listKeys({ io, options }: Invocation, { trust }: SchedulerSession): Promise<Outcome<number>> {
  const keys = await trust.keys();
  if (!keys.ok) return keys;
  io.out(options.isSet('json') ? `${JSON.stringify({ keys: keys.value }, null, 2)}\n` : keysText(keys.value, Date.now()));
  return ok(EXIT.ok);
}

/** Of the key that the command sends: a program's key needs no other right. */
async function showOwnKey({ io, options }: Invocation, { client }: SchedulerSession): Promise<Outcome<number>> {
  const own = await client.ask({ method: 'GET', path: '/api/v1/keys/self' }, ownKeySchema);
  if (!own.ok) return own;
  io.out(options.isSet('json') ? `${JSON.stringify(own.value, null, 2)}\n` : ownKeyText(own.value, Date.now()));
  return ok(EXIT.ok);
}

export function keysText(keys: readonly KeyView[], nowWallMs: number): string {
  if (keys.length === 0) return 'There are no keys.\n';
  const rows = keys.map((key) => [
    key.name,
    key.id,
    key.roles.join(', '),
    key.models?.join(', ') ?? 'all',
    limitsText(key),
    key.last_used_at === null ? 'never' : `${ageText(nowWallMs - key.last_used_at)} ago`,
    stateText(key.revoked_at, key.expires_at, nowWallMs),
  ]);
  return textTable(['NAME', 'ID', 'ROLES', 'MODELS', 'LIMITS', 'LAST USED', 'STATE'], rows);
}

/** `expiresAtWallMs` null: never. */
export function stateText(revokedAtWallMs: number | null, expiresAtWallMs: number | null, nowWallMs: number): string {
  if (revokedAtWallMs !== null) return 'revoked';
  if (expiresAtWallMs === null) return 'valid';
  return expiresAtWallMs <= nowWallMs ? 'expired' : `valid for ${remainingText(expiresAtWallMs - nowWallMs)}`;
}

/** By name, or by id. */
async function keyNamed({ trust }: SchedulerSession, name: string): Promise<Outcome<KeyView>> {
  const keys = await trust.keys();
  if (!keys.ok) return keys;
  const valid = keys.value.filter((key) => key.revoked_at === null);
  const key = valid.find((candidate) => candidate.name === name) ?? valid.find((candidate) => candidate.id === name);
  return key === undefined ? failure('NOT_FOUND', { id: name, reason: 'unknown_key' }) : ok(key);
}

async function updateKey(invocation: Invocation, session: SchedulerSession, name: string, change: UpdateKeyBody): Promise<Outcome<number>> {
  const { io, options } = invocation;
  const key = await keyNamed(session, name);
  if (!key.ok) return key;
  const updated = await session.trust.updateKey(key.value.id, change);
  if (!updated.ok) return updated;
  io.out(options.isSet('json') ? `${JSON.stringify(updated.value)}\n` : keysText([updated.value], Date.now()));
  return ok(EXIT.ok);
}

async function revokeKey({ io, options }: Invocation, session: SchedulerSession, name: string): Promise<Outcome<number>> {
  const key = await keyNamed(session, name);
  if (!key.ok) return key;
  const revoked = await session.trust.revokeKey(key.value.id);
  if (!revoked.ok) return revoked;
  io.out(options.isSet('json') ? `${JSON.stringify(revoked.value)}\n` : `${printable(key.value.name)}: revoked\n`);
  return ok(EXIT.ok);
}

const OWNER_KEY_BYTES = 32;

/** A running scheduler reads the new key within two seconds. Sessions of the dashboard end. */
async function resetOwner(invocation: Invocation): Promise<number> {
  const { io, options } = invocation;
  const settings = await loadCommandSettings(invocation);
  if (!settings.ok) return settings.error;
  const file = settings.value.paths.adminTokenFile;
  try {
    writeFileAtomic(file, `${randomBytes(OWNER_KEY_BYTES).toString('base64url')}\n`);
  } catch (error) {
    io.err(`muster: ${file} cannot be written (${messageOfError(error)})\n`);
    return EXIT.failure;
  }
  io.out(options.isSet('json') ? `${JSON.stringify({ file })}\n` : `The owner key was replaced. The new key is in ${file}\n`);
  return EXIT.ok;
}
