// May this caller speak to this server at all? The Host it names and the Origin it comes from, before any route or token:
// against other sites' scripts in a browser of this network, and names rebound to this address (api §1, Access).
import type { IncomingHttpHeaders } from 'node:http';
import { isIP } from 'node:net';
import { isLoopbackHost } from '../../../shared/loopback';

export interface AccessPolicy {
  /** Bound to this machine alone: nobody else can reach it. */
  readonly isLoopback: boolean;
  /** Lower-case names that the server goes by, besides IP addresses. */
  readonly names: ReadonlySet<string>;
}

/** `hostname`: this machine's name; `allowedHosts`: further ones, from the configuration. */
export function accessPolicyOf(bindHost: string, hostname: string, allowedHosts: readonly string[]): AccessPolicy {
  const isLoopback = isLoopbackHost(bindHost);
  const own = isLoopback ? ['localhost'] : ['localhost', hostname, `${hostname}.local`];
  return { isLoopback, names: new Set([...own, ...allowedHosts].map((name) => name.toLowerCase())) };
}

/**
 * Null when the caller may go on. The name is what tells a rebound page; the port may have been forwarded, and what another port of
 * this machine serves to a browser is told by its Origin.
 */
export function rejectReason(door: AccessPolicy, headers: IncomingHttpHeaders): 'HOST_NOT_ALLOWED' | 'ORIGIN_NOT_ALLOWED' | null {
  const host = headers.host?.toLowerCase();
  if (host === undefined || !isHostAllowed(door, host)) return 'HOST_NOT_ALLOWED';
  const { origin } = headers;
  return origin === undefined || origin.toLowerCase() === `http://${host}` ? null : 'ORIGIN_NOT_ALLOWED';
}

function isHostAllowed(door: AccessPolicy, host: string): boolean {
  const parts = /^(?:\[([0-9a-f:.]+)\]|([a-z0-9._-]+))(?::\d{1,5})?$/.exec(host);
  if (parts === null) return false;
  const [, ipv6, name = ''] = parts;
  if (door.names.has(name)) return true;
  return door.isLoopback ? ipv6 === '::1' || name === '127.0.0.1' : (ipv6 !== undefined && isIP(ipv6) === 6) || isIP(name) === 4;
}
