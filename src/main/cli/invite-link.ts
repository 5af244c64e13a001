// The join link of an invitation, with the address under which other computers reach the scheduler.
import { networkInterfaces } from 'node:os';
import { toJoinLink } from '../../shared/api/join-link';
import { lanHosts } from '../hosting/core/lan-urls';

const EVERYWHERE: readonly string[] = ['0.0.0.0', '::'];

/** `bound`: the address on which the scheduler listens, or by which the caller reached it. */
export function inviteLinkOn(bound: { readonly host: string; readonly port: number; readonly secure?: boolean }, key: string): string {
  const [first = bound.host] = EVERYWHERE.includes(bound.host) ? lanHosts(networkInterfaces()) : [];
  return toJoinLink({ host: first, port: bound.port, secure: bound.secure ?? false, token: key });
}
