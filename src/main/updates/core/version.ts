// Versions of Muster: three numbers. Releases have no other parts, so an update with another form is refused.

type Version = readonly [major: number, minor: number, patch: number];

/** Null: not three numbers without leading zeros. */
export function parseVersion(text: string): Version | null {
  const found = /^(0|[1-9]\d{0,5})\.(0|[1-9]\d{0,5})\.(0|[1-9]\d{0,5})$/.exec(text);
  return found === null ? null : [Number(found[1]), Number(found[2]), Number(found[3])];
}

/** An equal or older version is no update: a server that repeats an old release, with its valid signature, changes nothing. */
export function isNewer(offered: string, present: string): boolean {
  const [one, other] = [parseVersion(offered), parseVersion(present)];
  if (one === null || other === null) return false;
  for (const part of [0, 1, 2] as const) if (one[part] !== other[part]) return one[part] > other[part];
  return false;
}
