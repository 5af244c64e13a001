// Deadlines of which each node has at most one, the earliest on top: a binary heap that knows where each node is in it.
// Invariant: no entry is earlier than its parent, and `#positions` holds the place of each.

interface Entry {
  readonly nodeId: string;
  readonly atMs: number;
}

export class DeadlineHeap {
  readonly #entries: Entry[] = [];
  readonly #positions = new Map<string, number>();

  /** Null: this node has no deadline any more. */
  set(nodeId: string, atMs: number | null): void {
    const position = this.#positions.get(nodeId);
    if (position !== undefined) {
      if (this.#entries[position]?.atMs === atMs) return;
      this.#removeAt(position);
    }
    if (atMs !== null) this.#settle({ nodeId, atMs }, this.#entries.length);
  }

  /** The earliest deadline; null when there is none. */
  get earliestMs(): number | null {
    return this.#entries[0]?.atMs ?? null;
  }

  /** Ids of the nodes whose deadline has come. Looks at those and their children alone. */
  due(nowMs: number): string[] {
    const ids: string[] = [];
    const collect = (position: number): void => {
      const entry = this.#entries[position];
      if (entry === undefined || entry.atMs > nowMs) return;
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
    if (last !== removed) this.#settle(last, position);
  }

  /** Puts an entry into the hole at `position`, moving the hole up or down to where the entry belongs. */
  #settle(entry: Entry, position: number): void {
    let hole = position;
    for (;;) {
      const parent = this.#entries[(hole - 1) >> 1];
      if (hole === 0 || parent === undefined || parent.atMs <= entry.atMs) break;
      this.#place(parent, hole);
      hole = (hole - 1) >> 1;
    }
    for (;;) {
      const left = 2 * hole + 1;
      const child = this.#earlierOf(left, left + 1);
      const below = this.#entries[child];
      if (below === undefined || below.atMs >= entry.atMs) break;
      this.#place(below, hole);
      hole = child;
    }
    this.#place(entry, hole);
  }

  #earlierOf(left: number, right: number): number {
    const [a, b] = [this.#entries[left], this.#entries[right]];
    return a !== undefined && b !== undefined && b.atMs < a.atMs ? right : left;
  }

  #place(entry: Entry, position: number): void {
    this.#entries[position] = entry;
    this.#positions.set(entry.nodeId, position);
  }
}
