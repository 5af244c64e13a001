// The history of each node: figures by the minute in memory, and the events of the last 24 hours, which survive a restart. Events are
// written at most once a minute, and only when there are some, so that the disk of an idle pool can sleep.
import { MAX_NODE_EVENTS, NODE_RANGES, type NodeEvent, type NodeHistory, type NodeRange } from '../../../shared/api/node-history';
import type { PoolMark } from '../../../shared/api/pool-history';
import type { AvailabilityState } from '../../../shared/protocol/status';
import type { Clock } from '../../platform/clock';
import type { Logger } from '../../platform/logger';
import type { NodeRecord } from '../lifecycle/node-record';
import { countedGpus, gpuUseOf, vramUseOf } from '../nodes/core/node-use';
import { inTurns } from '../../platform/in-turns';
import { EVENTS_KEPT_MS, isEvent, type KnownState, knownStateOf, lossEvent, sinceWallMs, stateEvent, withEvent } from './core/node-events';
import { nodeHistoryOf } from './core/node-history-view';
import { NodeSeries } from './core/node-series';
import type { LoadedRows } from './history-store';
import type { NodeEventChange, NodeEventStore, StoredEvent } from './node-event-store';

/** One write has so many rows, and those of one more node: a few milliseconds. Thousands of nodes change together when a leader begins. */
export const ROWS_PER_WRITE = 500;

export interface NodeHistorySource {
  readonly nodeIds: () => readonly string[];
  readonly record: (nodeId: string) => NodeRecord | undefined;
  readonly stateOf: (record: NodeRecord) => AvailabilityState;
}

export interface NodeHistoriesOptions {
  readonly source: NodeHistorySource;
  readonly store: Pick<NodeEventStore, 'write'>;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** A node, and the time of its first event that is not written. */
type Unwritten = readonly [nodeId: string, sinceWallMs: number];

export class NodeHistories {
  readonly #options: NodeHistoriesOptions;
  readonly #series = new Map<string, NodeSeries>();
  readonly #known = new Map<string, KnownState>();
  readonly #events = new Map<string, readonly NodeEvent[]>();
  /** Node -> the time of its first event that is not written. */
  readonly #unwritten = new Map<string, number>();
  readonly #removedNodes = new Set<string>();
  #writing: Promise<void> | null = null;

  constructor(options: NodeHistoriesOptions) {
    this.#options = options;
  }

  /** Adds what the store has, in several turns of the event loop. No node changes before it resolves. */
  async restore({ rows, unreadable }: LoadedRows<StoredEvent>): Promise<void> {
    const { source, logger } = this.#options;
    // The records are those of the restart. What changed while no scheduler ran is not an event.
    await inTurns(source.nodeIds(), (nodeId) => {
      const record = source.record(nodeId);
      if (record !== undefined) this.#known.set(nodeId, knownStateOf(record, source.stateOf(record)));
      return 0;
    });
    await inTurns(rows, ({ nodeId, event }) => {
      if (this.#known.has(nodeId)) this.#events.set(nodeId, withEvent(this.#events.get(nodeId) ?? [], event));
      // The removal of its rows was not written.
      else this.#removedNodes.add(nodeId);
      return 0;
    });
    if (unreadable > 0) logger.log('warn', 'pool_history_unreadable', { rows: unreadable });
  }

  /** After each change of a node. Null: the node is no longer known. */
  changed(nodeId: string, next: NodeRecord | null): void {
    if (next === null) {
      this.#forget(nodeId);
      return;
    }
    const state = this.#options.source.stateOf(next);
    const last = this.#known.get(nodeId);
    if (last !== undefined && !isEvent(last, next, state)) return;
    const known = knownStateOf(next, state);
    this.#known.set(nodeId, known);
    this.#add(nodeId, stateEvent(known, this.#options.clock.wallMs()));
  }

  lost(mark: Extract<PoolMark, { kind: 'jobs_lost' }>): void {
    if (this.#known.has(mark.node_id)) this.#add(mark.node_id, lossEvent(mark));
  }

  /** Once a minute. Reads each node once, in several turns of the event loop. */
  async sample(): Promise<void> {
    const { source, clock } = this.#options;
    const wallMs = clock.wallMs();
    await inTurns(source.nodeIds(), (nodeId) => {
      const record = source.record(nodeId);
      if (record === undefined) return 0;
      const series = this.#series.get(nodeId) ?? new NodeSeries();
      this.#series.set(nodeId, series);
      const [gpus, gpu] = [countedGpus(record.profile), gpuUseOf(record)];
      const gpuPercent = gpu === null ? null : { pool: gpu.pool / gpus, owner: gpu.owner / gpus };
      series.add(wallMs, { state: source.stateOf(record), gpuPercent, vramGb: vramUseOf(record) });
      return gpus;
    });
    await this.write();
  }

  /** Null: the node is not known. */
  history(nodeId: string, range: NodeRange): NodeHistory | null {
    const { source, clock } = this.#options;
    if (source.record(nodeId) === undefined) return null;
    const nowWallMs = clock.wallMs();
    const points = this.#series.get(nodeId)?.since(range, nowWallMs - NODE_RANGES[range].seconds * 1000) ?? [];
    const events = sinceWallMs(this.#events.get(nodeId) ?? [], nowWallMs - EVENTS_KEPT_MS);
    return nodeHistoryOf({ range, points, events, nowWallMs });
  }

  /** Writes the events that are kept, in parts. What failed is written with the next events, as far as it is still kept. */
  write(): Promise<void> {
    this.#writing ??= this.#writeAll().finally(() => {
      this.#writing = null;
    });
    return this.#writing;
  }

  /** Each part waits for the one before, so that other writes come between. */
  async #writeAll(): Promise<void> {
    const { store, clock, logger } = this.#options;
    let beforeWallMs: number | null = clock.wallMs() - EVENTS_KEPT_MS;
    while (this.#unwritten.size > 0 || this.#removedNodes.size > 0) {
      // All removals come before the first events: a removed node may have returned since.
      const removedNodes = firstOf(this.#removedNodes, ROWS_PER_WRITE);
      for (const nodeId of removedNodes) this.#removedNodes.delete(nodeId);
      const { unwritten, ...changes } = this.#takeUnwritten(ROWS_PER_WRITE - removedNodes.length);
      const written = await store.write({ ...changes, removedNodes, beforeWallMs });
      if (!written.ok) {
        logger.log('error', 'pool_history_not_written', { reason: written.error.reason });
        this.#keepUnwritten(unwritten, removedNodes);
        return;
      }
      beforeWallMs = null;
    }
  }

  /** Of as many nodes as have `maxRows` events. */
  #takeUnwritten(maxRows: number): Pick<NodeEventChange, 'save' | 'oldestKept'> & { readonly unwritten: readonly Unwritten[] } {
    const unwritten: Unwritten[] = [];
    const save: StoredEvent[] = [];
    const oldestKept: { readonly nodeId: string; readonly atWallMs: number }[] = [];
    for (const [nodeId, since] of this.#unwritten) {
      if (save.length >= maxRows) break;
      this.#unwritten.delete(nodeId);
      unwritten.push([nodeId, since]);
      const events = this.#events.get(nodeId) ?? [];
      for (const event of sinceWallMs(events, since)) save.push({ nodeId, event });
      // Of fewer events none was dropped, except those that are too old for any node.
      if (events[0] !== undefined && events.length >= MAX_NODE_EVENTS) oldestKept.push({ nodeId, atWallMs: events[0].at });
    }
    return { unwritten, save, oldestKept };
  }

  /** A node that was removed since has no events to write. */
  #keepUnwritten(unwritten: readonly Unwritten[], removedNodes: readonly string[]): void {
    for (const [nodeId, since] of unwritten)
      if (this.#events.has(nodeId)) this.#unwritten.set(nodeId, Math.min(since, this.#unwritten.get(nodeId) ?? since));
    for (const nodeId of removedNodes) {
      this.#removedNodes.add(nodeId);
      // The node has returned: the removal also takes what was written since.
      const oldest = this.#events.get(nodeId)?.[0];
      if (oldest !== undefined) this.#unwritten.set(nodeId, oldest.at);
    }
  }

  #add(nodeId: string, added: NodeEvent): void {
    const events = withEvent(this.#events.get(nodeId) ?? [], added);
    const event = events.at(-1);
    this.#events.set(nodeId, events);
    if (event !== undefined && !this.#unwritten.has(nodeId)) this.#unwritten.set(nodeId, event.at);
  }

  #forget(nodeId: string): void {
    this.#series.delete(nodeId);
    this.#known.delete(nodeId);
    this.#events.delete(nodeId);
    this.#unwritten.delete(nodeId);
    this.#removedNodes.add(nodeId);
  }
}

function firstOf<Item>(items: Iterable<Item>, most: number): Item[] {
  const first: Item[] = [];
  for (const item of items) {
    if (first.length >= most) break;
    first.push(item);
  }
  return first;
}
