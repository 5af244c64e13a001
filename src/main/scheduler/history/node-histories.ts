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
import type { NodeEventStore, StoredEvent } from './node-event-store';

export interface NodeHistorySource {
  readonly nodeIds: () => readonly string[];
  readonly record: (nodeId: string) => NodeRecord | undefined;
  readonly stateOf: (record: NodeRecord) => AvailabilityState;
}

export interface NodeHistoriesOptions {
  readonly source: NodeHistorySource;
  readonly store: Pick<NodeEventStore, 'write'>;
  /** What the store has at the start. */
  readonly stored: LoadedRows<StoredEvent>;
  readonly clock: Clock;
  readonly logger: Logger;
}

export class NodeHistories {
  readonly #options: NodeHistoriesOptions;
  readonly #series = new Map<string, NodeSeries>();
  readonly #known = new Map<string, KnownState>();
  readonly #events = new Map<string, readonly NodeEvent[]>();
  /** Node -> the time of its first event that is not written. */
  readonly #unwritten = new Map<string, number>();
  readonly #removedNodes = new Set<string>();

  constructor(options: NodeHistoriesOptions) {
    this.#options = options;
    const { stored, source, logger } = options;
    // The records are those of the restart. What changed while no scheduler ran is not an event.
    for (const nodeId of source.nodeIds()) {
      const record = source.record(nodeId);
      if (record !== undefined) this.#known.set(nodeId, knownStateOf(record, source.stateOf(record)));
    }
    for (const { nodeId, event } of stored.rows) {
      if (this.#known.has(nodeId)) this.#events.set(nodeId, withEvent(this.#events.get(nodeId) ?? [], event));
      // The removal of its rows was not written.
      else this.#removedNodes.add(nodeId);
    }
    if (stored.unreadable > 0) logger.log('warn', 'pool_history_unreadable', { rows: stored.unreadable });
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
    this.write();
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

  /** Writes the events that are kept. What failed is written with the next events, as far as it is still kept. */
  write(): void {
    const { store, clock, logger } = this.#options;
    const [unwritten, removedNodes] = [[...this.#unwritten], [...this.#removedNodes]];
    if (unwritten.length === 0 && removedNodes.length === 0) return;
    this.#unwritten.clear();
    this.#removedNodes.clear();
    const kept = unwritten.map(([nodeId, since]) => ({ nodeId, since, events: this.#events.get(nodeId) ?? [] }));
    const save = kept.flatMap(({ nodeId, since, events }): readonly StoredEvent[] =>
      sinceWallMs(events, since).map((event) => ({ nodeId, event })),
    );
    // Of fewer events none was dropped, except those that are too old for any node.
    const oldestKept = kept.flatMap(({ nodeId, events }) =>
      events[0] === undefined || events.length < MAX_NODE_EVENTS ? [] : [{ nodeId, atWallMs: events[0].at }],
    );
    void store.write({ save, removedNodes, oldestKept, beforeWallMs: clock.wallMs() - EVENTS_KEPT_MS }).then((written) => {
      if (written.ok) return;
      logger.log('error', 'pool_history_not_written', { reason: written.error.reason });
      this.#keepUnwritten(unwritten, removedNodes);
    });
  }

  /** A node that was removed since has no events to write. */
  #keepUnwritten(unwritten: readonly (readonly [string, number])[], removedNodes: readonly string[]): void {
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
