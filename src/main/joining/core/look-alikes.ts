// Names that people confuse: a stranger can choose the name of a known node with another letter in its place. A match warns, and decides
// nothing.
import { skeletonOf } from '../../../shared/protocol/look-alikes';

/** Names differ most often in how their words and numbers are joined. */
const SEPARATORS = /[\s._-]+/g;

const lookOf = (name: string): string => skeletonOf(name).replace(SEPARATORS, '-');

/** The first known name that looks like this one; null: none does. */
export function lookAlikeOf(name: string, known: readonly string[]): string | null {
  const look = lookOf(name);
  return known.find((candidate) => lookOf(candidate) === look) ?? null;
}
