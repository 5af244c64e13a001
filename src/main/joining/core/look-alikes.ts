// Names that people confuse: a stranger can choose the name of a known node with another letter in its place.

/** Letters that look like another one in common fonts. The table is small: it warns, and it decides nothing. */
const SAME_LOOK: ReadonlyMap<string, string> = new Map(
  ['o0оοＯ', 'l1iіıӏ|', 'aаα', 'eе', 'cс', 'pрρ', 'xх', 'yу', 'nп', 's5ѕ', 'b8', 'z2', '-_‐‑–—. '].flatMap((group) =>
    Array.from(group, (letter): [string, string] => [letter, group.slice(0, 1)]),
  ),
);

/** Equal for names that look alike. */
const lookOf = (name: string): string =>
  Array.from(name.normalize('NFKD').toLowerCase())
    .filter((letter) => !/\p{M}/u.test(letter))
    .map((letter) => SAME_LOOK.get(letter) ?? letter)
    .join('')
    .replaceAll('rn', 'm');

/** The first known name that looks like this one; null: none does. */
export function lookAlikeOf(name: string, known: readonly string[]): string | null {
  const look = lookOf(name);
  return known.find((candidate) => lookOf(candidate) === look) ?? null;
}
