// The addresses of the schedulers of one pool, and their order (ADR 0053). The first address names the pool: this node's identity, its
// credential and the CA are kept for it, so they hold at every address.
import { isLoopbackHost } from '../../../shared/loopback';
import { parsePoolAddress, webSocketUrlOf } from '../../../shared/api/join-link';
import { isPoolAddress, MAX_POOL_ADDRESSES } from '../../../shared/protocol/pool-addresses';

export interface PoolUrls {
  /** The first address of the pool, as the owner or the invitation named it. */
  readonly url: string;
  /** From the last acknowledgement that had addresses. Absent: none. */
  readonly learnedUrls?: readonly string[];
  /** From the configuration, after the learned ones. Absent: none. */
  readonly configuredUrls?: readonly string[];
  /** The address in use, or the one that is tried. Absent: `url`. */
  readonly presentUrl?: string;
}

export const presentUrlOf = ({ url, presentUrl }: PoolUrls): string => presentUrl ?? url;

/** In the order of the tries, each once. The first address is the first. */
export const urlsOf = ({ url, learnedUrls = [], configuredUrls = [] }: PoolUrls): readonly string[] => [
  ...new Set([url, ...learnedUrls, ...configuredUrls]),
];

/** Without the address in use. */
export const otherUrlsOf = (pool: PoolUrls): readonly string[] => urlsOf(pool).filter((url) => url !== presentUrlOf(pool));

/** The next address after the present one, round in circles. A present address that is not in the list any more: the first one. */
export function withNextUrl<Pool extends PoolUrls>(pool: Pool): Pool {
  const urls = urlsOf(pool);
  const next = urls[(urls.indexOf(presentUrlOf(pool)) + 1) % urls.length] ?? pool.url;
  return { ...pool, presentUrl: next };
}

/**
 * The addresses that may be used for the pool at `url`: with the same protocol, and a plain one only on this computer. So a pool on another
 * computer cannot send this node to a plain port, and a pool on this computer cannot send it elsewhere without a pin.
 */
export function usableUrls(url: string, addresses: readonly string[]): readonly string[] {
  const isTls = isTlsUrl(url);
  const isUsable = (address: string): boolean => {
    const target = parsePoolAddress(address);
    if (!isPoolAddress(address) || !target.ok || target.value.secure !== isTls) return false;
    return isTls || isLoopbackHost(target.value.host);
  };
  return [...new Set(addresses.filter(isUsable))].slice(0, MAX_POOL_ADDRESSES);
}

const isTlsUrl = (url: string): boolean => /^wss:/i.test(url);

/** The URLs of addresses in the configuration. An address without a protocol has that of the pool at `url`. */
export const configuredUrls = (url: string, addresses: readonly string[]): readonly string[] =>
  usableUrls(
    url,
    addresses.flatMap((address) => otherUrlOf(url, address) ?? []),
  );

function otherUrlOf(url: string, address: string): string | null {
  const target = parsePoolAddress(address);
  if (!target.ok) return null;
  const secure = address.includes('://') ? target.value.secure : isTlsUrl(url);
  return webSocketUrlOf({ ...target.value, secure });
}

export const isSameList = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && one.every((text, i) => text === other[i]);
