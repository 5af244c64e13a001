// Whether a version of Muster is older than another one. Pure.

/** By the three numbers of a version. A version of another form is not older. */
export function isOlder(version: string, current: string): boolean {
  const [own, wanted] = [numbersOf(version), numbersOf(current)];
  if (own === null || wanted === null) return false;
  const differing = own.findIndex((number, index) => number !== wanted[index]);
  return differing !== -1 && (own[differing] ?? 0) < (wanted[differing] ?? 0);
}

function numbersOf(version: string): readonly number[] | null {
  const [, ...numbers] = /^v?(\d{1,9})\.(\d{1,9})\.(\d{1,9})/.exec(version) ?? [];
  return numbers.length === 3 ? numbers.map(Number) : null;
}
