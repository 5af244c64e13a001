// The link in a pasted text. People copy a whole invitation, or a message with some text around the link. Pure.
import { MAX_ADDRESS_LENGTH, parsePoolAddress } from './join-link';

/** How much of a text is searched. An invitation has about 1,000 characters. */
export const MAX_PASTED_LENGTH = 16_384;

const AUTHORITY = String.raw`(?:\[[0-9a-f:.]+(?:%[a-z0-9._-]+)?\]|[a-z0-9._-]+)(?::[0-9]{1,5})?`;
const FRAGMENT = String.raw`#[a-z0-9%&=._~-]+`;
/** The app makes the first form. A pool with a certificate of its owner, and browsers, have the second. */
const MUSTER_LINK = new RegExp(String.raw`muster:\/\/${AUTHORITY}(?:\/join)?\/?(?:${FRAGMENT})?`, 'gi');
const HTTPS_LINK = new RegExp(String.raw`https:\/\/${AUTHORITY}\/join${FRAGMENT}`, 'gi');

/**
 * The join link in a text: a `muster://` link before an `https://` one, a link with a key before one without. A text without a link, such as
 * an address or the name of a pool, is returned without the space around it.
 */
export function pastedAddress(text: string): string {
  const trimmed = text.slice(0, MAX_PASTED_LENGTH).trim();
  if (!/\s/.test(trimmed) && parsePoolAddress(trimmed).ok) return trimmed;
  const links = [MUSTER_LINK, HTTPS_LINK].flatMap((form) => trimmed.match(form) ?? []).map(withoutPeriod);
  const joining = links.filter((link) => link.length <= MAX_ADDRESS_LENGTH && parsePoolAddress(link).ok);
  return joining.find(hasKey) ?? joining[0] ?? trimmed;
}

/** The end of a sentence is not a part of its link. Linear: a regular expression takes a second for 16,000 periods inside a link. */
function withoutPeriod(link: string): string {
  let end = link.length;
  while (link[end - 1] === '.' || link[end - 1] === '~') end--;
  return link.slice(0, end);
}

function hasKey(link: string): boolean {
  const target = parsePoolAddress(link);
  return target.ok && target.value.token !== null;
}
