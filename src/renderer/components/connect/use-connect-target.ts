// What programs need to reach the pool that this computer uses: the address, whether a key is needed, and the CA.
import { pinOfLink } from '../../../shared/api/join-link';
import { useApp, useScreen } from '../../store/Screen';

export interface PoolTarget {
  /** Of the OpenAI API, with `/v1`. */
  readonly baseUrl: string;
  readonly needsKey: boolean;
  /** Whether this program may create keys. A dashboard in a browser learns it from the answer. */
  readonly mayCreateKey: boolean;
  /** The path of the CA of the pool. Null: the program needs none. */
  readonly caFile: string | null;
  /** Whether that path is one of this computer. */
  readonly isCaHere: boolean;
}

/** The name of the file where its folder is not known. */
const CA_FILE = 'ca.pem';

/** Null: this computer uses no pool. `isShared`: of a headless program, whose state does not have it. */
export function usePoolTarget(isShared: boolean): PoolTarget | null {
  const { endpoint } = useScreen();
  const host = useApp((app) => app.host);
  const access = useApp((app) => app.pool?.access ?? null);
  const link = useApp((app) => app.agent?.link ?? null);
  const api = (url: string): string => `${url.replace(/\/$/, '')}/v1`;
  const hosted = host?.lan_urls[0] ?? host?.url ?? null;
  // The own pool may still run while this computer joins another one.
  if (host !== null && hosted !== null && access !== 'member') {
    const hasCa = pinOfLink(host.join_link) !== null;
    const caFile = hasCa ? (host.ca_file ?? CA_FILE) : null;
    return {
      baseUrl: api(hosted),
      needsKey: host.scope === 'lan',
      mayCreateKey: true,
      caFile,
      isCaHere: hasCa && host.ca_file !== null,
    };
  }
  if (endpoint.url !== null && access === 'host')
    return { baseUrl: api(endpoint.url), needsKey: isShared, mayCreateKey: true, caFile: null, isCaHere: false };
  if (link === null || link.state === 'idle' || !('scheduler_url' in link)) return null;
  const caFile = link.pin == null ? null : CA_FILE;
  return { baseUrl: api(link.scheduler_url.replace(/^ws/, 'http')), needsKey: true, mayCreateKey: false, caFile, isCaHere: false };
}
