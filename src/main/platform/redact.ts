// Masks secrets in log fields, in addition to the rule that no log line holds a secret: fields with the name of a secret, bearer
// headers and tokens in links. Errors become plain data.

export const REDACTED = '[redacted]';

const SECRET_NAME = /(token|secret|password|passphrase|authorization|cookie|api[_-]?key)$/i;
const SECRET_IN_TEXT = /(\bbearer\s+|[?&#;]?\btoken=)[^\s&#"']+/gi;
const MAX_DEPTH = 8;

/** A copy for the log. Levels deeper than 8 are left out. */
export function redact(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return value.replace(SECRET_IN_TEXT, `$1${REDACTED}`);
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
    const secret = typeof value !== 'boolean' && typeof value !== 'number' && value != null && SECRET_NAME.test(name);
    copy[name] = secret ? REDACTED : redact(value, depth + 1);
  }
  return copy;
}
