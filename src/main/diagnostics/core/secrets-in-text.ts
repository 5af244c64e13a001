// Secrets and contents of jobs inside a text, such as an error message that repeats a request, a header or a part of the environment. Every
// pattern takes linear time: a match can begin only where a word begins, and takes all of that word. Pure.
import { REDACTED } from '../../../shared/redact';

const CONTENT = '[content]';

/** Forms of keys that no other text has. */
const KEYS_OF_OTHERS: readonly RegExp[] = [
  /\b(sk|hf|pk|rk|gh[opsur]|github_pat|glpat|gsk|nvapi|r8|xox[abpr])[-_][A-Za-z0-9_-]{8,}/g,
  /\bA(KIA|SIA)[A-Z0-9]{16}\b/g,
  /(?<![\w-])AIza[\w-]{30,}/g,
  // A JSON web token.
  /(?<![\w.-])eyJ[\w-]{8,}\.[\w.-]{8,}/g,
  // A seed of NATS.
  /\bS[ACNOUX][A-Z2-7]{50,60}\b/g,
  /-----BEGIN [A-Z ]{1,40}-----[\s\S]*?(?:-----END [A-Z ]{1,40}-----|$)/g,
];

/** After its name: in a header, a query, the environment, an option or JSON. The first part stays. */
const NAMED: readonly RegExp[] = [
  /((?:authorization|cookie|api[-_]?key|(?:access|secret|private)[-_]?key|token|secret|passwd|password|passphrase|[_?&]pass|[?&]sig|credentials?)["'\\]*\s*[:=]\s*["'\\]*(?:(?:basic|bearer|token)\s+)?)[^\s"'\\,;&}]{6,}/gi,
  /((?:^|\s)--(?:api-key|access-key|token|secret|password)\s+)[^\s"']{6,}/gi,
];

/** From the name of the field on: where its value ends is not certain in a text that was cut. */
const CONTENT_IN_JSON = /(["'\\](?:prompt|messages|content|input|instructions|completion|transcript)["'\\]+\s*:)[\s\S]+/;

export function withoutSecrets(text: string): string {
  let rest = text;
  for (const key of KEYS_OF_OTHERS) rest = rest.replace(key, REDACTED);
  for (const named of NAMED) rest = rest.replace(named, `$1${REDACTED}`);
  return rest.replace(CONTENT_IN_JSON, `$1${CONTENT}`);
}

const SECRET_FIELD = /((secret|private|access|signing)[_-]?key|passwd|[_-]pass|credentials?|invitation)$/i;

/** Besides the fields that no log line shows (`isSecretName`). */
export const isSecretField = (name: string): boolean => SECRET_FIELD.test(name);
