// What programs need to reach the pool that this computer uses: the address, whether a key is needed, and the CA.
import { pinOfLink } from '../../../shared/api/join-link';
import { hrefOf } from '../../routes';
import { useMay } from '../RightNote';
import { useApp, useScreen } from '../../store/Screen';
import { servedTarget } from './served-target';

export interface PoolTarget {
  /** Of the OpenAI API, with `/v1`. */
  readonly baseUrl: string;
  readonly needsKey: boolean;
  /** Whether this program may create keys. */
  readonly mayCreateKey: boolean;
  /** The path of the CA of the pool. Null: the program needs none. */
  readonly caFile: string | null;
  /** Whether that path is one of this computer. */
  readonly isCaHere: boolean;
  /** The CA itself, PEM, for a browser on another computer. Null: not known here. */
  readonly caPem: string | null;
  /** The pin of a pool with its own CA, for `muster submit`. */
  readonly pin: string | null;
  /** The address of the page Members on the host. Null: this program shows it. */
  readonly membersUrl: string | null;
}

/** The name of the file where its folder is not known. */
export const CA_FILE = 'ca.pem';

/** Null: this computer uses no pool. */
export function usePoolTarget(): PoolTarget | null {
  const { endpoint } = useScreen();
  const host = useApp((app) => app.host);
  const served = useApp(({ app }) => app.served ?? null);
  const access = useApp((app) => app.pool?.access ?? null);
  // An older scheduler does not know the right of members, and an owner manages all keys.
  const mayMakeKeys = useMay('make_keys');
  const mayManage = useMay('manage');
  const mayCreateKey = mayMakeKeys || mayManage;
  const link = useApp((app) => app.agent?.link ?? null);
  const ownCaFile = useApp((app) => app.agent?.pool_ca_file ?? null);
  const api = (url: string): string => `${url.replace(/\/$/, '')}/v1`;
  const hosted = host?.lan_urls[0] ?? host?.url ?? null;
  // The own pool may still run while this computer joins another one.
  if (host !== null && hosted !== null && access !== 'member') {
    const pin = pinOfLink(host.join_link);
    const hasCa = pin !== null;
    const caFile = hasCa ? (host.ca_file ?? CA_FILE) : null;
    return {
      baseUrl: api(hosted),
      needsKey: host.scope === 'lan' || host.loopback_needs_key,
      mayCreateKey: true,
      caFile,
      isCaHere: hasCa && host.ca_file !== null,
      caPem: null,
      pin,
      membersUrl: null,
    };
  }
  if (endpoint.url !== null && access === 'host' && served !== null) {
    const { url: servedUrl, caFile, ...target } = servedTarget(served, endpoint.url);
    // On another computer the path of the host means nothing.
    const file = caFile === null || target.isCaHere ? caFile : CA_FILE;
    const caPem = caFile === null ? null : (served.ca_pem ?? null);
    return { ...target, baseUrl: api(servedUrl), caFile: file, caPem, mayCreateKey, membersUrl: null };
  }
  if (link === null || link.state === 'idle' || !('scheduler_url' in link)) return null;
  const url = link.scheduler_url.replace(/^ws/, 'http').replace(/\/$/, '');
  const pin = link.pin ?? null;
  return {
    baseUrl: api(url),
    needsKey: true,
    mayCreateKey,
    caFile: pin === null ? null : (ownCaFile ?? CA_FILE),
    isCaHere: pin !== null && ownCaFile !== null,
    caPem: null,
    pin,
    membersUrl: `${url}/${hrefOf({ page: 'members' })}`,
  };
}
