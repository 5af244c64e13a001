// Multicast DNS on one interface: sends questions and answers, and hands out decoded packets. Of bonjour-service only the socket is
// used: the library sends on one interface, announces the addresses of all, never refreshes them, and never forgets.
import { BlockList } from 'node:net';
import { Bonjour } from 'bonjour-service';
import type { LanInterface } from '../../shared/api/network-report';
import { reasonOfError } from '../../shared/errors';
import type { DnsRecord } from './core/dns-records';

/** A packet of a stranger with more records is ignored. */
const MAX_RECORDS = 128;
const CLOSE_WITHIN_MS = 500;

export interface DnsQuestion {
  readonly name: string;
  readonly type: string;
}

export interface DnsPacket {
  readonly isResponse: boolean;
  readonly questions: readonly DnsQuestion[];
  /** Answers and additional records. */
  readonly records: readonly DnsRecord[];
  readonly from: string;
}

export interface MulticastSocket {
  ask(questions: readonly DnsQuestion[]): void;
  answer(records: readonly DnsRecord[]): void;
  /** Sends what waits, then closes. */
  close(): Promise<void>;
}

/** The part of the library's socket that is used here. Its types are missing. */
interface MdnsSocket {
  on(event: 'query' | 'response', listener: (packet: RawPacket, from: { readonly address: string }) => void): void;
  on(event: 'error' | 'warning', listener: (error: unknown) => void): void;
  query(packet: { questions: readonly DnsQuestion[] }, done?: () => void): void;
  respond(packet: { answers: readonly RawRecord[] }, done?: () => void): void;
}
interface RawRecord {
  readonly name: string;
  readonly type: string;
  readonly ttl?: number;
  readonly data?: unknown;
}
interface RawPacket {
  readonly questions?: readonly RawRecord[];
  readonly answers?: readonly RawRecord[];
  readonly additionals?: readonly RawRecord[];
}

/** `onFault`: such as EADDRINUSE, when another program holds the port for itself. The socket then hears nothing. */
export function openMulticast(
  { ipv4, cidr }: LanInterface,
  onPacket: (packet: DnsPacket) => void,
  onFault: (reason: string) => void,
): MulticastSocket {
  const faulted = (error: unknown): void => {
    onFault(reasonOfError(error));
  };
  // Without `bind` the socket is bound to the address of the interface and hears no multicast on Linux.
  const options = { interface: ipv4, bind: '0.0.0.0' } as object;
  const bonjour = new Bonjour(options, faulted);
  const { mdns } = (bonjour as unknown as { readonly server: { readonly mdns: MdnsSocket } }).server;
  const subnet = new BlockList();
  if (cidr !== null) subnet.addSubnet(cidr.replace(/\/.*$/, ''), Number(cidr.replace(/^.*\//, '')), 'ipv4');
  const read = (isResponse: boolean) => (packet: RawPacket, from: { readonly address: string }) => {
    // On Linux each socket hears all interfaces.
    if (!subnet.check(from.address)) return;
    const raw = [...(packet.answers ?? []), ...(packet.additionals ?? [])];
    if (raw.length > MAX_RECORDS) return;
    const questions = (packet.questions ?? []).slice(0, MAX_RECORDS).map(({ name, type }) => ({ name, type }));
    onPacket({ isResponse, questions, records: raw.flatMap(recordOf), from: from.address });
  };
  mdns.on('query', read(false));
  mdns.on('response', read(true));
  mdns.on('error', faulted);
  mdns.on('warning', faulted);
  return {
    ask: (questions) => {
      mdns.query({ questions });
    },
    answer: (records) => {
      mdns.respond({ answers: records.map(toRaw) });
    },
    close: () =>
      new Promise((resolve) => {
        // Nothing can be sent when the interface is gone, and its callback may never come.
        const timer = setTimeout(() => {
          bonjour.destroy();
          resolve();
        }, CLOSE_WITHIN_MS);
        const end = (): void => {
          clearTimeout(timer);
          resolve();
        };
        mdns.query({ questions: [] }, () => {
          bonjour.destroy(end);
        });
      }),
  };
}

const toRaw = ({ name, type, ttl, data }: DnsRecord): RawRecord =>
  type === 'TXT' ? { name, type, ttl, data: data } : { name, type, ttl, data };

function recordOf({ name, type, ttl = 0, data }: RawRecord): readonly DnsRecord[] {
  if (type === 'TXT') return [{ name, type, ttl, data: (Array.isArray(data) ? data : [data]).map(String) }];
  if (type === 'A' || type === 'AAAA' || type === 'PTR') return typeof data === 'string' ? [{ name, type, ttl, data }] : [];
  if (type !== 'SRV' || typeof data !== 'object' || data === null || !('target' in data) || !('port' in data)) return [];
  return [{ name, type, ttl, data: { target: String(data.target), port: Number(data.port) } }];
}
