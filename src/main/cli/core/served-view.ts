// How programs reach the scheduler of this process, for the dashboard. Pure.
import type { ServedView } from '../../../shared/api/app-state';
import { httpUrlOf } from '../../../shared/api/join-link';
import type { PoolAddress } from '../../../shared/api/members';
import { isEveryAddress, isLoopbackHost, loopbackNeedsKey } from '../../../shared/loopback';
import type { ServerConfig } from '../../platform/config/config';

export interface ServedPlace {
  readonly server: Pick<ServerConfig, 'host' | 'loopback' | 'allowedHosts'>;
  /** The addresses of this computer in its networks, best first. */
  readonly lanHosts: readonly string[];
  /** Of the CA of the pool. */
  readonly caFile: string;
  readonly caPem: string | null;
}

/** `address`: where the scheduler listens. Null: not yet. */
export function servedView(address: PoolAddress | null, { server, lanHosts, caFile, caPem }: ServedPlace): ServedView | null {
  if (address === null) return null;
  const { host, port, secure, pin } = address;
  const shared = !isLoopbackHost(server.host);
  const hosts = !shared ? [] : isEveryAddress(host) ? lanHosts : [host];
  return {
    shared,
    lan_urls: hosts.map((one) => httpUrlOf({ host: one, port, secure, token: null, pin: null })),
    pin,
    ca_file: pin === null ? null : caFile,
    ca_pem: pin === null ? null : caPem,
    loopback_needs_key: shared || loopbackNeedsKey(server),
  };
}
