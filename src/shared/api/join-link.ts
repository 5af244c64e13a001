// Parses and formats the address of a pool: a join link `muster://192.168.1.20:7080/join#pin=sha256-...&key=mi_...`, or an address
// (`host`, `host:port`, `http://...`, `ws://...`, IPv6), also with `#pin=...`. Pin and key are in the fragment, which no browser sends to
// a server. Unknown fragment keys are ignored, so that later versions can add some.
import { isEveryAddress, isLoopbackHost, localHostOf } from '../loopback';
import { fail, ok, type Result } from '../result';

export const DEFAULT_PORT = 7080;
const DEFAULT_TLS_PORT = 443;
/** The longest address or link that the app reads. */
export const MAX_ADDRESS_LENGTH = 1024;
const MAX_TOKEN_LENGTH = 256;

/** The address of a scheduler. `host` has no brackets. */
export interface PoolTarget {
  readonly host: string;
  readonly port: number;
  /** https and wss. Without a pin, the certificate must be one that this system trusts. */
  readonly secure: boolean;
  /** The key of an invitation. */
  readonly token: string | null;
  /** The pin of the CA of the pool (ADR 0020). */
  readonly pin: string | null;
}

export const ADDRESS_FAULTS = [
  'empty',
  'scheme_unknown',
  'not_a_join_link',
  'host_invalid',
  'port_invalid',
  'token_invalid',
  'pin_invalid',
] as const;
export type AddressFault = (typeof ADDRESS_FAULTS)[number];

/** The join link of a scheduler. With a certificate of the owner, the link has no pin and begins with `https`. */
export function toJoinLink(target: PoolTarget): string {
  const { pin, token, secure } = target;
  const parts = [...(pin === null ? [] : [`pin=${pin}`]), ...(token === null ? [] : [`key=${encodeURIComponent(token)}`])];
  const scheme = secure && pin === null ? 'https' : 'muster';
  return `${scheme}://${hostAndPort(target)}/join${parts.length === 0 ? '' : `#${parts.join('&')}`}`;
}

export interface InviteLinks {
  readonly link: string;
  /** For a browser. Null: the pool has no TLS, so it is for its own computer only. */
  readonly httpsLink: string | null;
}

/**
 * The links of an invitation. `address`: where the scheduler listens, or by which the caller reached it. `lanHosts`: the addresses at which
 * other computers reach it, best first, for a scheduler that listens on all of them. When `lanHosts` is empty, the links are for this
 * computer.
 */
export function inviteLinksOf(address: Omit<PoolTarget, 'token'>, key: string, lanHosts: readonly string[]): InviteLinks {
  const [host = localHostOf(address.host)] = isEveryAddress(address.host) ? lanHosts : [address.host];
  const link = toJoinLink({ ...address, host, token: key });
  return { link, httpsLink: httpsLinkOf(link) };
}

/** The form of a join link for a browser. Null: the pool has no TLS. */
export function httpsLinkOf(link: string): string | null {
  const target = parsePoolAddress(link);
  return target.ok && target.value.secure ? link.replace(/^muster:/, 'https:') : null;
}

/** `wss://192.168.1.20:7080#pin=sha256-...`: an address for configurations and command lines, without the token. */
export const pinnedUrlOf = (target: PoolTarget): string => `${webSocketUrlOf(target)}${target.pin === null ? '' : `#pin=${target.pin}`}`;

/** The pin in a join link; null: there is no link, or it has none. */
export function pinOfLink(link: string | null): string | null {
  const target = link === null ? null : parsePoolAddress(link);
  return target?.ok === true ? target.value.pin : null;
}

/** Why a connection to this address cannot be secured; null: it can, or it stays on this computer. */
export const transportFault = ({ host, secure }: PoolTarget): 'pin_missing' | null =>
  secure || isLoopbackHost(host) ? null : 'pin_missing';

/** Parses a join link or an address. On failure, the invalid part. */
export function parsePoolAddress(text: string): Result<PoolTarget, AddressFault> {
  const trimmed = text.trim();
  if (trimmed === '') return fail('empty');
  const [, scheme, rest = trimmed] = /^([a-z][a-z0-9+.-]*):\/\/(.*)$/is.exec(trimmed) ?? [];
  const protocol = scheme?.toLowerCase() ?? null;
  if (protocol !== null && !['muster', 'http', 'https', 'ws', 'wss'].includes(protocol)) return fail('scheme_unknown');

  const [, authority = '', path = '', fragment = ''] = /^([^/?#]*)([^#]*)#?(.*)$/s.exec(rest) ?? [];
  if (protocol === 'muster' && !['', '/', '/join'].includes(path)) return fail('not_a_join_link');

  const isTls = protocol === 'https' || protocol === 'wss';
  const endpoint = parseAuthority(authority, isTls ? DEFAULT_TLS_PORT : DEFAULT_PORT);
  if (!endpoint.ok) return endpoint;
  const isLink = protocol === 'muster' || (protocol === 'https' && path === '/join');
  const token = isLink ? tokenOf(fragment) : ok(null);
  if (!token.ok) return token;
  const pin = partOf(fragment, 'pin');
  if (pin !== null && !PIN.test(pin)) return fail('pin_invalid');
  return ok({ ...endpoint.value, secure: isTls || pin !== null, token: token.value, pin });
}

/** For example `http://192.168.1.20:7080`, without a trailing slash. */
export const httpUrlOf = (target: PoolTarget): string => `${target.secure ? 'https' : 'http'}://${hostAndPort(target)}`;

/** For example `ws://192.168.1.20:7080`, without a path. */
export const webSocketUrlOf = (target: PoolTarget): string => `${target.secure ? 'wss' : 'ws'}://${hostAndPort(target)}`;

/** `192.168.1.20:7080`, `[fe80::1]:7080`. */
export function hostAndPort({ host, port }: Pick<PoolTarget, 'host' | 'port'>): string {
  return `${host.includes(':') ? `[${host}]` : host}:${String(port)}`;
}

function parseAuthority(authority: string, defaultPort: number): Result<{ host: string; port: number }, AddressFault> {
  const [, bracketed, name, digits] = /^(?:\[([^\]]*)\]|([^:[\]]*))(?::([^:]*))?$/.exec(authority) ?? [];
  const bareIpv6 = bracketed === undefined && name === undefined ? authority : undefined;
  const ipv6 = bracketed ?? bareIpv6;
  if (ipv6 !== undefined ? !isIpv6(ipv6) : !isHostName(name ?? '')) return fail('host_invalid');
  if (digits !== undefined && !/^[0-9]{1,5}$/.test(digits)) return fail('port_invalid');
  const port = digits === undefined ? defaultPort : Number(digits);
  if (port < 1 || port > 65_535) return fail('port_invalid');
  return ok({ host: (ipv6 ?? name ?? '').toLowerCase(), port });
}

/** Hex groups and a zone. The resolver checks whether they are an address. */
const isIpv6 = (text: string): boolean => /^[0-9a-f:.]{2,45}(%[a-z0-9._-]{1,32})?$/i.test(text) && text.includes(':');

function isHostName(text: string): boolean {
  if (text.length > 253 || !/^[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*\.?$/i.test(text)) return false;
  const looksNumeric = /^[0-9.]+$/.test(text);
  return !looksNumeric || /^((25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(\.(?!$)|$)){4}$/.test(text);
}

/** SHA-256 of the public key of the CA, base64url. */
const PIN = /^sha256-[A-Za-z0-9_-]{43}$/;

function partOf(fragment: string, name: string): string | null {
  const part = fragment.split('&').find((candidate) => candidate.startsWith(`${name}=`));
  return part === undefined ? null : part.slice(name.length + 1);
}

function tokenOf(fragment: string): Result<string | null, AddressFault> {
  const encoded = partOf(fragment, 'key');
  if (encoded === null) return ok(null);
  let token: string;
  try {
    token = decodeURIComponent(encoded);
  } catch {
    return fail('token_invalid');
  }
  return token !== '' && token.length <= MAX_TOKEN_LENGTH && /^[\x21-\x7e]+$/.test(token) ? ok(token) : fail('token_invalid');
}
