// The join link of an invitation, with the address under which other computers reach the scheduler.
import { networkInterfaces } from 'node:os';
import { toJoinLink } from '../../shared/api/join-link';
import type { PoolAddress } from '../../shared/api/members';
import { lanHosts } from '../hosting/core/lan-urls';

const EVERYWHERE: readonly string[] = ['0.0.0.0', '::'];

/** `address`: where the scheduler listens, on this computer, or by which the caller reached it. */
export function inviteLinkOn({ host, port, secure, pin }: PoolAddress, key: string): string {
  const [first = host] = EVERYWHERE.includes(host) ? lanHosts(networkInterfaces()) : [];
  return toJoinLink({ host: first, port, secure, pin, token: key });
}
