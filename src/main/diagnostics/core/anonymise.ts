// Removes from diagnostics what does not belong in a report: secrets, contents of jobs, names of people and computers, public addresses and
// hardware addresses. Private addresses stay, since they explain faults of the network. Pure.
import { isRecord } from '../../../shared/json';
import { HIDDEN_NAME, isSecretName, REDACTED, redactText, shownHost } from '../../../shared/redact';
import { isSecretField, withoutSecrets } from './secrets-in-text';

export interface Private {
  /** Secrets that this program knows, such as the owner key. */
  readonly secrets: readonly string[];
  /** The name of the user of this computer. */
  readonly userName: string;
  readonly homeDir: string;
  readonly hostName: string;
}

/** Fields with the names of people, computers, keys and pools. */
const NAME_FIELD = /^(node_name|who|who_name|key_name|pool_name|display_name|hostname|host_name)$/;
/** Fields with content of a job, or output of a program, which may repeat the content. */
const CONTENT_FIELD =
  /^(prompt|messages|content|contents|payload|input|output|text|body|instructions|arguments|stderr|stderr_tail|stdout|stdout_tail|runtime_message|completion|transcript)$/;
const CONTENT = '[content]';
const TOO_LONG = '[too long]';
const MAX_DEPTH = 12;
/** A longer text is left out as a whole: the rest of a secret that was cut has no form by which it is found. */
const MAX_TEXT_LENGTH = 64 * 1024;

/** Starts at the start of a word only: a start at each letter takes quadratic time. So one match takes all addresses of one word. */
const EMAIL = /(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+(?:[+.][\w.+-]*@[\w-]+(?:\.[\w-]+)+)*/g;
/** A name with spaces ends at the next separator of folders. */
const USER_FOLDER =
  /((?:^|[^\w])(?:(?:\/var)?\/home|(?:\/mnt\/[a-z])?\/Users|[a-z]:[/\\]+Users)[/\\]+)(?:[^/\\\s"':]+(?: [^/\\\s"':]+){1,3}(?=[/\\])|[^/\\\s"':]+)/gi;
/** The host of an address, and a host name that was not found. */
const HOSTS = [/(:\/\/(?:[^\s/?#@"']*@)?)([^\s/:?#@"'\\[\]]+)/g, /(\bgetaddrinfo [A-Z_]+ )([^\s"']+)/g];
const MAC = /\b[0-9a-f]{2}([:-])(?:[0-9a-f]{2}\1){4}[0-9a-f]{2}\b/gi;
const IPV4 = /(?<![\d.])(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})(?![\d.]*\d)/g;
const IPV6 = /(?<![\w:.])(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{0,4}(?![\w:])/gi;
/** Names of many users: as words they mean something else. */
const COMMON_USERS = ['root', 'user', 'admin', 'administrator', 'muster', 'node', 'app', 'ubuntu', 'home', 'default'];
const COMMON_HOSTS = ['localhost', 'muster', 'node', 'scheduler', 'vm'];
const MIN_NAME_LENGTH = 3;

/** The function that cleans one text. */
export function textCleaner({ secrets, userName, homeDir, hostName }: Private): (text: string) => string {
  const exact = secrets.filter((secret) => secret.length >= 8);
  const user = userName.length >= MIN_NAME_LENGTH && !COMMON_USERS.includes(userName.toLowerCase()) ? wordOf(userName) : null;
  const host = hostName.length >= MIN_NAME_LENGTH && !COMMON_HOSTS.includes(hostName.toLowerCase()) ? wordOf(hostName) : null;
  return (text) => {
    let rest = text;
    for (const secret of exact) rest = rest.replaceAll(secret, REDACTED);
    rest = withoutSecrets(redactText(rest)).replace(EMAIL, '[email]');
    if (homeDir.length > 1) rest = rest.replaceAll(homeDir, '~');
    rest = rest.replace(USER_FOLDER, '$1[user]').replace(MAC, '[hardware address]');
    for (const host of HOSTS) rest = rest.replace(host, (_all, before: string, name: string) => `${before}${shownHost(name)}`);
    rest = rest.replace(IPV4, shownIpv4).replace(IPV6, shownIpv6);
    if (user !== null) rest = rest.replace(user, '[user]');
    return host === null ? rest : rest.replace(host, '[this computer]');
  };
}

/** A copy of a JSON value that may leave the computer. */
export function cleaned(value: unknown, clean: (text: string) => string, depth = 0): unknown {
  if (typeof value === 'string') return value.length > MAX_TEXT_LENGTH ? TOO_LONG : clean(value);
  if (depth >= MAX_DEPTH) return null;
  if (Array.isArray(value)) return value.map((item) => cleaned(item, clean, depth + 1));
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [clean(name), cleanedField(name, inner, clean, depth)]));
}

function cleanedField(name: string, value: unknown, clean: (text: string) => string, depth: number): unknown {
  if (value === null || typeof value === 'boolean' || typeof value === 'number') return value;
  if (isSecretName(name) || isSecretField(name)) return REDACTED;
  if (CONTENT_FIELD.test(name)) return CONTENT;
  if (name === 'host' && typeof value === 'string') return clean(shownHost(value));
  return NAME_FIELD.test(name) && typeof value === 'string' ? HIDDEN_NAME : cleaned(value, clean, depth + 1);
}

const wordOf = (name: string): RegExp => new RegExp(`(?<![\\p{L}\\p{N}])${escaped(name)}(?![\\p{L}\\p{N}])`, 'giu');
const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');

function shownIpv4(address: string): string {
  const [first = 0, second = 0, ...rest] = address.split('.').map(Number);
  if ([first, second, ...rest].some((part) => part > 255)) return address;
  return isPrivateIpv4(first, second) ? address : '[public address]';
}

/** Private, loopback, link-local, shared (CGNAT and Tailscale), unspecified and multicast addresses. */
const isPrivateIpv4 = (first: number, second: number): boolean =>
  first === 0 ||
  first === 10 ||
  first === 127 ||
  (first === 100 && second >= 64 && second <= 127) ||
  (first === 169 && second === 254) ||
  (first === 172 && second >= 16 && second <= 31) ||
  (first === 192 && second === 168) ||
  first >= 224;

/** A time such as 10:11:12 has neither `::` nor eight groups. Unique local, link-local, multicast and loopback addresses stay. */
function shownIpv6(address: string): string {
  const isAddress = address.includes('::') || address.split(':').length === 8;
  if (!isAddress || address === '::' || address === '::1') return address;
  return /^f[cdef]/i.test(address) ? address : '[public address]';
}
