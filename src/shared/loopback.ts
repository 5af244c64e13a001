// Which hosts are loopback: as the address that a server listens on, as the host of a URL, and as the address of a peer. Host and port of
// a URL.

const IPV4_LOOPBACK = /^127(?:\.(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){3}$/;

/** Whether only this machine can reach a server that listens on `host`: a name, or an IP address with or without brackets. */
export function isLoopbackHost(host: string): boolean {
  const name = withoutBrackets(host);
  return name === 'localhost' || name === '::1' || IPV4_LOOPBACK.test(name);
}

/**
 * Whether the host of a URL is loopback by its name. Names under `localhost` are loopback (RFC 6761), but not every resolver complies:
 * use `isLoopbackHost` for data that must not leave this machine.
 */
export const isLoopbackUrlHost = (host: string): boolean => isLoopbackHost(host) || withoutBrackets(host).endsWith('.localhost');

/** Whether the address of a peer is of this machine. A socket that takes IPv6 and IPv4 shows an IPv4 address inside an IPv6 address. */
export const isLoopbackAddress = (address: string): boolean => address === '::1' || IPV4_LOOPBACK.test(address.replace(/^::ffff:/i, ''));

/** The address under which this machine reaches a server that listens on `host`. */
export function localHostOf(host: string): string {
  if (host === '0.0.0.0' || host === '') return '127.0.0.1';
  return host === '::' || host === '[::]' ? '::1' : host;
}

/** Whether a server that listens on `host` is reached at every address of its computer. */
export const isEveryAddress = (host: string): boolean => ['', '0.0.0.0', '::'].includes(withoutBrackets(host));

const TLS_PROTOCOLS: readonly string[] = ['https:', 'wss:'];

/** The port of an HTTP or WebSocket URL. */
export function portOfUrl({ port, protocol }: { readonly port: string; readonly protocol: string }): number {
  if (port !== '') return Number(port);
  return TLS_PROTOCOLS.includes(protocol) ? 443 : 80;
}

/** The host and port of an HTTP or WebSocket URL. `host` has no brackets. */
export const endpointOf = (url: URL): { readonly host: string; readonly port: number } => ({
  host: withoutBrackets(url.hostname),
  port: portOfUrl(url),
});

/** In lower case. An IPv6 address in a URL has brackets. */
export const withoutBrackets = (host: string): string => host.toLowerCase().replace(/^\[|\]$/g, '');

export interface LoopbackRules {
  readonly loopback: 'open' | 'keys';
  readonly allowedHosts: readonly string[];
}

/** Whether callers on this machine need a key while the server listens on loopback. With further host names a proxy may forward others. */
export const loopbackNeedsKey = ({ loopback, allowedHosts }: LoopbackRules): boolean => loopback === 'keys' || allowedHosts.length > 0;

/** How a request without a key counts, from the fewest rights on. `none`: it is not from this machine. */
export const LOOPBACK_STATES = ['none', 'keys', 'open'] as const;
export type LoopbackState = (typeof LOOPBACK_STATES)[number];
