// The first access check of every request: the `Host` header and the `Origin` header, before any route or token (docs/api.md). It
// stops scripts of other sites in a browser of this network, and DNS names that were rebound to this address.
import type { IncomingHttpHeaders } from 'node:http';
import { isIP } from 'node:net';
import { isLoopbackHost } from '../../../shared/loopback';
import type { Transport } from './transport';

export interface AccessPolicy {
  /** The server is bound to loopback: other machines cannot reach it. */
  readonly isLoopback: boolean;
  /** Lower-case names under which the server may be addressed, beside IP addresses. */
  readonly names: ReadonlySet<string>;
  /** Lower-case names from the configuration. A TLS proxy may serve these. */
  readonly allowedHosts: ReadonlySet<string>;
  /** Programs on other computers may send jobs without TLS. */
  readonly plainHttpApi: boolean;
}

/** `hostname`: the name of this machine; `allowedHosts`: further names, from the configuration. */
export function accessPolicyOf(
  bindHost: string,
  hostname: string,
  allowedHosts: readonly string[],
  { plainHttpApi = false }: { readonly plainHttpApi?: boolean } = {},
): AccessPolicy {
  const isLoopback = isLoopbackHost(bindHost);
  const own = isLoopback ? ['localhost'] : ['localhost', hostname, `${hostname}.local`];
  const lowerCase = (names: readonly string[]): ReadonlySet<string> => new Set(names.map((name) => name.toLowerCase()));
  return { isLoopback, names: lowerCase([...own, ...allowedHosts]), allowedHosts: lowerCase(allowedHosts), plainHttpApi };
}

/**
 * Null: the request may go on. The name in `Host` is checked and its port is not, since a port may be forwarded. A page that another
 * port of this machine served is refused by its `Origin`. Over TLS the page must come over TLS, too: a plain page can be changed on the
 * network.
 */
export function rejectReason(
  policy: AccessPolicy,
  headers: IncomingHttpHeaders,
  transport: Transport,
): 'HOST_NOT_ALLOWED' | 'ORIGIN_NOT_ALLOWED' | null {
  const host = headers.host?.toLowerCase();
  if (host === undefined || !isHostAllowed(policy, host)) return 'HOST_NOT_ALLOWED';
  const origin = headers.origin?.toLowerCase();
  return origin === undefined || isOwnOrigin(policy, origin, host, transport) ? null : 'ORIGIN_NOT_ALLOWED';
}

/** A TLS proxy in front of the scheduler keeps the `Host` of the page and sends plain HTTP. */
function isOwnOrigin({ allowedHosts }: AccessPolicy, origin: string, host: string, transport: Transport): boolean {
  if (origin === `https://${host}`) return transport === 'tls' || allowedHosts.has(host.replace(/:\d+$/, ''));
  return origin === `http://${host}` && transport !== 'tls';
}

function isHostAllowed(policy: AccessPolicy, host: string): boolean {
  const parts = /^(?:\[([0-9a-f:.]+)\]|([a-z0-9._-]+))(?::\d{1,5})?$/.exec(host);
  if (parts === null) return false;
  const [, ipv6, name = ''] = parts;
  if (policy.names.has(name)) return true;
  return policy.isLoopback ? ipv6 === '::1' || name === '127.0.0.1' : (ipv6 !== undefined && isIP(ipv6) === 6) || isIP(name) === 4;
}
