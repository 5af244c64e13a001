// How another computer joins a pool without a window, ready to be copied. Pure.

const LOOPBACK = /^(localhost|127\.[\d.]+|\[::1\])$/;

/** @param url where this page is from; what only this computer understands of it becomes HOST */
export function joinCommand(url: string): string {
  const { protocol, hostname, port } = new URL(url);
  const host = LOOPBACK.test(hostname) ? 'HOST' : hostname;
  return `muster agent --scheduler ${protocol === 'https:' ? 'wss' : 'ws'}://${host}${port === '' ? '' : `:${port}`} --token-file FILE`;
}
