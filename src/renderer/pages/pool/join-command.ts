// The command by which another computer joins a headless pool.
import { isLoopbackUrlHost } from '../../../shared/loopback';

/** @param url of this dashboard; a loopback host becomes HOST */
export function joinCommand(url: string): string {
  const { protocol, hostname, port } = new URL(url);
  const host = isLoopbackUrlHost(hostname) ? 'HOST' : hostname;
  return `muster agent --scheduler ${protocol === 'https:' ? 'wss' : 'ws'}://${host}${port === '' ? '' : `:${port}`} --token-file FILE`;
}
