// A host with a port, as URLs have them.

/** An IPv6 address has brackets. */
export const bracketed = (host: string): string => (host.includes(':') ? `[${host}]` : host);

export const hostAndPort = (host: string, port: number): string => `${bracketed(host)}:${String(port)}`;
