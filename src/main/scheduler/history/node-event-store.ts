// The table of the events of nodes. One transaction writes everything that changed since the last one.
import type { DatabaseSync } from 'node:sqlite';
import { MAX_NODE_EVENTS, type NodeEvent, nodeEventSchema } from '../../../shared/api/node-history';
import { parseJson } from '../../../shared/json';
import type { GroupCommit, Written } from '../database/group-commit';

export interface StoredEvent {
  readonly nodeId: string;
  readonly event: NodeEvent;
}

export interface NodeEventChange {
  readonly save: readonly StoredEvent[];
  /** Their rows are removed before `save` is written. */
  readonly removedNodes: readonly string[];
  /** The oldest event that is kept of each changed node. Older rows of the node are removed. */
  readonly oldestKept: readonly { readonly nodeId: string; readonly atWallMs: number }[];
  /** Older events are removed. */
  readonly beforeWallMs: number;
}

export interface NodeEventStore {
  /** The newest `MAX_NODE_EVENTS` of each node, oldest first, and how many of them could not be read. */
  load(sinceWallMs: number): { readonly events: readonly StoredEvent[]; readonly unreadable: number };
  write(change: NodeEventChange): Written;
}

/** An earlier version kept all events of 24 hours in the table. */
const NEWEST_OF_EACH = `
  SELECT node_id, record FROM (
    SELECT node_id, at, record, row_number() OVER (PARTITION BY node_id ORDER BY at DESC) AS place FROM node_events WHERE at >= ?
  ) WHERE place <= ? ORDER BY node_id, at`;

export class SqliteNodeEventStore implements NodeEventStore {
  readonly #database: DatabaseSync;
  readonly #writes: GroupCommit;

  constructor(database: DatabaseSync, writes: GroupCommit) {
    this.#database = database;
    this.#writes = writes;
  }

  load(sinceWallMs: number): ReturnType<NodeEventStore['load']> {
    const rows = this.#database.prepare(NEWEST_OF_EACH).iterate(Math.round(sinceWallMs), MAX_NODE_EVENTS);
    const events: StoredEvent[] = [];
    let unreadable = 0;
    for (const row of rows) {
      const event = nodeEventSchema.safeParse(parseJson(String(row['record'])));
      if (event.success) events.push({ nodeId: String(row['node_id']), event: event.data });
      else unreadable++;
    }
    return { events, unreadable };
  }

  /** A removed node may have returned since: its old rows go before its new ones come. */
  write({ save, removedNodes, oldestKept, beforeWallMs }: NodeEventChange): Written {
    return this.#writes.write(() => {
      const removeNode = this.#database.prepare('DELETE FROM node_events WHERE node_id = ?');
      for (const nodeId of removedNodes) removeNode.run(nodeId);
      const insert = this.#database.prepare('INSERT OR REPLACE INTO node_events (node_id, at, record) VALUES (?, ?, ?)');
      for (const { nodeId, event } of save) insert.run(nodeId, event.at, JSON.stringify(event));
      const removeOlder = this.#database.prepare('DELETE FROM node_events WHERE node_id = ? AND at < ?');
      for (const { nodeId, atWallMs } of oldestKept) removeOlder.run(nodeId, atWallMs);
      this.#database.prepare('DELETE FROM node_events WHERE at < ?').run(Math.round(beforeWallMs));
    });
  }
}
