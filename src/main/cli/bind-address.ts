// What an address to listen on means: who can reach it, and how this machine itself does. Pure.

/** Only this machine can reach it. */
export function isLoopbackHost(host: string): boolean {
  const name = host.toLowerCase().replace(/^\[|\]$/g, '');
  return name === 'localhost' || name === '::1' || /^127(\.\d{1,3}){3}$/.test(name);
}

/** The address under which this machine reaches a server that listens on `host`. */
export function localHostOf(host: string): string {
  if (host === '0.0.0.0' || host === '') return '127.0.0.1';
  return host === '::' || host === '[::]' ? '::1' : host;
}
