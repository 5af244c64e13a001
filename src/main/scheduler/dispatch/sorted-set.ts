// Items ordered by a number, and those of the same number by a comparator. They lie in blocks, so that finding a place costs
// two bisections and changing one moves at most a block. The numbers lie apart from the items, in arrays that the bisections
// run through without touching an item: among 10,000 nodes it is memory, not comparing, that costs.
// Invariants: no block is empty or longer than MAX_BLOCK, their concatenation is sorted, and `keys[i]` is that of `items[i]`.

const MAX_BLOCK = 256;

interface Block<Item> {
  readonly keys: number[];
  readonly items: Item[];
}

export class SortedSet<Item> {
  readonly #keyOf: (item: Item) => number;
  readonly #compareTies: (a: Item, b: Item) => number;
  readonly #blocks: Block<Item>[] = [];
  #size = 0;

  /** `keyOf` must not change for an item while it is in the set. */
  constructor(keyOf: (item: Item) => number, compareTies: (a: Item, b: Item) => number) {
    this.#keyOf = keyOf;
    this.#compareTies = compareTies;
  }

  get size(): number {
    return this.#size;
  }

  /** An item that compares equal to one already there is not added. */
  add(item: Item): void {
    const key = this.#keyOf(item);
    // What comes after all others is put at the end of the last block.
    const blockIndex = Math.min(this.#blockFor(key, item), Math.max(0, this.#blocks.length - 1));
    const block = (this.#blocks[blockIndex] ??= { keys: [], items: [] });
    const place = this.#placeIn(block, key, item);
    if (this.#isAt(block, place, key, item)) return;
    this.#size++;
    block.keys.splice(place, 0, key);
    block.items.splice(place, 0, item);
    if (block.items.length > MAX_BLOCK) this.#split(block, blockIndex);
  }

  /** Removes the item that compares equal; nothing when there is none. */
  delete(item: Item): void {
    const key = this.#keyOf(item);
    const blockIndex = this.#blockFor(key, item);
    const block = this.#blocks[blockIndex];
    if (block === undefined) return;
    const place = this.#placeIn(block, key, item);
    if (!this.#isAt(block, place, key, item)) return;
    this.#size--;
    block.keys.splice(place, 1);
    block.items.splice(place, 1);
    if (block.items.length === 0) this.#blocks.splice(blockIndex, 1);
  }

  *[Symbol.iterator](): IterableIterator<Item> {
    for (const { items } of this.#blocks) yield* items;
  }

  /** The first block whose last item is not before this one; the number of blocks when all are before it. */
  #blockFor(key: number, item: Item): number {
    let low = 0;
    let high = this.#blocks.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const block = this.#blocks[middle];
      if (block !== undefined && this.#isBefore(block, block.keys.length - 1, key, item)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The first place in the block whose item is not before this one. */
  #placeIn(block: Block<Item>, key: number, item: Item): number {
    let low = 0;
    let high = block.keys.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#isBefore(block, middle, key, item)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #isBefore({ keys, items }: Block<Item>, place: number, key: number, item: Item): boolean {
    const foundKey = keys[place];
    if (foundKey !== key) return foundKey !== undefined && foundKey < key;
    const found = items[place];
    return found !== undefined && this.#compareTies(found, item) < 0;
  }

  #isAt({ keys, items }: Block<Item>, place: number, key: number, item: Item): boolean {
    const found = items[place];
    return found !== undefined && keys[place] === key && this.#compareTies(found, item) === 0;
  }

  #split({ keys, items }: Block<Item>, blockIndex: number): void {
    const half = MAX_BLOCK >>> 1;
    this.#blocks.splice(blockIndex + 1, 0, { keys: keys.splice(half), items: items.splice(half) });
  }
}
