// Join links from other programs: the argument of a start, or the link of a system event. A web page can send any text this way. Pure.
import { MAX_ADDRESS_LENGTH, parsePoolAddress, toJoinLink } from '../../../shared/api/join-link';
import type { LinkFault } from '../../../shared/api/opened-link';
import { fail, ok, type Result } from '../../../shared/result';

export const LINK_SCHEME = 'muster';

const isLink = (text: string): boolean => text.slice(0, LINK_SCHEME.length + 3).toLowerCase() === `${LINK_SCHEME}://`;

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
  const target = parsePoolAddress(text);
  return target.ok ? ok(toJoinLink(target.value)) : target;
}
