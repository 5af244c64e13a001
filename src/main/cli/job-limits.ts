// The limits of a job as command-line flags. The schema of a submission checks the values.
import { fail, ok, type Result } from '../../shared/result';
import type { Options, OptionSpec } from './command';

const SECONDS = 'SECONDS';

/** By field of the submission. */
const LIMITS = {
  priority: {
    flag: 'priority',
    value: 'N',
    doc: 'From -100 to 100. Jobs with a higher priority start first. Default: 0.',
  },
  timeout_seconds: { flag: 'timeout', value: SECONDS, doc: 'Timeout of one attempt. Default: scheduler.job_timeout_seconds.' },
  queue_timeout_seconds: { flag: 'queue-timeout', value: SECONDS, doc: 'Timeout of waiting in the queue. Default: one week.' },
  total_timeout_seconds: { flag: 'total-timeout', value: SECONDS, doc: 'Timeout of the whole job. Default: none.' },
  max_attempts: { flag: 'max-attempts', value: 'N', doc: 'Number of attempts, from 1 to 10. Default: 3.' },
} as const;

type Limit = keyof typeof LIMITS;
const FIELDS = Object.keys(LIMITS) as Limit[];

export const LIMIT_OPTIONS: Readonly<Record<string, OptionSpec>> = Object.fromEntries(
  Object.values(LIMITS).map(({ flag, value, doc }) => [flag, { value, doc }]),
);

/** The flags that were given. */
export const givenLimits = (options: Options): readonly string[] =>
  FIELDS.map((field) => LIMITS[field].flag).filter((flag) => options.text(flag) !== undefined);

/** The fields of the submission, or the error text for a flag that is not a number. */
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

/** The flag of a field for messages; null for any other field. */
export function flagOfLimit(field: string): string | null {
  const known = FIELDS.find((name) => name === field);
  return known === undefined ? null : `--${LIMITS[known].flag}`;
}
