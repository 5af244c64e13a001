// The median of the values of each key, kept while values come and go. A key without values is removed.

export class Medians {
  /** Ascending. */
  readonly #values = new Map<string, number[]>();

  get size(): number {
    return this.#values.size;
  }

  add(key: string, value: number): void {
    const values = this.#values.get(key);
    if (values === undefined) this.#values.set(key, [value]);
    else values.splice(firstAtLeast(values, value), 0, value);
  }

  /** The value must have been added. */
  delete(key: string, value: number): void {
    const values = this.#values.get(key);
    values?.splice(firstAtLeast(values, value), 1);
    if (values?.length === 0) this.#values.delete(key);
  }

  /** Of two values in the middle, the higher one, so that nodes of unknown speed are tried. Null: the key has no values. */
  of(key: string): number | null {
    const values = this.#values.get(key) ?? [];
    return values[values.length >>> 1] ?? null;
  }
}

/** The first index whose value is not below this one. */
function firstAtLeast(values: readonly number[], value: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((values[middle] ?? Infinity) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
