// The join link of an invitation, with the address under which other computers reach the scheduler.
import { networkInterfaces } from 'node:os';
import { inviteLinksOf } from '../../shared/api/join-link';
import type { PoolAddress } from '../../shared/api/members';
import { lanHosts } from '../hosting/core/lan-urls';

/** `address`: where the scheduler listens, on this computer, or by which the caller reached it. */
export const inviteLinkOn = (address: PoolAddress, key: string): string => inviteLinksOf(address, key, lanHosts(networkInterfaces())).link;
