// The options that a key and an invitation have in common, and the messages for values that the scheduler would refuse.
import type { z } from 'zod';
import { issueText } from '../../shared/issue-text';
import { fail, ok, type Result } from '../../shared/result';
import type { Options } from './command';
import { parseDuration } from './core/duration';

interface CredentialFields {
  readonly roles?: readonly string[];
  /** Null: all. */
  readonly models?: readonly string[] | null;
  /** Null: never. */
  readonly expires_in_seconds?: number | null;
}

/** The fields of the options that were given. `all` and `never` are what `muster keys list` shows. */
export function credentialFields(options: Options): Result<CredentialFields, string> {
  const [roles, models, expires] = [options.texts('role'), options.text('models'), options.text('expires')];
  const duration = expires === undefined ? undefined : expires === 'never' ? ok(null) : parseDuration(expires);
  if (duration?.ok === false) return fail(`--expires: ${duration.error}`);
  if (models === 'none') return fail('--models: expected names of models with commas between them, or `all` for every model');
  return ok({
    ...(roles.length === 0 ? {} : { roles: [...new Set(roles)] }),
    ...(models === undefined ? {} : { models: models === 'all' ? null : models.split(',') }),
    ...(duration === undefined ? {} : { expires_in_seconds: duration.value }),
  });
}

/** The body with its defaults. The error names the option, or the operand, with the wrong value. */
export function parseBody<Schema extends z.ZodType>(
  schema: Schema,
  body: unknown,
  nameOf: (field: string) => string = optionOf,
): Result<z.output<Schema>, string> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return ok(parsed.data);
  const [issue] = parsed.error.issues;
  const path = issue?.path ?? [];
  const field = path[0] === 'limits' ? path[1] : path[0];
  return fail(`${nameOf(String(field ?? 'roles'))}: ${issueText(issue)}`);
}

const OPTIONS: Readonly<Record<string, string>> = { roles: '--role', expires_in_seconds: '--expires' };

/** The option of a field. */
export const optionOf = (field: string): string => OPTIONS[field] ?? `--${field.replaceAll('_', '-')}`;
