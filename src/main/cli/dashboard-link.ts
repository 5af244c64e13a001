// The links to the dashboard of a scheduler, for a browser on its computer and for browsers on other computers.
import { httpUrlOf } from '../../shared/api/join-link';
import type { PoolAddress } from '../../shared/api/members';
import { isEveryAddress, isLoopbackHost } from '../../shared/loopback';
import type { CliIo } from './command';
import { remainingText } from './core/text-table';

export interface DashboardLinks {
  /** At the address by which the caller reaches the scheduler. */
  readonly link: string;
  /** For browsers on other computers, best first. Null: the pool is not shared. Empty: its computer has no network address. */
  readonly lanLinks: readonly string[] | null;
  /** SHA-256 of the certificate of the pool's CA, as browsers show it. Null: there is none, and browsers know the certificate. */
  readonly caFingerprint: string | null;
}

export interface DashboardPlace {
  /** By which the caller reaches the scheduler. */
  readonly baseUrl: string;
  /** Where the scheduler listens. Null: not known. */
  readonly address: PoolAddress | null;
  readonly caFingerprint: string | null;
  /** Addresses of this computer in its networks, best first. */
  readonly lanHosts: readonly string[];
}

/** The code is in the fragment, which no browser sends to a server. Null: a link without a code. */
const linkAt = (baseUrl: string, code: string | null): string => (code === null ? baseUrl : `${baseUrl}/#code=${code}`);

/** From another computer, the address by which the caller reaches the scheduler is the one for further computers, too. */
export function dashboardLinksOf({ baseUrl, address, caFingerprint, lanHosts }: DashboardPlace, code: string | null): DashboardLinks {
  const link = linkAt(baseUrl, code);
  if (!isLoopbackHost(new URL(baseUrl).hostname)) return { link, lanLinks: [link], caFingerprint };
  if (address === null || isLoopbackHost(address.host)) return { link, lanLinks: null, caFingerprint: null };
  const hosts = isEveryAddress(address.host) ? lanHosts : [address.host];
  const lanLinks = hosts.map((host) => linkAt(httpUrlOf({ ...address, host, token: null }), code));
  return { link, lanLinks, caFingerprint };
}

/** What a person needs beside the first link. Empty: the pool is not shared. `validMs`: of the code; null: the links have none. */
export function lanLinkText({ link, lanLinks, caFingerprint }: DashboardLinks, validMs: number | null): string {
  if (lanLinks === null) return '';
  const [best] = lanLinks;
  if (best === undefined) return 'This computer has no network address now: the link works on this computer only.\n';
  const code = best === link ? 'The link signs in one browser, once' : 'Both links have the same code, which signs in one browser, once';
  return [
    ...(best === link ? [] : [`From another computer: ${best}`]),
    ...(validMs === null ? [] : [`${code}, within ${remainingText(validMs)}.`]),
    ...(caFingerprint === null ? [] : [certificateText(caFingerprint)]),
  ]
    .map((line) => `${line}\n`)
    .join('');
}

const certificateText = (fingerprint: string): string =>
  `There the browser warns at the first visit, because the pool has its own CA. Install ca.pem from the data folder of the host there, or compare the SHA-256 fingerprint of the certificate "Muster pool ..." with ${fingerprint}`;

/** Of a scheduler that has started. */
export interface StartedDashboard {
  readonly links: DashboardLinks;
  /** When the code of the links ends. Null: the links have none. */
  readonly endsAtWallMs: number | null;
}

/**
 * The link signs a browser in as the owner, so it is shown to a person only. A service manager keeps the output of a service, and so do the
 * app that supervises a scheduler and a container (MUSTER_NO_DASHBOARD_LINK): `muster dashboard` prints a new link.
 */
export function showDashboardLink(io: CliIo, { links, endsAtWallMs }: StartedDashboard, nowWallMs: number): void {
  const isKept = io.serviceManager !== null || io.env['MUSTER_SUPERVISED'] === '1' || io.env['MUSTER_NO_DASHBOARD_LINK'] === '1';
  if (!isKept) io.err(`Dashboard: ${links.link}\n${lanLinkText(links, endsAtWallMs === null ? null : endsAtWallMs - nowWallMs)}`);
}
