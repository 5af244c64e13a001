// The table of the events of nodes. One transaction writes everything that changed since the last one.
import type { DatabaseSync } from 'node:sqlite';
import { type NodeEvent, nodeEventSchema } from '../../../shared/api/node-history';
import { parseJson } from '../../../shared/json';
import type { GroupCommit, Written } from '../database/group-commit';

export interface StoredEvent {
  readonly nodeId: string;
  readonly event: NodeEvent;
}

export interface NodeEventChange {
  readonly save: readonly StoredEvent[];
  readonly removedNodes: readonly string[];
  /** Older events are removed. */
  readonly beforeWallMs: number;
}

export interface NodeEventStore {
  /** Oldest first, and how many could not be read. */
  load(sinceWallMs: number): { readonly events: readonly StoredEvent[]; readonly unreadable: number };
  write(change: NodeEventChange): Written;
}

export class SqliteNodeEventStore implements NodeEventStore {
  readonly #database: DatabaseSync;
  readonly #writes: GroupCommit;

  constructor(database: DatabaseSync, writes: GroupCommit) {
    this.#database = database;
    this.#writes = writes;
  }

  load(sinceWallMs: number): ReturnType<NodeEventStore['load']> {
    const rows = this.#database
      .prepare('SELECT node_id, record FROM node_events WHERE at >= ? ORDER BY node_id, at')
      .all(Math.round(sinceWallMs));
    const events = rows.flatMap((row): readonly StoredEvent[] => {
      const event = nodeEventSchema.safeParse(parseJson(String(row['record'])));
      return event.success ? [{ nodeId: String(row['node_id']), event: event.data }] : [];
    });
    return { events, unreadable: rows.length - events.length };
  }

  write({ save, removedNodes, beforeWallMs }: NodeEventChange): Written {
    return this.#writes.write(() => {
      const insert = this.#database.prepare('INSERT OR REPLACE INTO node_events (node_id, at, record) VALUES (?, ?, ?)');
      for (const { nodeId, event } of save) insert.run(nodeId, event.at, JSON.stringify(event));
      const removeNode = this.#database.prepare('DELETE FROM node_events WHERE node_id = ?');
      for (const nodeId of removedNodes) removeNode.run(nodeId);
      this.#database.prepare('DELETE FROM node_events WHERE at < ?').run(Math.round(beforeWallMs));
    });
  }
}
