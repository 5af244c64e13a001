// The source of a connection, as limits count it: an IPv4 address, or the /64 network of an IPv6 address. One computer can use every
// address of its /64, so a limit for each of them would be no limit.
import { isIP } from 'node:net';

const IPV4_IN_IPV6 = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;
const NETWORK_GROUPS = 4;
const ALL_GROUPS = 8;

/** `unknown` for a socket that has no address any more. */
export function sourceOf(address: string | undefined): string {
  if (address === undefined) return 'unknown';
  const mapped = IPV4_IN_IPV6.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  const bare = address.split('%', 1)[0] ?? address;
  return isIP(bare) === 6 ? networkOf(bare) : address;
}

/** `10.0.0.7:41234` or `::1:41234`, as the log names a peer, without its port. */
export const sourceOfRemote = (remote: string): string => sourceOf(remote.replace(/:\d+$/, ''));

function networkOf(address: string): string {
  const [head = '', tail] = address.toLowerCase().split('::');
  const before = groupsOf(head);
  const after = groupsOf(tail ?? '');
  const zeros = tail === undefined ? 0 : Math.max(0, ALL_GROUPS - before.length - after.length);
  const groups = [...before, ...Array.from({ length: zeros }, () => '0'), ...after];
  return `${groups.slice(0, NETWORK_GROUPS).map(withoutZeros).join(':')}::/64`;
}

/** The last group may be an IPv4 address, which counts as two groups. They are not part of the network. */
const groupsOf = (text: string): string[] =>
  text === '' ? [] : text.split(':').flatMap((group) => (group.includes('.') ? ['0', '0'] : [group]));

const withoutZeros = (group: string): string => group.replace(/^0+(?=.)/, '');
