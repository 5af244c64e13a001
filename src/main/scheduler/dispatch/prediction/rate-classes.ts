// The schedulable nodes that ran a model, for a choice by predicted time (ADR 0024). Nodes with the same rounded rates form a class. In a
// class the time of a request differs only by the time before it, so each class is a sorted set. A decision compares the first nodes of the
// classes: a few dozen, also in a large pool.
import type { NodeRecord } from '../../lifecycle/node-record';
import { compareRanks, type Rank } from '../ranking';
import { SortedSet } from '../sorted-set';
import { beforeMs, classAt, type RateClass, type RequestWork, serviceTerms, stepsOf } from './cost';

/** A node of the candidate index. */
export interface RankedNode {
  readonly record: NodeRecord;
  readonly rank: Rank;
}

interface NodeClass<Node> {
  readonly rates: RateClass;
  readonly nodes: SortedSet<Node>;
}

/** A class during a decision, with its next node. `costMs` is the cost of that node. */
interface Cursor<Node> {
  readonly nodes: SortedSet<Node>;
  readonly serviceMs: number;
  /** The nodes after the first one. Null: they are not needed yet. */
  rest: Iterator<Node, unknown> | null;
  costMs: number;
  node: Node;
}

/** Above the number of steps of any rate. */
const STEPS = 1000;

export class RateClasses<Node extends RankedNode> {
  readonly #modelId: string;
  readonly #classes = new Map<number, NodeClass<Node>>();
  #size = 0;

  constructor(modelId: string) {
    this.#modelId = modelId;
  }

  get size(): number {
    return this.#size;
  }

  /** The node must have rates for the model. */
  add(node: Node): void {
    const steps = this.#stepsOf(node);
    if (steps === null) return;
    const key = steps.input * STEPS + steps.output;
    let found = this.#classes.get(key);
    if (found === undefined) {
      const nodes = new SortedSet<Node>(this.#beforeOf, (a, b) => compareRanks(a.rank, b.rank));
      this.#classes.set(key, (found = { rates: classAt(steps.input, steps.output), nodes }));
    }
    found.nodes.add(node);
    this.#size++;
  }

  /** The node must be the one that was added. */
  delete(node: Node): void {
    const steps = this.#stepsOf(node);
    if (steps === null) return;
    const key = steps.input * STEPS + steps.output;
    const found = this.#classes.get(key);
    if (found === undefined) return;
    found.nodes.delete(node);
    this.#size--;
    if (found.nodes.size === 0) this.#classes.delete(key);
  }

  /** In no particular order. */
  *[Symbol.iterator](): IterableIterator<Node> {
    for (const { nodes } of this.#classes.values()) yield* nodes;
  }

  /** One cursor for each class. */
  cursors(work: RequestWork): Cursor<Node>[] {
    const cursors: Cursor<Node>[] = [];
    for (const { rates, nodes } of this.#classes.values()) {
      const { first } = nodes;
      if (first === null) continue;
      const { inputMs, outputMs, displacedMs } = serviceTerms(rates, work, 0);
      const serviceMs = inputMs + outputMs + displacedMs;
      cursors.push({ nodes, serviceMs, rest: null, node: first.item, costMs: first.key + serviceMs });
    }
    return cursors;
  }

  /** Moves the cursor to the next node of its class. False: there is none. */
  advance(cursor: Cursor<Node>): boolean {
    if (cursor.rest === null) {
      cursor.rest = cursor.nodes[Symbol.iterator]();
      cursor.rest.next();
    }
    const next = cursor.rest.next();
    if (next.done === true) return false;
    cursor.node = next.value;
    cursor.costMs = this.#beforeOf(next.value) + cursor.serviceMs;
    return true;
  }

  readonly #beforeOf = ({ record }: Node): number => {
    const { waitMs, loadMs } = beforeMs(record, this.#modelId);
    return waitMs + loadMs;
  };

  #stepsOf({ record }: Node): { readonly input: number; readonly output: number } | null {
    const rates = record.rates.get(this.#modelId);
    return rates === undefined ? null : stepsOf(record, this.#modelId, rates);
  }
}

/** All nodes of these classes, the one with the lowest cost first; of equal ones, the one with the better rank. */
export function* cheapestFirst<Node extends RankedNode>(groups: readonly RateClasses<Node>[], work: RequestWork): IterableIterator<Node> {
  const heap = groups.flatMap((classes) => classes.cursors(work).map((cursor) => ({ classes, cursor })));
  for (let at = (heap.length >>> 1) - 1; at >= 0; at--) sink(heap, at);
  for (let top = heap[0]; top !== undefined; top = heap[0]) {
    yield top.cursor.node;
    if (!top.classes.advance(top.cursor)) {
      const last = heap.pop();
      if (last === undefined || heap.length === 0) return;
      heap[0] = last;
    }
    sink(heap, 0);
  }
}

interface HeapEntry<Node> {
  readonly cursor: Cursor<Node>;
}

/** Restores the order of a binary heap in which only this entry may come after one of its children. */
function sink<Node extends RankedNode>(heap: HeapEntry<Node>[], from: number): void {
  let at = from;
  for (;;) {
    let first = at;
    for (const child of [2 * at + 1, 2 * at + 2]) if (child < heap.length && comesBefore(heap[child], heap[first])) first = child;
    const [entry, swapped] = [heap[at], heap[first]];
    if (first === at || entry === undefined || swapped === undefined) return;
    heap[at] = swapped;
    heap[first] = entry;
    at = first;
  }
}

function comesBefore<Node extends RankedNode>(a: HeapEntry<Node> | undefined, b: HeapEntry<Node> | undefined): boolean {
  if (a === undefined || b === undefined) return false;
  const difference = a.cursor.costMs - b.cursor.costMs;
  return difference < 0 || (difference === 0 && compareRanks(a.cursor.node.rank, b.cursor.node.rank) < 0);
}
