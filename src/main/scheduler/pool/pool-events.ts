// The numbered, gap-free sequence of pool events that dashboards receive (api §1). Changes are collected for 100 ms, and views are made
// only then and only for subscribers: a heartbeat only marks its node.
import type { NodeView, PoolEvent, PoolSummary } from '../../../shared/api/node-view';
import { limitedNodeOf, nodeForMember } from './limited-node-view';
import type { RemovalReasonCode } from '../../../shared/protocol/status';
import type { Clock, Timer } from '../../platform/clock';

const COLLECT_MS = 100;
/** The views of so many nodes take a few milliseconds. When more have changed, the others follow in parts. */
const NODES_PER_TURN = 100;
const NEXT_PART_MS = 10;
/** Thousands of jobs a second can change. People read the counts, so they are sent at most twice a second. */
const COUNT_COLLECT_MS = 500;
/** Number of events that are kept for clients that reconnect. */
const KEPT_EVENTS = 4096;
/** Maximum text of the kept events: every event of a node can name a thousand models. */
const KEPT_CHARACTERS = 32 * 1024 * 1024;
/** Without subscribers for this long, no events are kept, and the next subscriber gets a snapshot. */
const KEEP_WITHOUT_SUBSCRIBERS_MS = 60_000;

/** An event with its number. */
export interface NumberedEvent {
  readonly id: number;
  /** Of a snapshot: made at each access, which takes long for many nodes. */
  readonly event: PoolEvent;
  readonly isSnapshot: boolean;
  /** A text, or pieces of one: the text of a snapshot can be very long. */
  readonly json: string | Iterable<string>;
  /** The same for the member with this node (ADR 0030). Null: it has no node. */
  jsonFor(ownNodeId: string | null): string | Iterable<string>;
}

/** A change. Its text is made once for all streams. */
class Change implements NumberedEvent {
  readonly isSnapshot = false;
  #json: string | null = null;
  #limitedJson: string | null = null;

  constructor(
    readonly id: number,
    readonly event: PoolEvent,
  ) {}

  get json(): string {
    return (this.#json ??= JSON.stringify(this.event));
  }

  jsonFor(ownNodeId: string | null): string {
    const { event } = this;
    if (event.type !== 'node_changed' || event.node.node_id === ownNodeId) return this.json;
    return (this.#limitedJson ??= JSON.stringify({ ...event, node: limitedNodeOf(event.node) }));
  }
}

/**
 * All nodes. A view is made when its piece is written, and may be newer than the number says. The changes after the number follow, and
 * replace it.
 */
class Snapshot implements NumberedEvent {
  readonly isSnapshot = true;
  readonly #views: EventViews;

  constructor(
    readonly id: number,
    views: EventViews,
  ) {
    this.#views = views;
  }

  get event(): PoolEvent {
    return { type: 'snapshot', pool: this.#views.summary(), nodes: this.#views.nodes() };
  }

  get json(): Iterable<string> {
    return piecesOf(this.#views, (node) => node);
  }

  jsonFor(ownNodeId: string | null): Iterable<string> {
    return piecesOf(this.#views, (node) => nodeForMember(node, ownNodeId));
  }
}

function* piecesOf(views: EventViews, shown: (node: NodeView) => NodeView): IterableIterator<string> {
  const nodeIds = views.nodeIds();
  let separator = '';
  yield `{"type":"snapshot","pool":${JSON.stringify(views.summary())},"nodes":[`;
  for (const nodeId of nodeIds) {
    const node = views.listedNode(nodeId);
    if (node === null) continue;
    yield `${separator}${JSON.stringify(shown(node))}`;
    separator = ',';
  }
  yield ']}';
}

/** The views that events contain. Read only when there is a subscriber. */
export interface EventViews {
  summary(): PoolSummary;
  /** All nodes, without their models. */
  nodes(): NodeView[];
  nodeIds(): string[];
  /** One node, without its models. Null: the node is not known. */
  listedNode(nodeId: string): NodeView | null;
}

type Listener = (event: NumberedEvent) => void;

export class PoolEvents {
  readonly #clock: Clock;
  readonly #views: EventViews;
  readonly #listeners = new Set<Listener>();
  readonly #changed = new Set<string>();
  #kept: Change[] = [];
  #keptCharacters = 0;
  #lastId: number;
  #poolChanged = false;
  #isActive = false;
  #flushTimer: Timer | null = null;
  #countTimer: Timer | null = null;
  #deactivateTimer: Timer | null = null;

  constructor(clock: Clock, views: EventViews) {
    this.#clock = clock;
    this.#views = views;
    // Numbers continue above those of an earlier run, if that run had less than 1,000 events per millisecond.
    this.#lastId = Math.floor(clock.wallMs()) * 1000;
  }

  nodeChanged(nodeId: string): void {
    if (!this.#isActive) return;
    this.#changed.add(nodeId);
    this.#flushTimer ??= this.#clock.setTimer(COLLECT_MS, () => {
      this.flush();
    });
  }

  nodeRemoved(nodeId: string, reasonCode: RemovalReasonCode): void {
    if (!this.#isActive) return;
    this.#changed.delete(nodeId);
    this.#publish({ type: 'node_removed', node_id: nodeId, reason_code: reasonCode });
  }

  poolChanged(): void {
    if (!this.#isActive) return;
    this.#poolChanged = true;
    this.#flushTimer ??= this.#clock.setTimer(COLLECT_MS, () => {
      this.flush();
    });
  }

  /** The counts of jobs have changed. */
  jobsCounted(): void {
    if (!this.#isActive) return;
    this.#countTimer ??= this.#clock.setTimer(COUNT_COLLECT_MS, () => {
      this.#countTimer = null;
      this.#poolChanged = true;
      this.flush();
    });
  }

  /**
   * Sends every event after number `after`. Sends a snapshot first when `after` is null or older than the kept events. Returns a function
   * that unsubscribes.
   */
  subscribe(listener: Listener, after: number | null): () => void {
    this.#deactivateTimer?.cancel();
    this.#deactivateTimer = null;
    this.flush();
    const missed = this.#since(after);
    this.#isActive = true;
    this.#listeners.add(listener);
    for (const event of missed ?? [this.#snapshot()]) listener(event);
    return () => {
      if (!this.#listeners.delete(listener) || this.#listeners.size > 0) return;
      this.#deactivateTimer = this.#clock.setTimer(KEEP_WITHOUT_SUBSCRIBERS_MS, () => {
        this.#deactivate();
      });
    };
  }

  /** Publishes the collected changes: those of many nodes in parts. */
  flush(): void {
    this.#flushTimer?.cancel();
    this.#flushTimer = null;
    if (this.#poolChanged) this.#publish({ type: 'pool_changed', pool: this.#views.summary() });
    this.#poolChanged = false;
    for (const nodeId of [...this.#changed].slice(0, NODES_PER_TURN)) {
      this.#changed.delete(nodeId);
      const node = this.#views.listedNode(nodeId);
      if (node !== null) this.#publish({ type: 'node_changed', node });
    }
    if (this.#changed.size === 0) return;
    this.#flushTimer ??= this.#clock.setTimer(NEXT_PART_MS, () => {
      this.flush();
    });
  }

  stop(): void {
    this.#deactivateTimer?.cancel();
    this.#listeners.clear();
    this.#deactivate();
  }

  #publish(event: PoolEvent): void {
    const numbered = new Change(++this.#lastId, event);
    this.#kept.push(numbered);
    this.#keptCharacters += numbered.json.length;
    if (this.#kept.length > 2 * KEPT_EVENTS || this.#keptCharacters > 2 * KEPT_CHARACTERS) this.#forgetOldest();
    for (const listener of [...this.#listeners]) listener(numbered);
  }

  /** Reduces the kept events from twice the limits to the limits, so that it runs seldom. */
  #forgetOldest(): void {
    let first = this.#kept.length;
    let characters = 0;
    while (first > 0 && this.#kept.length - first < KEPT_EVENTS) {
      const length = this.#kept[first - 1]?.json.length ?? 0;
      if (characters + length > KEPT_CHARACTERS) break;
      characters += length;
      first--;
    }
    this.#kept = this.#kept.slice(first);
    this.#keptCharacters = characters;
  }

  /** The snapshot has the number of the last event that it includes. */
  #snapshot(): NumberedEvent {
    return new Snapshot(this.#lastId, this.#views);
  }

  /** The events after a number. Null when some are no longer kept, or the number is not from this sequence. */
  #since(after: number | null): readonly NumberedEvent[] | null {
    if (after === null || !this.#isActive || after > this.#lastId) return null;
    const firstKept = this.#lastId - this.#kept.length + 1;
    return after >= firstKept - 1 ? this.#kept.slice(after - firstKept + 1) : null;
  }

  /** Skips one number, so that a number from before is never mistaken for a current one. */
  #deactivate(): void {
    this.#flushTimer?.cancel();
    this.#flushTimer = null;
    this.#countTimer?.cancel();
    this.#countTimer = null;
    this.#deactivateTimer = null;
    this.#isActive = false;
    this.#kept = [];
    this.#keptCharacters = 0;
    this.#changed.clear();
    this.#poolChanged = false;
    this.#lastId++;
  }
}
