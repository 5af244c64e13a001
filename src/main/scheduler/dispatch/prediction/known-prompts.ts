// Which nodes probably have the beginning of a prompt in the cache of a model (ADR 0024): the nodes that processed the same chunks lately.
// Only hashes, in bounded memory. Nodes do not tell how much they can keep, so the limit of a node follows from the cached tokens that it
// reports.
import { CHUNK_CHARACTERS, type RequestShape } from './request-shape';

/** The start, and the bounds, of the number of chunks that a node is expected to keep for one model. */
const START_CHUNKS = 256;
const MIN_CHUNKS = 16;
const MAX_CHUNKS = 2048;
/** Of all nodes. An entry takes about 150 bytes. */
const MAX_ENTRIES = 200_000;
const MAX_ENTRIES_PER_NODE = 16_000;
/** Entries of forgotten nodes that one request removes. More than a request adds, so that they become fewer. */
const SWEPT_PER_REQUEST = 1024;
const MAX_SESSIONS = 10_000;
/** Nodes that are remembered for a chunk, the latest ones. */
const MAX_NODES_PER_CHUNK = 8;
/** Less than this share of the expected tokens: the node did not keep the whole prompt. Its limit falls by a part of what is missing. */
const KEPT_SHARE = 0.95;
const DECREASE = 0.2;
/** The limit grows when the node kept what was expected, and faster when it kept at least one more chunk. */
const GROWTH = 1.003;
const GROWTH_WITH_MORE = 1.05;

interface NodePrompts {
  readonly nodeId: string;
  /** By model. The model that was used longest ago comes first. */
  readonly models: Map<string, ModelChunks>;
  entries: number;
  /** The node was forgotten, and some of its entries are not removed yet. */
  isForgotten: boolean;
}

/** The chunks of one model on one node. The chunk that was used longest ago comes first. */
interface ModelChunks {
  readonly chunks: Set<number>;
  limit: number;
}

interface Session {
  readonly nodeId: string;
  readonly size: number;
}

export class KnownPrompts {
  /** The node that was used longest ago comes first. */
  readonly #byNode = new Map<string, NodePrompts>();
  readonly #nodesByChunk = new Map<number, Set<NodePrompts>>();
  readonly #sessions = new Map<number, Session>();
  /** Removed with later requests: a node has too many entries for one turn of the event loop. */
  readonly #forgotten = new Set<NodePrompts>();
  #entries = 0;

  /** Number of remembered chunks, of all nodes. */
  get entries(): number {
    return this.#entries;
  }

  /** Number of chunks of forgotten nodes that are still in memory. */
  get unsweptEntries(): number {
    let entries = 0;
    for (const node of this.#forgotten) entries += node.entries;
    return entries;
  }

  /** Characters of the prompt that each node is expected to have in its cache. At most a few nodes. */
  cachedOn({ chunks, session, size }: RequestShape): ReadonlyMap<string, number> {
    const cached = new Map<string, number>();
    for (let i = chunks.length - 1; i >= 0 && cached.size < MAX_NODES_PER_CHUNK; i--) {
      for (const { nodeId, isForgotten } of this.#nodesByChunk.get(chunks[i] ?? NaN) ?? [])
        if (!isForgotten && !cached.has(nodeId)) cached.set(nodeId, (i + 1) * CHUNK_CHARACTERS);
    }
    const last = session === null ? undefined : this.#sessions.get(session);
    if (last !== undefined && !cached.has(last.nodeId) && chunks.length === 0) cached.set(last.nodeId, Math.min(last.size, size));
    return cached;
  }

  /** The node gets the request now, and has its prompt in the cache afterwards. */
  assigned(nodeId: string, modelId: string, { chunks, session, size }: RequestShape): void {
    this.#sweep();
    if (session !== null) {
      this.#sessions.delete(session);
      this.#sessions.set(session, { nodeId, size });
      dropOldest(this.#sessions, MAX_SESSIONS);
    }
    if (chunks.length === 0) return;
    const node = this.#nodeOf(nodeId);
    const known = chunksOf(node, modelId);
    // The end of a prompt is dropped before its beginning, as by servers that keep a tree.
    for (let i = Math.min(chunks.length, Math.floor(known.limit)) - 1; i >= 0; i--) this.#touch(node, known, chunks[i] ?? 0);
    this.#shrink(node, known, known.limit);
    this.#remove(node, node.entries - MAX_ENTRIES_PER_NODE);
    this.#shrinkAll();
  }

  /** The node reported how many characters of a prompt were cached, of those that were expected. */
  reported(nodeId: string, modelId: string, expected: number, cached: number): void {
    const node = this.#byNode.get(nodeId);
    const known = node?.models.get(modelId);
    if (node === undefined || known === undefined || expected <= 0) return;
    const factor = growthOf(expected, cached);
    known.limit = Math.min(MAX_CHUNKS, Math.max(MIN_CHUNKS, known.limit * factor));
    this.#shrink(node, known, known.limit);
  }

  /** Costs the same for any number of entries. */
  forget(nodeId: string): void {
    const node = this.#byNode.get(nodeId);
    if (node === undefined) return;
    this.#byNode.delete(nodeId);
    this.#entries -= node.entries;
    node.isForgotten = true;
    this.#forgotten.add(node);
  }

  #nodeOf(nodeId: string): NodePrompts {
    const node = this.#byNode.get(nodeId) ?? { nodeId, models: new Map<string, ModelChunks>(), entries: 0, isForgotten: false };
    this.#byNode.delete(nodeId);
    this.#byNode.set(nodeId, node);
    return node;
  }

  #touch(node: NodePrompts, { chunks }: ModelChunks, chunk: number): void {
    if (!chunks.delete(chunk)) this.#count(node, 1);
    chunks.add(chunk);
    const nodes = this.#nodesByChunk.get(chunk) ?? new Set<NodePrompts>();
    nodes.delete(node);
    nodes.add(node);
    this.#nodesByChunk.set(chunk, nodes);
    for (const oldest of nodes) {
      if (nodes.size <= MAX_NODES_PER_CHUNK) break;
      nodes.delete(oldest);
    }
  }

  #count(node: NodePrompts, change: number): void {
    node.entries += change;
    if (!node.isForgotten) this.#entries += change;
  }

  #shrink(node: NodePrompts, { chunks }: ModelChunks, limit: number): void {
    for (const chunk of chunks) {
      if (chunks.size <= limit) return;
      chunks.delete(chunk);
      this.#count(node, -1);
      const nodes = this.#nodesByChunk.get(chunk);
      nodes?.delete(node);
      if (nodes?.size === 0) this.#nodesByChunk.delete(chunk);
    }
  }

  /** Removes so many entries of the models that were used longest ago. Returns how many are still to be removed. */
  #remove(node: NodePrompts, count: number): number {
    let left = count;
    for (const [modelId, known] of node.models) {
      if (left <= 0) break;
      const before = known.chunks.size;
      this.#shrink(node, known, Math.max(0, before - left));
      left -= before - known.chunks.size;
      if (known.chunks.size === 0) node.models.delete(modelId);
    }
    return left;
  }

  /** The nodes that were used longest ago lose entries first. */
  #shrinkAll(): void {
    let left = this.#entries - MAX_ENTRIES;
    for (const node of this.#byNode.values()) {
      if (left <= 0) return;
      left = this.#remove(node, left);
      if (node.entries === 0) this.#byNode.delete(node.nodeId);
    }
  }

  #sweep(): void {
    let left = SWEPT_PER_REQUEST;
    for (const node of this.#forgotten) {
      if (left <= 0) return;
      left = this.#remove(node, left);
      if (node.entries === 0) this.#forgotten.delete(node);
    }
  }
}

function chunksOf({ models }: NodePrompts, modelId: string): ModelChunks {
  const known = models.get(modelId) ?? { chunks: new Set<number>(), limit: START_CHUNKS };
  models.delete(modelId);
  models.set(modelId, known);
  return known;
}

function growthOf(expected: number, cached: number): number {
  if (cached < KEPT_SHARE * expected) return 1 - DECREASE * (1 - cached / expected);
  return cached > expected + CHUNK_CHARACTERS ? GROWTH_WITH_MORE : GROWTH;
}

function dropOldest<Key>(map: Map<Key, unknown>, limit: number): void {
  for (const key of map.keys()) {
    if (map.size <= limit) return;
    map.delete(key);
  }
}
