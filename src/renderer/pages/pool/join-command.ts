// The command by which another computer joins a headless pool. Pure.

const LOOPBACK = /^(localhost|127\.[\d.]+|\[::1\])$/;

/** @param url of this dashboard; a loopback host becomes HOST */
export function joinCommand(url: string): string {
  const { protocol, hostname, port } = new URL(url);
  const host = LOOPBACK.test(hostname) ? 'HOST' : hostname;
  return `muster agent --scheduler ${protocol === 'https:' ? 'wss' : 'ws'}://${host}${port === '' ? '' : `:${port}`} --token-file FILE`;
}
