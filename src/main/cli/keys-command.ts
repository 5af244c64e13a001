// `muster keys`: keys of programs, and a new owner key on the host.
import { randomBytes } from 'node:crypto';
import { type CreateKeyBody, createKeyBodySchema, type KeyView } from '../../shared/api/members';
import type { Outcome } from '../../shared/api/app-api';
import { messageOfError } from '../../shared/errors';
import { ok, type Result } from '../../shared/result';
import { failure } from '../contracts/app-errors';
import { writeFileAtomic } from '../platform/atomic-file';
import type { Command, Invocation, Options } from './command';
import { CLIENT_OPTIONS } from './common-options';
import { credentialFields, optionOf, parseBody } from './credential-body';
import { ageText, printable, remainingText, textTable } from './core/text-table';
import { EXIT } from './exit-code';
import { loadCommandSettings } from './settings';
import { type SchedulerSession, withScheduler } from './with-scheduler';

const ACTIONS = ['create', 'list', 'revoke', 'reset-owner'] as const;

const LIMIT_OPTIONS = {
  'requests-per-second': { value: 'COUNT', doc: 'create: how many requests per second the key may send. Default: that of the pool.' },
  'megabytes-per-minute': { value: 'MB', doc: 'create: how many megabytes per minute the key may send. Default: that of the pool.' },
  'max-queued': { value: 'COUNT', doc: 'create: how many jobs of the key may wait. Default: that of the pool.' },
  'max-streams': { value: 'COUNT', doc: 'create: how many streams of the key may be open. Default: that of the pool.' },
  'max-priority': { value: 'PRIORITY', doc: 'create: the highest priority of a job of the key. Default: that of the pool.' },
} as const;

export const keysCommand: Command = {
  name: 'keys',
  summary: 'create NAME, list, revoke NAME: keys of programs. reset-owner: replace the owner key, on the host.',
  operands: [ACTIONS.join('|'), '[NAME]'],
  options: {
    role: {
      value: 'ROLE',
      doc: 'create: a role of the key: client (default), viewer, operator or owner. Can be repeated.',
      multiple: true,
    },
    models: { value: 'A,B', doc: 'create: the models that the key may use. Default: all.' },
    expires: { value: 'DURATION', doc: 'create: when the key expires, such as 30d. Default: never.' },
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
  if (name === undefined) return usage(`${action}: NAME is missing`);
  if (action === 'revoke') return withScheduler(invocation, (session) => revokeKey(invocation, session, name));
  const body = keyBody(invocation, name);
  return body.ok ? withScheduler(invocation, (session) => createKey(invocation, session, body.value)) : usage(body.error);
}

function keyBody({ options }: Invocation, name: string): Result<CreateKeyBody, string> {
  const fields = credentialFields(options);
  if (!fields.ok) return fields;
  const limits = limitsOf(options);
  if (!limits.ok) return limits;
  const nameOf = (field: string): string => (field === 'name' ? 'NAME' : optionOf(field));
  return parseBody(createKeyBodySchema, { name, limits: limits.value, ...fields.value }, nameOf);
}

/** The given limits, by the name of their field. */
function limitsOf(options: Options): Result<Readonly<Record<string, number>>, string> {
  const limits: Record<string, number> = {};
  for (const flag of Object.keys(LIMIT_OPTIONS)) {
    const given = options.number(flag);
    if (given?.ok === false) return given;
    if (given !== undefined) limits[flag.replaceAll('-', '_')] = given.value;
  }
  return ok(limits);
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

export function keysText(keys: readonly KeyView[], nowWallMs: number): string {
  if (keys.length === 0) return 'There are no keys.\n';
  const rows = keys.map((key) => [
    key.name,
    key.id,
    key.roles.join(', '),
    key.models?.join(', ') ?? 'all',
    key.last_used_at === null ? 'never' : `${ageText(nowWallMs - key.last_used_at)} ago`,
    stateText(key.revoked_at, key.expires_at, nowWallMs),
  ]);
  return textTable(['NAME', 'ID', 'ROLES', 'MODELS', 'LAST USED', 'STATE'], rows);
}

/** `expiresAtWallMs` null: never. */
export function stateText(revokedAtWallMs: number | null, expiresAtWallMs: number | null, nowWallMs: number): string {
  if (revokedAtWallMs !== null) return 'revoked';
  if (expiresAtWallMs === null) return 'valid';
  return expiresAtWallMs <= nowWallMs ? 'expired' : `valid for ${remainingText(expiresAtWallMs - nowWallMs)}`;
}

/** By name, or by id. */
async function revokeKey({ io, options }: Invocation, { trust }: SchedulerSession, name: string): Promise<Outcome<number>> {
  const keys = await trust.keys();
  if (!keys.ok) return keys;
  const valid = keys.value.filter((key) => key.revoked_at === null);
  const key = valid.find((candidate) => candidate.name === name) ?? valid.find((candidate) => candidate.id === name);
  if (key === undefined) return failure('NOT_FOUND', { id: name, reason: 'unknown_key' });
  const revoked = await trust.revokeKey(key.id);
  if (!revoked.ok) return revoked;
  io.out(options.isSet('json') ? `${JSON.stringify(revoked.value)}\n` : `${printable(key.name)}: revoked\n`);
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
