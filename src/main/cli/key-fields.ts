// The options of `muster keys` that set the models, the expiry and the limits of a key.
import {
  createKeyBodySchema,
  type CreateKeyBody,
  type KeyView,
  type OwnKey,
  POOL_LIMIT_NAMES,
  type PoolLimitName,
  type UpdateKeyBody,
  updateKeyBodySchema,
} from '../../shared/api/members';
import { PRIORITY_NAMES, PROGRAM_LIMIT_NAMES, type ProgramLimitName } from '../../shared/api/program-limits';
import { durationText } from '../../shared/reasons/refusals';
import { fail, ok, type Result } from '../../shared/result';
import type { Invocation, Options } from './command';
import { printable, remainingText, textTable } from './core/text-table';
import { credentialFields, optionOf, parseBody } from './credential-body';

const NUMBER_OPTIONS = {
  'requests-per-minute': { value: 'COUNT', doc: 'how many requests to models per minute the key may send. Default: no limit.' },
  'tokens-per-minute': { value: 'COUNT', doc: 'how many tokens per minute the requests of the key may have. Default: no limit.' },
  'max-at-once': { value: 'COUNT', doc: 'how many requests of the key may be open at once. Default: no limit.' },
  'tokens-per-day': { value: 'COUNT', doc: 'how many tokens per day the requests of the key may have. Default: no limit.' },
  'requests-per-second': { value: 'COUNT', doc: 'how many requests of any kind per second the key may send. Default: that of the pool.' },
  'megabytes-per-minute': { value: 'MB', doc: 'how many megabytes per minute the key may send. Default: that of the pool.' },
  'max-queued': { value: 'COUNT', doc: 'how many jobs of the key may wait. Default: that of the pool.' },
  'max-streams': { value: 'COUNT', doc: 'how many streams of the key may be open. Default: that of the pool.' },
  'max-priority': { value: 'PRIORITY', doc: 'the highest priority of a job of the key. Default: that of the pool.' },
} as const;

const ofBoth = <Option extends { readonly doc: string }>(option: Option) => ({ ...option, doc: `create, update: ${option.doc}` });

export const LIMIT_OPTIONS = {
  priority: ofBoth({ value: 'CLASS', doc: `the priority of requests without one of their own: ${PRIORITY_NAMES.join(', ')}.` }),
  ...Object.fromEntries(Object.entries(NUMBER_OPTIONS).map(([name, option]) => [name, ofBoth(option)])),
};

/** Removes a limit, in an update. */
const NONE = 'none';

export function createBody({ options }: Invocation, name: string): Result<CreateKeyBody, string> {
  const fields = credentialFields(options);
  if (!fields.ok) return fields;
  const limits = limitsOf(options);
  if (!limits.ok) return limits;
  return parseBody(createKeyBodySchema, { name, limits: limits.value, ...fields.value }, nameOf);
}

/** Only what is given changes. */
export function updateBody({ options }: Invocation): Result<UpdateKeyBody, string> {
  const fields = credentialFields(options);
  if (!fields.ok) return fields;
  const limits = limitsOf(options);
  if (!limits.ok) return limits;
  const body = { ...fields.value, ...(Object.keys(limits.value).length === 0 ? {} : { limits: limits.value }) };
  return Object.keys(body).length === 0 ? fail('update: no option says what changes') : parseBody(updateKeyBodySchema, body, nameOf);
}

const nameOf = (field: string): string => (field === 'name' ? 'NAME' : optionOf(field));

/** The given limits, by the name of their field. */
function limitsOf(options: Options): Result<Readonly<Record<string, number | string | null>>, string> {
  const limits: Record<string, number | string | null> = {};
  const priority = options.text('priority');
  if (priority !== undefined) limits['priority'] = priority === NONE ? null : priority;
  for (const flag of Object.keys(NUMBER_OPTIONS)) {
    const field = flag.replaceAll('-', '_');
    const given = options.text(flag) === NONE ? ok(null) : options.number(flag);
    if (given?.ok === false) return given;
    if (given !== undefined) limits[field] = given.value;
  }
  return ok(limits);
}

const MS_PER_SECOND = 1000;

const UNITS: Readonly<Record<ProgramLimitName, string>> = {
  requests_per_minute: 'requests/min',
  tokens_per_minute: 'tokens/min',
  max_at_once: 'at once',
  tokens_per_day: 'tokens/day',
};

const POOL_UNITS: Readonly<Record<PoolLimitName, (max: number) => string>> = {
  requests_per_second: (max) => `${String(max)} requests/s`,
  megabytes_per_minute: (max) => `${String(max)} MB/min`,
  max_queued: (max) => `${String(max)} queued`,
  max_streams: (max) => `${String(max)} streams`,
  max_priority: (max) => `priority up to ${String(max)}`,
};

/** What the holder of a key may use, and what is left. */
export function ownKeyText({ id, name, models, expires_at: expiresAt, priority, use, limits }: OwnKey, nowWallMs: number): string {
  const expiry = expiresAt === null ? 'does not expire' : `expires in ${remainingText(expiresAt - nowWallMs)}`;
  const lines = [
    id === null ? 'The request has no key.' : `Key ${printable(name)} (${id}), ${expiry}.`,
    `Models: ${models === null ? 'all' : models.map(printable).join(', ')}. Priority: ${priority}.`,
    `Tokens today: ${String(use.tokens_today)} used, ${String(use.tokens_reserved ?? 0)} reserved for open requests. Days are days in UTC.`,
  ];
  if (limits.length === 0) return `${lines.join('\n')}\nNo limits for requests to models.\n`;
  const rows = limits.map((each) => [
    UNITS[each.limit],
    ...[each.max, each.used, each.reserved, each.left].map(String),
    each.resets_in_seconds === null ? 'when requests end' : durationText(each.resets_in_seconds * MS_PER_SECOND),
  ]);
  return `${lines.join('\n')}\n${textTable(['LIMIT', 'MAX', 'USED', 'RESERVED', 'LEFT', 'ALL FREE IN'], rows)}`;
}

/** The limits of the key itself, in one cell. `-`: none. */
export function limitsText({ limits, use }: Pick<KeyView, 'limits' | 'use'>): string {
  const texts = PROGRAM_LIMIT_NAMES.flatMap((name) => {
    const max = limits[name] ?? null;
    if (max === null) return [];
    const used = name === 'tokens_per_day' && use !== undefined ? `${String(use.tokens_today)} of ` : '';
    return [`${used}${String(max)} ${UNITS[name]}`];
  });
  const priority = limits.priority ?? 'normal';
  const ofPool = POOL_LIMIT_NAMES.flatMap((name) => (limits[name] === null ? [] : [POOL_UNITS[name](limits[name])]));
  const all = [...texts, ...(priority === 'normal' ? [] : [`priority ${priority}`]), ...ofPool];
  return all.length === 0 ? '-' : all.join(', ');
}
