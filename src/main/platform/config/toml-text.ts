// Values and keys as TOML text.

/** The values that the configuration has. */
export type TomlInput = string | number | boolean | readonly string[];

const BARE_KEY = /^[\w-]+$/;

/** `agent.limits`, with quotes where a name needs them. */
export const keyText = (path: readonly string[]): string => path.map((name) => (BARE_KEY.test(name) ? name : basicString(name))).join('.');

/** JSON escapes are TOML escapes. JSON leaves U+007F as it is, which TOML forbids. */
const basicString = (text: string): string => JSON.stringify(text).replaceAll('\u007F', '\\u007F');

/** A value in the style of the value before: a path in single quotes stays in single quotes. */
export function valueText(value: Exclude<TomlInput, readonly string[]>, before = ''): string {
  if (typeof value !== 'string') return String(value);
  const fitsLiteral = !/['\p{Cc}]/u.test(value);
  return before.startsWith("'") && !before.startsWith("'''") && fitsLiteral ? `'${value}'` : basicString(value);
}
