// A binary heap of deadlines with the earliest on top. It holds at most one entry per id and can replace or remove an entry. Invariant: no
// entry is earlier than its parent, and `#positions` holds the index of each entry.

interface Entry {
  readonly nodeId: string;
  readonly atMonotonicMs: number;
}

export class DeadlineHeap {
  readonly #entries: Entry[] = [];
  readonly #positions = new Map<string, number>();

  /** Null removes the deadline. */
  set(nodeId: string, atMonotonicMs: number | null): void {
    const position = this.#positions.get(nodeId);
    if (position !== undefined) {
      if (this.#entries[position]?.atMonotonicMs === atMonotonicMs) return;
      this.#removeAt(position);
    }
    if (atMonotonicMs !== null) this.#insertAt({ nodeId, atMonotonicMs }, this.#entries.length);
  }

  /** The earliest deadline; null when there is none. */
  get earliestMonotonicMs(): number | null {
    return this.#entries[0]?.atMonotonicMs ?? null;
  }

  /** Ids whose deadline has been reached. Reads only these entries and their children. */
  due(nowMonotonicMs: number): string[] {
    const ids: string[] = [];
    const collect = (position: number): void => {
      const entry = this.#entries[position];
      if (entry === undefined || entry.atMonotonicMs > nowMonotonicMs) return;
      ids.push(entry.nodeId);
      collect(2 * position + 1);
      collect(2 * position + 2);
    };
    collect(0);
    return ids;
  }

  #removeAt(position: number): void {
    const removed = this.#entries[position];
    const last = this.#entries.pop();
    if (removed === undefined || last === undefined) return;
    this.#positions.delete(removed.nodeId);
    if (last !== removed) this.#insertAt(last, position);
  }

  /** Fills the free index `position`: moves it up or down until the entry keeps the order of the heap. */
  #insertAt(entry: Entry, position: number): void {
    let hole = position;
    for (;;) {
      const parent = this.#entries[(hole - 1) >> 1];
      if (hole === 0 || parent === undefined || parent.atMonotonicMs <= entry.atMonotonicMs) break;
      this.#place(parent, hole);
      hole = (hole - 1) >> 1;
    }
    for (;;) {
      const left = 2 * hole + 1;
      const child = this.#earlierOf(left, left + 1);
      const below = this.#entries[child];
      if (below === undefined || below.atMonotonicMs >= entry.atMonotonicMs) break;
      this.#place(below, hole);
      hole = child;
    }
    this.#place(entry, hole);
  }

  #earlierOf(left: number, right: number): number {
    const [a, b] = [this.#entries[left], this.#entries[right]];
    return a !== undefined && b !== undefined && b.atMonotonicMs < a.atMonotonicMs ? right : left;
  }

  #place(entry: Entry, position: number): void {
    this.#entries[position] = entry;
    this.#positions.set(entry.nodeId, position);
  }
}
