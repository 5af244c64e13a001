// Masks secrets in log fields, in addition to the rule that no log line holds a secret: fields with the name of a secret, keys of Muster,
// bearer headers, and secrets in links. Errors become plain data.

export const REDACTED = '[redacted]';

/** In place of the name of a person or a computer. */
export const HIDDEN_NAME = '[name]';

const SECRET_NAME = /(token|secret|password|passphrase|authorization|cookie|api[_-]?key)$/i;
const SECRETS_IN_TEXT: readonly RegExp[] = [
  /(\bbearer\s+|[?&#;]?\btoken=|[?&#]key=)[^\s&#"']+/gi,
  // Keys of owners, programs, invitations, nodes and browser sessions.
  /\b(m[kins]_)[A-Za-z0-9_-]{16,}/g,
  // The user and the password of an address, with any scheme: to look for the scheme first takes quadratic time in a long word.
  /(:\/\/)[^\s/@"']+(?=@)/g,
];
/** Of a field whose value is a secret. */
export const isSecretName = (name: string): boolean => SECRET_NAME.test(name);

const MAX_DEPTH = 8;

export const redactText = (text: string): string => SECRETS_IN_TEXT.reduce((rest, secret) => rest.replace(secret, `$1${REDACTED}`), text);

const SHOWN_HOST = /^(localhost|\d{1,3}(\.\d{1,3}){3}|\[[\da-f:.]*\]|[\da-f]*:[\da-f:.]*)$/i;

/** For reports: a number or `localhost` stays, since it explains faults of the network. */
export const shownHost = (host: string): string => (SHOWN_HOST.test(host) ? host : HIDDEN_NAME);

/** A copy for the log. Levels deeper than 8 are left out. */
export function redact(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return redactText(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= MAX_DEPTH) return '[too deep]';
  if (value instanceof Error)
    return redactFields({ name: value.name, message: value.message, stack: value.stack, cause: value.cause }, depth);
  if (Array.isArray(value)) return value.map((item) => redact(item, depth + 1));
  if (value instanceof Date || ArrayBuffer.isView(value)) return value;
  return redactFields(value, depth);
}

function redactFields(fields: object, depth: number): Record<string, unknown> {
  const copy: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(fields)) {
    // Whether a token exists is not secret: null, booleans and numbers stay.
    const isSecret = typeof value !== 'boolean' && typeof value !== 'number' && value != null && isSecretName(name);
    copy[name] = isSecret ? REDACTED : redact(value, depth + 1);
  }
  return copy;
}
