// Checks one value of the configuration, from the file or from text.
import { z } from 'zod';
import { issueText } from '../../../shared/issue-text';
import { parseJson } from '../../../shared/json';
import { fail, ok, type Result } from '../../../shared/result';
import type { ConfigKey, ValueKind } from './config-key';
import { CONFIG_KEYS, type ConfigPath } from './keys';

/** Checks a value from the TOML file. On failure, the reason. */
export function parseValue(path: ConfigPath, value: unknown): Result<unknown, string> {
  const key: ConfigKey = CONFIG_KEYS[path];
  const outcome = key.schema.safeParse(value);
  if (outcome.success) return ok(outcome.data);
  const [issue] = outcome.error.issues;
  if (issue === undefined) return fail('invalid');
  const at = issue.path.map((part) => `[${String(part)}]`).join('');
  return fail(`${at === '' ? '' : `${at}: `}${issueText(issue, NAMES_OF_TYPES)}`);
}

const NAMES_OF_TYPES: Readonly<Record<string, string>> = {
  number: 'a number',
  int: 'a whole number',
  string: 'a text in quotes',
  boolean: 'true or false',
  array: 'a list, such as ["a", "b"]',
};

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
      return parseList(text);
  }
}

/** Items between commas, or a list as in the configuration file. An address such as `[::1]:7080` has no quotes. */
function parseList(text: string): Result<readonly string[], string> {
  const trimmed = text.trim();
  if (/^\[\s*["'\]]/.test(trimmed)) {
    const list = z.array(z.string()).safeParse(parseJson(trimmed));
    return list.success ? ok(list.data) : fail('expected items between commas, such as a,b, or a list of JSON, such as ["a", "b"]');
  }
  return ok(
    trimmed
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== ''),
  );
}
