// The limits of a job as flags of the command line, for those that are made of flags. What each may be is the submission's schema's to say.
import { fail, ok, type Result } from '../../shared/result';
import type { Options, OptionSpec } from './command';

const SECONDS = 'SECONDS';

/** By their field in a submission. */
const LIMITS = {
  priority: { flag: 'priority', value: 'N', doc: 'From -100 to 100: higher goes first, equal ones by age; by default 0.' },
  timeout_seconds: { flag: 'timeout', value: SECONDS, doc: 'One attempt may take this long; by default scheduler.job_timeout_seconds.' },
  queue_timeout_seconds: { flag: 'queue-timeout', value: SECONDS, doc: 'It may wait this long for a node; by default a week.' },
  total_timeout_seconds: { flag: 'total-timeout', value: SECONDS, doc: 'It may take this long in all; by default as long as it needs.' },
  max_attempts: { flag: 'max-attempts', value: 'N', doc: 'From 1 to 10: how often it is tried; by default 3.' },
} as const;

type Limit = keyof typeof LIMITS;
const FIELDS = Object.keys(LIMITS) as Limit[];

export const LIMIT_OPTIONS: Readonly<Record<string, OptionSpec>> = Object.fromEntries(
  Object.values(LIMITS).map(({ flag, value, doc }) => [flag, { value, doc }]),
);

/** The names of those that were given. */
export const givenLimits = (options: Options): readonly string[] =>
  FIELDS.map((field) => LIMITS[field].flag).filter((flag) => options.text(flag) !== undefined);

/** The fields of a submission that they are, or what is no number. */
export function limitsOf(options: Options): Result<Partial<Record<Limit, number>>, string> {
  const limits: Partial<Record<Limit, number>> = {};
  for (const field of FIELDS) {
    const given = options.number(LIMITS[field].flag);
    if (given === undefined) continue;
    if (!given.ok) return fail(given.error);
    limits[field] = given.value;
  }
  return ok(limits);
}

/** The flag of a field, for words about it; null: it has none. */
export function flagOfLimit(field: string): string | null {
  const known = FIELDS.find((name) => name === field);
  return known === undefined ? null : `--${LIMITS[known].flag}`;
}
