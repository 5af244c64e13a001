// The command by which another computer joins a headless pool. The dashboard knows neither the pin nor the token.
import { isLoopbackUrlHost } from '../../../shared/loopback';

/** @param url of this dashboard; a loopback host becomes HOST */
export function joinCommand(url: string): string {
  const { protocol, hostname, port } = new URL(url);
  const host = isLoopbackUrlHost(hostname) ? 'HOST' : hostname;
  const portOfDefault = protocol === 'https:' ? '443' : '80';
  return `muster agent --scheduler 'wss://${host}:${port === '' ? portOfDefault : port}#pin=PIN' --token-file FILE`;
}
