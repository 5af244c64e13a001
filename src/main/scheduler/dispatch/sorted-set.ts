// A sorted set of items, ordered by a number and then by a comparator. Items are stored in blocks: a search costs two bisections, and a
// change moves at most one block. The numbers have their own arrays, so that a bisection reads no item: with 10,000 nodes memory access
// costs more than comparisons. Invariants: no block is empty or longer than MAX_BLOCK; the concatenated blocks are sorted; `keys[i]` is the
// number of `items[i]`; `#lastKeys[b]` is the number of the last item of block b.

const MAX_BLOCK = 64;

interface Block<Item> {
  readonly keys: number[];
  readonly items: Item[];
}

export class SortedSet<Item> {
  readonly #keyOf: (item: Item) => number;
  readonly #compareTies: (a: Item, b: Item) => number;
  readonly #blocks: Block<Item>[] = [];
  readonly #lastKeys: number[] = [];
  #size = 0;

  /** `keyOf` must not change for an item while it is in the set. */
  constructor(keyOf: (item: Item) => number, compareTies: (a: Item, b: Item) => number) {
    this.#keyOf = keyOf;
    this.#compareTies = compareTies;
  }

  get size(): number {
    return this.#size;
  }

  /** The first item and its number. Null: the set is empty. */
  get first(): { readonly item: Item; readonly key: number } | null {
    const [block] = this.#blocks;
    return block === undefined ? null : { item: block.items[0] as Item, key: block.keys[0] as number };
  }

  /** Does not add an item that compares equal to an item of the set. */
  add(item: Item): void {
    const key = this.#keyOf(item);
    // An item after all others goes to the end of the last block.
    const blockIndex = Math.min(this.#blockFor(key, item), Math.max(0, this.#blocks.length - 1));
    const block = (this.#blocks[blockIndex] ??= { keys: [], items: [] });
    const place = this.#placeIn(block, key, item);
    if (this.#isAt(block, place, key, item)) return;
    this.#size++;
    insertAt(block.keys, place, key);
    insertAt(block.items, place, item);
    if (block.items.length > MAX_BLOCK) this.#split(block, blockIndex);
    else this.#noteLast(block, blockIndex);
  }

  /** Removes the item that compares equal, if there is one. */
  delete(item: Item): void {
    const key = this.#keyOf(item);
    const blockIndex = this.#blockFor(key, item);
    const block = this.#blocks[blockIndex];
    if (block === undefined) return;
    const place = this.#placeIn(block, key, item);
    if (!this.#isAt(block, place, key, item)) return;
    this.#size--;
    removeAt(block.keys, place);
    removeAt(block.items, place);
    if (block.items.length > 0) this.#noteLast(block, blockIndex);
    else {
      this.#blocks.splice(blockIndex, 1);
      this.#lastKeys.splice(blockIndex, 1);
    }
  }

  /** Replaces an item by another one, which may have another position. */
  replace(item: Item, by: Item): void {
    this.delete(item);
    this.add(by);
  }

  /** Number of items before this one, which need not be in the set. Reads the length of each block before it. */
  countBefore(item: Item): number {
    const key = this.#keyOf(item);
    const blockIndex = this.#blockFor(key, item);
    let before = 0;
    for (let i = 0; i < blockIndex; i++) before += this.#blocks[i]?.items.length ?? 0;
    const block = this.#blocks[blockIndex];
    return block === undefined ? before : before + this.#placeIn(block, key, item);
  }

  *[Symbol.iterator](): IterableIterator<Item> {
    for (const { items } of this.#blocks) yield* items;
  }

  /** The first block whose last item is not before this one; the number of blocks when all are before it. */
  #blockFor(key: number, item: Item): number {
    const lastKeys = this.#lastKeys;
    let low = 0;
    let high = lastKeys.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const lastKey = lastKeys[middle] as number;
      if (lastKey < key || (lastKey === key && this.#isTieBefore(this.#blocks[middle]?.items.at(-1), item))) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The first place in the block whose item is not before this one. */
  #placeIn({ keys, items }: Block<Item>, key: number, item: Item): number {
    let low = 0;
    let high = keys.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const found = keys[middle] as number;
      if (found < key || (found === key && this.#isTieBefore(items[middle], item))) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #isTieBefore(found: Item | undefined, item: Item): boolean {
    return found !== undefined && this.#compareTies(found, item) < 0;
  }

  #isAt({ keys, items }: Block<Item>, place: number, key: number, item: Item): boolean {
    const found = items[place];
    return found !== undefined && keys[place] === key && this.#compareTies(found, item) === 0;
  }

  #noteLast({ keys }: Block<Item>, blockIndex: number): void {
    this.#lastKeys[blockIndex] = keys[keys.length - 1] as number;
  }

  #split(block: Block<Item>, blockIndex: number): void {
    const half = MAX_BLOCK >>> 1;
    const rest: Block<Item> = { keys: block.keys.splice(half), items: block.items.splice(half) };
    this.#blocks.splice(blockIndex + 1, 0, rest);
    this.#lastKeys.splice(blockIndex + 1, 0, 0);
    this.#noteLast(block, blockIndex);
    this.#noteLast(rest, blockIndex + 1);
  }
}

/** Unlike `splice`, `insertAt` and `removeAt` allocate no array. */
function insertAt<Value>(values: Value[], place: number, value: Value): void {
  let carried = value;
  for (let i = place; i < values.length; i++) {
    const next = values[i] as Value;
    values[i] = carried;
    carried = next;
  }
  values.push(carried);
}

function removeAt(values: unknown[], place: number): void {
  for (let i = place + 1; i < values.length; i++) values[i - 1] = values[i];
  values.pop();
}
