// Which names and addresses the certificate of a scheduler has, and when it is replaced.

const DAY_MS = 86_400_000;
/** Clients with a slow clock accept a certificate that is valid for a day already. */
export const BACKDATED_MS = DAY_MS;
/** From `notBefore` to `notAfter`. No common client refuses a certificate of this length. */
export const SERVER_VALIDITY_MS = 397 * DAY_MS;
export const CA_VALIDITY_MS = 3650 * DAY_MS;
const RENEWED_BEFORE_END_MS = 30 * DAY_MS;
/** A larger certificate does not fit into the first packets of a handshake, and some clients refuse it. */
const MAX_NAMES = 200;

export interface NameSources {
  readonly hostname: string;
  readonly allowedHosts: readonly string[];
  /** As `os.networkInterfaces()` returns them. */
  readonly interfaces: Readonly<Record<string, readonly { readonly address: string }[] | undefined>>;
}

/** Sorted, so that two lists can be compared. Names that a certificate cannot hold are left out. */
export function certificateNames({ hostname, allowedHosts, interfaces }: NameSources): readonly string[] {
  const own = ['localhost', '127.0.0.1', '::1', ...allowedHosts, hostname, `${hostname}.local`];
  const addresses = Object.values(interfaces).flatMap((list) => (list ?? []).map(({ address }) => withoutZone(address)));
  const names = [...own, ...addresses]
    .map((name) => name.toLowerCase())
    .filter((name) => NAME_OR_ADDRESS.test(name) && !UNSPECIFIED.includes(name));
  return [...new Set(names)].slice(0, MAX_NAMES).toSorted();
}

const NAME_OR_ADDRESS = /^(?:[0-9a-f:.]*:[0-9a-f:.]*|(?!-)[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63}){0,16})$/;

/** A server may listen on these. No client connects to them. */
const UNSPECIFIED: readonly string[] = ['0.0.0.0', '::'];

const withoutZone = (address: string): string => address.replace(/%.*$/, '');

export interface IssuedCertificate {
  readonly names: readonly string[];
  readonly notAfterWallMs: number;
}

/** Why a certificate is replaced now; null: not yet. */
export function renewalReason(issued: IssuedCertificate, names: readonly string[], nowWallMs: number): 'names' | 'expiry' | null {
  if (issued.names.join() !== names.join()) return 'names';
  return isNearEnd(issued.notAfterWallMs, nowWallMs) ? 'expiry' : null;
}

export const isNearEnd = (notAfterWallMs: number, nowWallMs: number): boolean => notAfterWallMs - nowWallMs < RENEWED_BEFORE_END_MS;
