// Everything the dashboard shows, as one gap-free sequence of events (api §1). Changes are gathered for 100 ms and views are
// made only then, and only while somebody listens: a heartbeat does no more than mark its node.
import type { NodeView, PoolEvent, PoolSummary } from '../../../shared/api/node-view';
import type { RemovalReasonCode } from '../../../shared/protocol/status';
import type { Clock, Timer } from '../../platform/clock';

const GATHER_MS = 100;
/** Thousands of jobs a second may come and go. Their counts are read by people: told twice a second, whatever happens. */
const COUNT_GATHER_MS = 500;
/** Events that a client that was away can be given after the fact. */
const KEPT_EVENTS = 4096;
/** And no more than this of their text: a node may have a thousand models in each event of it. */
const KEPT_CHARACTERS = 32 * 1024 * 1024;
/** With nobody listening for this long, nothing is kept: whoever comes back gets a snapshot. */
const KEPT_FOR_ABSENT_MS = 60_000;

/** An event with its number. The text is made once, however many streams take it. */
export class NumberedEvent {
  #json: string | null = null;

  constructor(
    readonly id: number,
    readonly event: PoolEvent,
  ) {}

  get json(): string {
    return (this.#json ??= JSON.stringify(this.event));
  }
}

/** What the events tell of; asked only when somebody is to be told. */
export interface PoolViews {
  summary(): PoolSummary;
  nodes(): NodeView[];
  /** Null: no such node (any more). */
  node(nodeId: string): NodeView | null;
}

type Listener = (event: NumberedEvent) => void;

export class PoolEvents {
  readonly #clock: Clock;
  readonly #views: PoolViews;
  readonly #listeners = new Set<Listener>();
  readonly #changed = new Set<string>();
  #kept: NumberedEvent[] = [];
  #keptCharacters = 0;
  #lastId: number;
  #poolChanged = false;
  #isActive = false;
  #flushTimer: Timer | null = null;
  #countTimer: Timer | null = null;
  #restTimer: Timer | null = null;

  constructor(clock: Clock, views: PoolViews) {
    this.#clock = clock;
    this.#views = views;
    // Numbers go on above those of an earlier run, as long as that had less than 1,000 events per millisecond.
    this.#lastId = Math.floor(clock.wallMs()) * 1000;
  }

  nodeChanged(nodeId: string): void {
    if (!this.#isActive) return;
    this.#changed.add(nodeId);
    this.#flushTimer ??= this.#clock.setTimer(GATHER_MS, () => {
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
    this.#flushTimer ??= this.#clock.setTimer(GATHER_MS, () => {
      this.flush();
    });
  }

  /** The pool's jobs are other in number. */
  jobsCounted(): void {
    if (!this.#isActive) return;
    this.#countTimer ??= this.#clock.setTimer(COUNT_GATHER_MS, () => {
      this.#countTimer = null;
      this.#poolChanged = true;
      this.flush();
    });
  }

  /**
   * Tells every event after number `after`, or a snapshot first when that is null or longer ago than what is kept.
   * Returns how to stop.
   */
  subscribe(listener: Listener, after: number | null): () => void {
    this.#restTimer?.cancel();
    this.#restTimer = null;
    this.flush();
    const missed = this.#since(after);
    this.#isActive = true;
    this.#listeners.add(listener);
    for (const event of missed ?? [this.#snapshot()]) listener(event);
    return () => {
      if (!this.#listeners.delete(listener) || this.#listeners.size > 0) return;
      this.#restTimer = this.#clock.setTimer(KEPT_FOR_ABSENT_MS, () => {
        this.#rest();
      });
    };
  }

  /** Publishes what was gathered. */
  flush(): void {
    this.#flushTimer?.cancel();
    this.#flushTimer = null;
    if (this.#poolChanged) this.#publish({ type: 'pool_changed', pool: this.#views.summary() });
    this.#poolChanged = false;
    const changed = [...this.#changed];
    this.#changed.clear();
    for (const nodeId of changed) {
      const node = this.#views.node(nodeId);
      if (node !== null) this.#publish({ type: 'node_changed', node });
    }
  }

  stop(): void {
    this.#restTimer?.cancel();
    this.#listeners.clear();
    this.#rest();
  }

  #publish(event: PoolEvent): void {
    const numbered = new NumberedEvent(++this.#lastId, event);
    this.#kept.push(numbered);
    this.#keptCharacters += numbered.json.length;
    if (this.#kept.length > 2 * KEPT_EVENTS || this.#keptCharacters > 2 * KEPT_CHARACTERS) this.#forgetOldest();
    for (const listener of [...this.#listeners]) listener(numbered);
  }

  /** Down to the limits from twice as much, so that it is seldom done. */
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

  /** The snapshot bears the number of the last event that it contains. */
  #snapshot(): NumberedEvent {
    return new NumberedEvent(this.#lastId, { type: 'snapshot', pool: this.#views.summary(), nodes: this.#views.nodes() });
  }

  /** The events after a number; null when they are not all there, or the number is not one of this sequence. */
  #since(after: number | null): readonly NumberedEvent[] | null {
    if (after === null || !this.#isActive || after > this.#lastId) return null;
    const firstKept = this.#lastId - this.#kept.length + 1;
    return after >= firstKept - 1 ? this.#kept.slice(after - firstKept + 1) : null;
  }

  /** Numbers skip one, so that a number from before the rest is never taken for the present. */
  #rest(): void {
    this.#flushTimer?.cancel();
    this.#flushTimer = null;
    this.#countTimer?.cancel();
    this.#countTimer = null;
    this.#restTimer = null;
    this.#isActive = false;
    this.#kept = [];
    this.#keptCharacters = 0;
    this.#changed.clear();
    this.#poolChanged = false;
    this.#lastId++;
  }
}
