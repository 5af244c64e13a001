// Join links from other programs: the argument of a start, or the link of a system event. A web page can send any text this way. Pure.
import { MAX_ADDRESS_LENGTH, parsePoolAddress, toJoinLink } from '../../../shared/api/join-link';
import type { LinkFault } from '../../../shared/api/opened-link';
import { fail, ok, type Result } from '../../../shared/result';

export const LINK_SCHEME = 'muster';

/** Also without `//`: the desktop opens the app for each of these, so the window must say why it refuses one. */
const isLink = (text: string): boolean => text.slice(0, LINK_SCHEME.length + 1).toLowerCase() === `${LINK_SCHEME}:`;

/** The argument that is a link; null: there is none. Chromium reorders the arguments of a second start, and adds its own. */
export const linkArgument = (argv: readonly string[]): string | null => argv.find(isLink) ?? null;

/** The arguments before the link. A web page may choose the text after them, so no flag is read from there. */
export function argumentsBeforeLink(argv: readonly string[]): readonly string[] {
  const index = argv.findIndex(isLink);
  return index === -1 ? argv : argv.slice(0, index);
}

/** The link with its known parts only, in their standard form: nothing else of a foreign text reaches the window. */
export function parseOutsideLink(text: string): Result<string, LinkFault> {
  if (text.length > MAX_ADDRESS_LENGTH) return fail('too_long');
  if (!isLink(text)) return fail('scheme_unknown');
  if (!text.startsWith('//', LINK_SCHEME.length + 1)) return fail('not_a_join_link');
  const target = parsePoolAddress(text);
  if (!target.ok) return target;
  // The standard form encodes more characters than the text: it can be longer.
  const link = toJoinLink(target.value);
  return link.length > MAX_ADDRESS_LENGTH ? fail('too_long') : ok(link);
}
