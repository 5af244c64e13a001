// The links of an invitation, with the address under which other computers reach the scheduler.
import { networkInterfaces } from 'node:os';
import { renderUnicodeCompact } from 'uqr';
import { type InviteLinks, inviteLinksOf } from '../../shared/api/join-link';
import type { PoolAddress } from '../../shared/api/members';
import { lanHosts } from '../hosting/core/lan-urls';

/** `address`: where the scheduler listens, on this computer, or by which the caller reached it. */
export const inviteLinksOn = (address: PoolAddress, key: string): InviteLinks => inviteLinksOf(address, key, lanHosts(networkInterfaces()));

/** For stdout. The QR code has the https form, which the camera of a phone opens. It is drawn on a terminal only. */
export function inviteLinksText({ link, httpsLink }: InviteLinks, isTerminal: boolean): string {
  const links = httpsLink === null || httpsLink === link ? [link] : [link, httpsLink];
  const code = isTerminal && httpsLink !== null ? [renderUnicodeCompact(httpsLink, { border: QUIET_ZONE })] : [];
  return [...links, ...code].map((text) => `${text}\n`).join('');
}

const QUIET_ZONE = 2;
