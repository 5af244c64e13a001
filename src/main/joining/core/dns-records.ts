// The records of DNS-SD for a pool (`_muster._tcp`), and the pools in an answer. Everything in an answer is a claim of a stranger.
import { toClaim } from './join-messages';

const SERVICE = '_muster._tcp.local';
const SERVICES = '_services._dns-sd._udp.local';
const TTL_SECONDS = 120;
const MAX_ADDRESSES = 8;
export const TXT_VERSION = '1';

export interface DnsRecord {
  readonly name: string;
  readonly type: 'PTR' | 'SRV' | 'TXT' | 'A' | 'AAAA';
  /** Seconds. 0 withdraws the record. */
  readonly ttl: number;
  readonly data: string | readonly string[] | { readonly target: string; readonly port: number };
}

/** What the pool has now. Absent: not known, as from an older host. */
export interface PoolOffer {
  readonly gpus?: number;
  /** Models that are ready on a node. */
  readonly models?: number;
}

/** For people, in clear on the network: the name and the offer. */
export interface Announcement extends PoolOffer {
  readonly id: string;
  readonly name: string;
  readonly port: number;
}

export const QUESTION = { name: SERVICE, type: 'PTR' } as const;
/** Every responder answers it, such as printers: for the check whether multicast is heard at all. */
export const ANY_SERVICE_QUESTION = { name: SERVICES, type: 'PTR' } as const;

/** `addresses`: those of the interface on which the records are sent. `ttl` 0 withdraws the announcement. */
export function recordsOf(
  { id, name, port, gpus, models }: Announcement,
  addresses: readonly string[],
  ttl = TTL_SECONDS,
): readonly DnsRecord[] {
  const [instance, target] = [`${id}.${SERVICE}`, `muster-${id}.local`];
  const offer = Object.entries({ gpus, models }).flatMap(([key, count]) => (count === undefined ? [] : [`${key}=${String(count)}`]));
  return [
    { name: SERVICE, type: 'PTR', ttl, data: instance },
    { name: SERVICES, type: 'PTR', ttl, data: SERVICE },
    { name: instance, type: 'SRV', ttl, data: { target, port } },
    { name: instance, type: 'TXT', ttl, data: [`v=${TXT_VERSION}`, `id=${id}`, `n=${toClaim(name) ?? id}`, ...offer] },
    ...addresses
      .filter((address) => !address.includes('%'))
      .slice(0, MAX_ADDRESSES)
      .map((address): DnsRecord => ({ name: target, type: address.includes(':') ? 'AAAA' : 'A', ttl, data: address })),
  ];
}

/** Whether a question asks for one of the records. */
export const isAskedFor = ({ name, type }: { readonly name: string; readonly type: string }, records: readonly DnsRecord[]): boolean =>
  records.some((record) => record.name === name.toLowerCase() && (record.type === type || type === 'ANY'));

export interface FoundPool extends Announcement {
  readonly addresses: readonly string[];
  /** The pool withdrew its announcement. */
  readonly isGone: boolean;
}

/** `interfaceName`: for the zone of link-local addresses. */
export function poolsIn(records: readonly DnsRecord[], interfaceName: string): readonly FoundPool[] {
  return records.flatMap((record): readonly FoundPool[] => {
    const { name, data, ttl } = record;
    if (record.type !== 'SRV' || typeof data !== 'object' || !('target' in data) || !name.toLowerCase().endsWith(`.${SERVICE}`)) return [];
    const text = textOf(records.find((other) => other.type === 'TXT' && other.name === name)?.data);
    const id = name.slice(0, -SERVICE.length - 1).toLowerCase();
    if (!/^[0-9a-f]{16}$/.test(id)) return [];
    if (ttl === 0) return [{ id, name: id, port: 0, addresses: [], isGone: true }];
    const addresses = records
      .filter((other) => (other.type === 'A' || other.type === 'AAAA') && other.name === data.target)
      .flatMap((other) => (typeof other.data === 'string' && /^[\da-f.:]{2,45}$/i.test(other.data) ? [other.data] : []))
      .map((address) => (/^fe80:/i.test(address) ? `${address}%${interfaceName}` : address))
      .slice(0, MAX_ADDRESSES);
    const isUsable = text.get('v') === TXT_VERSION && text.get('id') === id && addresses.length > 0 && data.port > 0 && data.port < 65_536;
    if (!isUsable) return [];
    return [{ id, name: toClaim(text.get('n') ?? '') ?? id, port: data.port, addresses, isGone: false, ...offerIn(text) }];
  });
}

const offerIn = (text: ReadonlyMap<string, string>): PoolOffer =>
  Object.fromEntries(
    (['gpus', 'models'] as const).flatMap((key) => {
      const count = text.get(key) ?? '';
      return /^\d{1,6}$/.test(count) ? [[key, Number(count)]] : [];
    }),
  );

function textOf(data: DnsRecord['data'] | undefined): ReadonlyMap<string, string> {
  const pairs = Array.isArray(data) ? (data as readonly string[]) : [];
  return new Map(pairs.map((pair) => [pair.replace(/=.*$/s, ''), pair.replace(/^[^=]*=?/, '')]));
}
