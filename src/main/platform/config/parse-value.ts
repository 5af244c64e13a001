// Checks one value of the configuration, from the file or from text.
import { fail, ok, type Result } from '../../../shared/result';
import { CONFIG_KEYS, type ConfigKey, type ConfigPath, type ValueKind } from './keys';

/** Checks a value from the TOML file. On failure, the reason. */
export function parseValue(path: ConfigPath, value: unknown): Result<unknown, string> {
  const key: ConfigKey = CONFIG_KEYS[path];
  const outcome = key.schema.safeParse(value);
  if (outcome.success) return ok(outcome.data);
  const issue = outcome.error.issues[0];
  const at = issue?.path.map((part) => `[${String(part)}]`).join('') ?? '';
  return fail(`${at === '' ? '' : `${at}: `}${issue?.message ?? 'invalid'}`);
}

/** Parses and checks a value from an environment variable or a flag. */
export function parseValueText(path: ConfigPath, text: string): Result<unknown, string> {
  const parsed = parseKind(CONFIG_KEYS[path].kind, text);
  return parsed.ok ? parseValue(path, parsed.value) : parsed;
}

function parseKind(kind: ValueKind, text: string): Result<unknown, string> {
  switch (kind) {
    case 'text':
      return ok(text);
    case 'number':
      return text.trim() !== '' && Number.isFinite(Number(text))
        ? ok(Number(text))
        : fail(`expected a number, not ${JSON.stringify(text)}`);
    case 'boolean':
      if (text === 'true' || text === '1') return ok(true);
      if (text === 'false' || text === '0') return ok(false);
      return fail(`expected true or false, not ${JSON.stringify(text)}`);
    case 'list':
      return ok(
        text
          .split(',')
          .map((part) => part.trim())
          .filter((part) => part !== ''),
      );
  }
}
