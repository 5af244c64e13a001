// The first ones of many values in an order, without sorting all. Pure.

/** After so many values the caller may let others run: a few milliseconds. */
const VALUES_PER_TURN = 10_000;

export interface Turns<Value> {
  readonly most: number;
  readonly order: (one: Value, other: Value) => number;
}

/** In their order; equal ones as they came. Yields after each turn. */
export function* largestOf<Value>(values: Iterable<Value>, { most, order }: Turns<Value>): Generator<undefined, readonly Value[]> {
  let kept: Value[] = [];
  let last: Value | null = null;
  let seen = 0;
  for (const value of values) {
    if (++seen % VALUES_PER_TURN === 0) yield;
    // Later than as many others.
    if (last !== null && order(value, last) >= 0) continue;
    kept.push(value);
    if (kept.length < 2 * most) continue;
    kept = kept.sort(order).slice(0, most);
    last = kept.at(-1) ?? null;
  }
  return kept.sort(order).slice(0, most);
}
