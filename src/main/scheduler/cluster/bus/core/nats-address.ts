// The address of the bus: `nats://host:4222` or `tls://host`, several with commas between. A user and a password may stand in each address.
import { fail, ok, type Result } from '../../../../../shared/result';

export interface NatsAddress {
  /** Host and port; IPv6 in brackets. */
  readonly servers: readonly string[];
  /** The hosts without ports and brackets: the certificate of a server is for one of them. */
  readonly hosts: readonly string[];
  readonly isTls: boolean;
  readonly user: string | null;
  readonly password: string | null;
}

const DEFAULT_PORT = 4222;
const MAX_PORT = 65_535;
const URL = /^(nats|tls):\/\/(?:([^:@/]+)(?::([^@/]*))?@)?(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(?::(\d{1,5}))?\/?$/;

interface One {
  readonly scheme: string;
  readonly user: string | null;
  readonly password: string | null;
  readonly host: string;
  readonly port: number;
}

/** The error names no secret. */
export function parseNatsAddress(text: string): Result<NatsAddress, string> {
  const parts = text.split(',').map((part) => parseOne(part.trim()));
  const all = parts.filter((one) => one !== null);
  const [first] = all;
  if (first === undefined || all.length < parts.length)
    return fail('expected an address such as nats://127.0.0.1:4222 or tls://bus.example');
  if (all.some(({ scheme }) => scheme !== first.scheme)) return fail('the addresses of one bus have one scheme: nats:// or tls://');
  if (all.some(({ user, password }) => user !== first.user || password !== first.password))
    return fail('the addresses of one bus have the same user and password');
  return ok({
    servers: all.map(({ host, port }) => `${host}:${String(port)}`),
    hosts: [...new Set(all.map(({ host }) => host.replace(/^\[|\]$/g, '')))],
    isTls: first.scheme === 'tls',
    user: first.user,
    password: first.password,
  });
}

function parseOne(text: string): One | null {
  const [, scheme, user, password, host, portText] = URL.exec(text) ?? [];
  if (scheme === undefined || host === undefined) return null;
  const port = portText === undefined ? DEFAULT_PORT : Number(portText);
  if (port < 1 || port > MAX_PORT) return null;
  const [name, secret] = [decoded(user), decoded(password)];
  return name === undefined || secret === undefined ? null : { scheme, user: name, password: secret, host, port };
}

/** Undefined: not percent-encoded text. */
function decoded(text: string | undefined): string | null | undefined {
  if (text === undefined) return null;
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
