// Items in the order of a total comparator, in blocks of arrays: finding a place costs two bisections, changing one moves
// at most a block. Invariants: no block is empty, none is longer than MAX_BLOCK, and their concatenation is sorted.

const MAX_BLOCK = 128;

export class SortedSet<Item> {
  readonly #compare: (a: Item, b: Item) => number;
  readonly #blocks: Item[][] = [];
  #size = 0;

  constructor(compare: (a: Item, b: Item) => number) {
    this.#compare = compare;
  }

  get size(): number {
    return this.#size;
  }

  /** An item that compares equal to one already there is not added. */
  add(item: Item): void {
    const blockIndex = this.#blockFor(item);
    const block = this.#blocks[blockIndex];
    if (block === undefined) {
      // After all others: at the end of the last block, or in the first one ever.
      const last = this.#blocks.at(-1);
      this.#size++;
      if (last === undefined) this.#blocks.push([item]);
      else this.#insert(last, this.#blocks.length - 1, last.length, item);
      return;
    }
    const place = this.#placeIn(block, item);
    const found = block[place];
    if (found !== undefined && this.#compare(found, item) === 0) return;
    this.#size++;
    this.#insert(block, blockIndex, place, item);
  }

  /** Removes the item that compares equal; nothing when there is none. */
  delete(item: Item): void {
    const blockIndex = this.#blockFor(item);
    const block = this.#blocks[blockIndex];
    if (block === undefined) return;
    const place = this.#placeIn(block, item);
    const found = block[place];
    if (found === undefined || this.#compare(found, item) !== 0) return;
    this.#size--;
    if (block.length === 1) this.#blocks.splice(blockIndex, 1);
    else block.splice(place, 1);
  }

  *[Symbol.iterator](): IterableIterator<Item> {
    for (const block of this.#blocks) yield* block;
  }

  /** The first block whose last item is not before this one; the number of blocks when all are before it. */
  #blockFor(item: Item): number {
    let low = 0;
    let high = this.#blocks.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const last = this.#blocks[middle]?.at(-1);
      if (last !== undefined && this.#compare(last, item) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #placeIn(block: readonly Item[], item: Item): number {
    let low = 0;
    let high = block.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const found = block[middle];
      if (found !== undefined && this.#compare(found, item) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #insert(block: Item[], blockIndex: number, place: number, item: Item): void {
    block.splice(place, 0, item);
    if (block.length > MAX_BLOCK) this.#blocks.splice(blockIndex + 1, 0, block.splice(MAX_BLOCK >>> 1));
  }
}
