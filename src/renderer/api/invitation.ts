// The page of an invitation: the https form of a join link, `/join#pin=...&key=...`, in a browser. The key leaves the address at once, so
// that it is in no history or bookmark.
import { parsePoolAddress, toJoinLink } from '../../shared/api/join-link';

export interface Invitation {
  /** `muster://...`, or `https://...` for a pool with a certificate of its owner. Null: the address has no key, or no longer. */
  readonly link: string | null;
}

const PATH = /\/join$/;

/** Null: the address is another page. */
export function takeInvitation(window: Window): Invitation | null {
  const { protocol, host, pathname, hash } = window.location;
  if (window.muster !== undefined || !PATH.test(pathname)) return null;
  if (hash !== '') window.history.replaceState(null, '', pathname);
  const target = parsePoolAddress(`${protocol === 'https:' ? 'https' : 'muster'}://${host}/join${hash}`);
  return { link: target.ok && target.value.token !== null ? toJoinLink(target.value) : null };
}
