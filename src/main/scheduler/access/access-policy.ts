// The first access check of every request: the `Host` header and the `Origin` header, before any route or token (docs/api.md). It
// stops scripts of other sites in a browser of this network, and DNS names that were rebound to this address.
import type { IncomingHttpHeaders } from 'node:http';
import { isIP } from 'node:net';
import { isLoopbackHost } from '../../../shared/loopback';
import type { ServerConfig } from '../../platform/config/config';
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
  /** The certificate is of the CA of the pool, which no browser knows. */
  readonly hasPoolCa: boolean;
}

/** `hostname`: the name of this machine; `allowedHosts`: further names, from the configuration. */
export function accessPolicyOf(
  bindHost: string,
  hostname: string,
  allowedHosts: readonly string[],
  { plainHttpApi = false, tlsFiles = null }: Partial<Pick<ServerConfig, 'plainHttpApi' | 'tlsFiles'>> = {},
): AccessPolicy {
  const isLoopback = isLoopbackHost(bindHost);
  const own = isLoopback ? ['localhost'] : ['localhost', hostname, `${hostname}.local`];
  const lowerCase = (names: readonly string[]): ReadonlySet<string> => new Set(names.map((name) => name.toLowerCase()));
  return {
    isLoopback,
    names: lowerCase([...own, ...allowedHosts]),
    allowedHosts: lowerCase(allowedHosts),
    plainHttpApi,
    hasPoolCa: tlsFiles === null,
  };
}

/** The parts of a request that are checked. `url`: the target as the client sent it. */
export interface CheckedRequest {
  readonly headers: IncomingHttpHeaders;
  readonly rawHeaders: readonly string[];
  readonly url?: string | undefined;
  readonly transport: Transport;
}

/** `INVALID_REQUEST`: the request has two `Host` headers (RFC 9112, 3.2). */
export type RejectReason = 'INVALID_REQUEST' | 'HOST_NOT_ALLOWED' | 'ORIGIN_NOT_ALLOWED';

/**
 * Null: the request may go on. The name in `Host` is checked and its port is not, since a port may be forwarded. A page that another
 * port of this machine served is refused by its `Origin`. Over TLS the page must come over TLS, too: a plain page can be changed on the
 * network.
 */
export function rejectReason(policy: AccessPolicy, request: CheckedRequest): RejectReason | null {
  const { headers, rawHeaders, url = '/', transport } = request;
  if (countOf('host', rawHeaders) > 1) return 'INVALID_REQUEST';
  const host = headers.host?.toLowerCase();
  if (host === undefined || !isHostAllowed(policy, host)) return 'HOST_NOT_ALLOWED';
  const [, targetHost, targetPath] = /^https?:\/\/([^/?#]*)(.*)$/is.exec(url) ?? [];
  // The host of an absolute target takes the place of `Host` (RFC 9112, 3.2.2).
  const named = targetHost?.toLowerCase() ?? host;
  if (named !== host && !isHostAllowed(policy, named)) return 'HOST_NOT_ALLOWED';
  const origin = headers.origin?.toLowerCase();
  if (origin !== undefined) return isOwnOrigin(policy, origin, named, transport) ? null : 'ORIGIN_NOT_ALLOWED';
  return isFromOtherSite(headers) && isProtectedPath(targetPath ?? url) ? 'ORIGIN_NOT_ALLOWED' : null;
}

/** A TLS proxy in front of the scheduler keeps the `Host` of the page and sends plain HTTP. */
function isOwnOrigin({ allowedHosts }: AccessPolicy, origin: string, host: string, transport: Transport): boolean {
  if (origin === `https://${host}`) return transport === 'tls' || allowedHosts.has(host.replace(/:\d+$/, ''));
  return origin === `http://${host}` && transport !== 'tls';
}

/** Browsers name the relation to the page in this header, also where they send no `Origin`. A page cannot change it. */
const isFromOtherSite = (headers: IncomingHttpHeaders): boolean =>
  headers['sec-fetch-site'] === 'cross-site' || headers['sec-fetch-site'] === 'same-site';

/** A link of another site to the dashboard is allowed. */
function isProtectedPath(path: string): boolean {
  let decoded = path;
  try {
    decoded = decodeURIComponent(path);
  } catch {
    // No route has a path that cannot be decoded.
  }
  return /^\/*(?:api|v1)(?:[/?]|$)/i.test(decoded);
}

/** `rawHeaders`: names and values by turns. */
const countOf = (name: string, rawHeaders: readonly string[]): number =>
  rawHeaders.reduce((count, text, at) => (at % 2 === 0 && text.toLowerCase() === name ? count + 1 : count), 0);

function isHostAllowed(policy: AccessPolicy, host: string): boolean {
  const parts = /^(?:\[([0-9a-f:.]+)\]|([a-z0-9._-]+))(?::\d{1,5})?$/.exec(host);
  if (parts === null) return false;
  const [, ipv6, name = ''] = parts;
  if (policy.names.has(name)) return true;
  return policy.isLoopback ? ipv6 === '::1' || name === '127.0.0.1' : (ipv6 !== undefined && isIP(ipv6) === 6) || isIP(name) === 4;
}
