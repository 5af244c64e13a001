// Quotes texts for the command line of the user, and for programs and configuration files. A node chooses the names of its models, so a name
// must not run anything when the user pastes the command.
import type { AppInfo } from '../../../shared/api/app-state';

export interface Quoting {
  readonly argument: (value: string) => string;
  readonly json: (body: object) => string;
  /** Null: the name cannot be written on this command line without a risk. */
  readonly model: (name: string) => string | null;
}

const inShell = (value: string): string => (/^[\w@%+=:,./-]+$/.test(value) ? value : `'${value.replaceAll("'", "'\\''")}'`);
const inWindows = (value: string): string => (/^[\w@+=:,./\\-]+$/.test(value) ? value : `"${value.replaceAll('"', '\\"')}"`);

const jsonInShell = (body: object): string => inShell(JSON.stringify(body));

const STRING_LITERAL = /"((?:[^"\\]|\\.)*)"/g;
/** `\"` and `\\` are one character each in a literal. */
const NOT_PLAIN = /\\["\\]|[^\w .:/,+\\-]/g;

/**
 * For cmd.exe a string in an argument of JSON is outside the quotes: `&` would start a program there. PowerShell executes `$()` in quotes. So
 * every character that is not plain is written as JSON writes it: `\u0026`.
 */
const jsonInWindows = (body: object): string =>
  inWindows(
    JSON.stringify(body).replaceAll(STRING_LITERAL, (_literal, content: string) => `"${content.replaceAll(NOT_PLAIN, escapedInJson)}"`),
  );

const escapedInJson = (text: string): string =>
  `\\u${text
    .charCodeAt(text.length - 1)
    .toString(16)
    .padStart(4, '0')}`;

/** Letters of all languages, and signs without a meaning in quotes of cmd.exe and of PowerShell. */
const isPlainInWindows = (name: string): boolean => /^[\p{L}\p{M}\p{N} .:/@+=_,()-]+$/u.test(name);

const SHELL: Quoting = { argument: inShell, json: jsonInShell, model: inShell };
const WINDOWS: Quoting = { argument: inWindows, json: jsonInWindows, model: (name) => (isPlainInWindows(name) ? inWindows(name) : null) };

export const quotingOf = (platform: AppInfo['platform']): Quoting => (platform === 'windows' ? WINDOWS : SHELL);

/** Not allowed as they are in YAML or TOML. */
const NOT_PRINTABLE = /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g;

/** A string literal of JSON, which is one of Python, JavaScript, YAML and TOML, too. */
export const literal = (value: string): string => JSON.stringify(value).replaceAll(NOT_PRINTABLE, escapedInJson);
