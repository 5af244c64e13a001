// The table of the events of nodes. One transaction writes everything that changed since the last one.
import { MAX_NODE_EVENTS, type NodeEvent, nodeEventSchema } from '../../../shared/api/node-history';
import { parseJson } from '../../../shared/json';
import { inTurns } from '../../platform/in-turns';
import type { Row, Store, Written } from '../database/store';
import type { LoadedRows } from './history-store';

export interface StoredEvent {
  readonly nodeId: string;
  readonly event: NodeEvent;
}

export interface NodeEventChange {
  /** No two events of a node have the same time. */
  readonly save: readonly StoredEvent[];
  /** Their rows are removed before `save` is written. */
  readonly removedNodes: readonly string[];
  /** The oldest event that is kept of a node. Older rows of the node are removed. */
  readonly oldestKept: readonly { readonly nodeId: string; readonly atWallMs: number }[];
  /** Older events of all nodes are removed. Null: none. */
  readonly beforeWallMs: number | null;
}

export interface NodeEventStore {
  /** The newest `MAX_NODE_EVENTS` of each node. */
  load(sinceWallMs: number): Promise<LoadedRows<StoredEvent>>;
  write(change: NodeEventChange): Written;
}

/** A read has the events of so many nodes: a few megabytes. */
const NODES_PER_READ = 500;

const NEXT_NODES = 'SELECT DISTINCT node_id FROM node_events WHERE node_id > ? ORDER BY node_id LIMIT ?';
/** An earlier version kept all events of 24 hours in the table. */
const NEWEST_OF_EACH = `
  SELECT node_id, record FROM (
    SELECT node_id, at, record, row_number() OVER (PARTITION BY node_id ORDER BY at DESC) AS place FROM node_events
    WHERE node_id >= ? AND node_id <= ? AND at >= ?
  ) AS placed WHERE place <= ? ORDER BY node_id, at`;

export class NodeEventTable implements NodeEventStore {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  async load(sinceWallMs: number): Promise<LoadedRows<StoredEvent>> {
    const events: StoredEvent[] = [];
    let unreadable = 0;
    let last = '';
    for (;;) {
      const nodes = await this.#store.read({ text: NEXT_NODES, values: [last, NODES_PER_READ] });
      if (nodes.length === 0) return { rows: events, unreadable };
      const first = nodeIdOf(nodes[0]);
      last = nodeIdOf(nodes.at(-1));
      const rows = await this.#store.read({ text: NEWEST_OF_EACH, values: [first, last, Math.round(sinceWallMs), MAX_NODE_EVENTS] });
      await inTurns(rows, (row) => {
        const event = nodeEventSchema.safeParse(parseJson(String(row['record'])));
        if (event.success) events.push({ nodeId: nodeIdOf(row), event: event.data });
        else unreadable++;
        return 0;
      });
    }
  }

  /** A removed node may have returned since: its old rows go before its new ones come. */
  write({ save, removedNodes, oldestKept, beforeWallMs }: NodeEventChange): Written {
    const rows = save.map(({ nodeId, event }) => [nodeId, event.at, JSON.stringify(event)]);
    const onConflict = { key: ['node_id', 'at'], update: ['record'] };
    return this.#store.write([
      ...removedNodes.map((nodeId) => ({ text: 'DELETE FROM node_events WHERE node_id = ?', values: [nodeId] })),
      { into: 'node_events', columns: ['node_id', 'at', 'record'], rows, onConflict },
      ...oldestKept.map(({ nodeId, atWallMs }) => ({
        text: 'DELETE FROM node_events WHERE node_id = ? AND at < ?',
        values: [nodeId, atWallMs],
      })),
      ...(beforeWallMs === null ? [] : [{ text: 'DELETE FROM node_events WHERE at < ?', values: [Math.round(beforeWallMs)] }]),
    ]);
  }
}

const nodeIdOf = (row: Row | undefined): string => String(row?.['node_id']);
