// Nodes in the order in which they were last seen. The heartbeat timeout is the same for all nodes, so this is also the order of their
// deadlines. A heartbeat moves its node to the end; overdue nodes are at the front.

interface Link {
  readonly nodeId: string;
  seenMonotonicMs: number;
  older: Link | null;
  newer: Link | null;
}

export class HeartbeatList {
  readonly #links = new Map<string, Link>();
  #oldest: Link | null = null;
  #newest: Link | null = null;

  /** O(1) while time increases. A node with an older time is inserted in order. */
  set(nodeId: string, seenMonotonicMs: number): void {
    let link = this.#links.get(nodeId);
    if (link === undefined) {
      link = { nodeId, seenMonotonicMs, older: null, newer: null };
      this.#links.set(nodeId, link);
    } else {
      if (link.seenMonotonicMs === seenMonotonicMs) return;
      this.#unlink(link);
      link.seenMonotonicMs = seenMonotonicMs;
    }
    this.#insert(link);
  }

  delete(nodeId: string): void {
    const link = this.#links.get(nodeId);
    if (link === undefined) return;
    this.#unlink(link);
    this.#links.delete(nodeId);
  }

  /** Ids of the nodes not seen for `silenceMs`, the oldest first. Reads these nodes and one more. */
  silentFor(silenceMs: number, nowMonotonicMs: number): string[] {
    const ids: string[] = [];
    for (let link = this.#oldest; link !== null && link.seenMonotonicMs + silenceMs <= nowMonotonicMs; link = link.newer)
      ids.push(link.nodeId);
    return ids;
  }

  #insert(link: Link): void {
    let older = this.#newest;
    while (older !== null && older.seenMonotonicMs > link.seenMonotonicMs) older = older.older;
    const newer = older === null ? this.#oldest : older.newer;
    link.older = older;
    link.newer = newer;
    if (older === null) this.#oldest = link;
    else older.newer = link;
    if (newer === null) this.#newest = link;
    else newer.older = link;
  }

  #unlink({ older, newer }: Link): void {
    if (older === null) this.#oldest = newer;
    else older.newer = newer;
    if (newer === null) this.#newest = older;
    else newer.older = older;
  }
}
