// May this caller speak to this server at all? The Host it names and the Origin it comes from, before any route or token:
// against other sites' scripts in a browser of this network, and names rebound to this address (api §1, Access).
import type { IncomingHttpHeaders } from 'node:http';
import { isIP } from 'node:net';

export interface Door {
  /** Bound to this machine alone: nobody else can reach it. */
  readonly isLoopback: boolean;
  /** Lower-case names that the server goes by, besides IP addresses. */
  readonly names: ReadonlySet<string>;
}

/** `hostname`: this machine's name; `allowedHosts`: further ones, from the configuration. */
export function doorOf(bindHost: string, hostname: string, allowedHosts: readonly string[]): Door {
  const isLoopback = bindHost === 'localhost' || bindHost === '::1' || (isIP(bindHost) === 4 && bindHost.startsWith('127.'));
  const own = isLoopback ? ['localhost'] : ['localhost', hostname, `${hostname}.local`];
  return { isLoopback, names: new Set([...own, ...allowedHosts].map((name) => name.toLowerCase())) };
}

/** Null when the caller may go on. `port` is the one that the request came in by. */
export function refusalOfCaller(door: Door, headers: IncomingHttpHeaders, port: number): 'HOST_NOT_ALLOWED' | 'ORIGIN_NOT_ALLOWED' | null {
  const host = headers.host?.toLowerCase();
  if (host === undefined || !isHostAllowed(door, host, port)) return 'HOST_NOT_ALLOWED';
  const { origin } = headers;
  return origin === undefined || origin.toLowerCase() === `http://${host}` ? null : 'ORIGIN_NOT_ALLOWED';
}

/** On loopback the port must be ours too; elsewhere it may have been forwarded. */
function isHostAllowed(door: Door, host: string, port: number): boolean {
  const parts = /^(?:\[([0-9a-f:.]+)\]|([a-z0-9._-]+))(?::(\d{1,5}))?$/.exec(host);
  if (parts === null) return false;
  const [, ipv6, name = '', givenPort] = parts;
  if (!door.isLoopback) return (ipv6 !== undefined && isIP(ipv6) === 6) || isIP(name) === 4 || door.names.has(name);
  const isOwnPort = Number(givenPort ?? 80) === port;
  return isOwnPort && (ipv6 === '::1' || name === '127.0.0.1' || door.names.has(name));
}
