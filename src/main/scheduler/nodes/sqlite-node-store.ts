// The table of nodes, with group commit: all changes of one turn of the event loop are one transaction. Many registrations at
// the same time therefore cost few disk syncs.
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { validate } from '../../../shared/protocol/decode';
import { fail, ok, type Result } from '../../../shared/result';
import type { StoredNode } from '../lifecycle/restore-record';
import type { DatabaseFailure } from '../database/database-failure';
import type { NodeStore, WriteFailure, Written } from './node-store';
import {
  drainColumn,
  nodeRowSchema,
  quarantineColumn,
  type StoredIdentity,
  storedNodeOf,
  toStoredProfile,
} from './core/stored-node-schema';

interface PendingWrite {
  readonly run: () => void;
  readonly resolve: (written: Result<null, WriteFailure>) => void;
}

export class SqliteNodeStore implements NodeStore {
  readonly #database: DatabaseSync;
  readonly #insert: StatementSync;
  readonly #update: StatementSync;
  readonly #remove: StatementSync;
  #pending: PendingWrite[] = [];
  #closed = false;

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#insert = database.prepare(
      `INSERT OR REPLACE INTO nodes (node_id, token_hash, created_at, profile, status, reason_code, previous_status, has_been_ready, since, drain, quarantine)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#update = database.prepare(
      `UPDATE nodes SET profile = ?, status = ?, reason_code = ?, previous_status = ?, has_been_ready = ?, since = ?, drain = ?, quarantine = ?
       WHERE node_id = ?`,
    );
    this.#remove = database.prepare('DELETE FROM nodes WHERE node_id = ?');
  }

  /** All stored nodes. The start fails at the first invalid row. */
  load(file: string): Result<readonly (StoredNode & StoredIdentity)[], DatabaseFailure> {
    const nodes: (StoredNode & StoredIdentity)[] = [];
    for (const raw of this.#database.prepare('SELECT * FROM nodes ORDER BY node_id').iterate()) {
      const row = validate(raw, nodeRowSchema);
      if (!row.ok) {
        const reason = `row ${String(raw['node_id'])}, ${row.error.field}: ${row.error.reason}`;
        return fail({ code: 'DATABASE_UNREADABLE', details: { file, reason: reason.slice(0, 512) } });
      }
      nodes.push(storedNodeOf(row.value));
    }
    return ok(nodes);
  }

  insert(node: StoredNode & StoredIdentity): Written {
    return this.#enqueue(() => {
      this.#insert.run(node.nodeId, Buffer.from(node.tokenHash, 'base64'), node.createdAtWallMs, ...stateColumns(node));
    });
  }

  update(node: StoredNode): Written {
    return this.#enqueue(() => {
      this.#update.run(...stateColumns(node), node.nodeId);
    });
  }

  remove(nodeId: string): Written {
    return this.#enqueue(() => {
      this.#remove.run(nodeId);
    });
  }

  /** Writes pending changes and closes the file. Later changes are refused. */
  close(): void {
    if (this.#closed) return;
    this.#flush();
    this.#closed = true;
    this.#database.close();
  }

  #enqueue(run: () => void): Written {
    if (this.#closed) return Promise.resolve(fail({ reason: 'the store is closed' }));
    return new Promise((resolve) => {
      if (this.#pending.push({ run, resolve }) === 1)
        setImmediate(() => {
          this.#flush();
        });
    });
  }

  /** All or nothing: when one write fails, all writes of the turn fail, and every caller gets the failure. */
  #flush(): void {
    const writes = this.#pending;
    if (writes.length === 0) return;
    this.#pending = [];
    const written = this.#commit(writes);
    for (const write of writes) write.resolve(written);
  }

  #commit(writes: readonly PendingWrite[]): Result<null, WriteFailure> {
    try {
      this.#database.exec('BEGIN IMMEDIATE');
      for (const write of writes) write.run();
      this.#database.exec('COMMIT');
      return ok(null);
    } catch (error) {
      if (this.#database.isOpen && this.#database.isTransaction) this.#database.exec('ROLLBACK');
      return fail({ reason: error instanceof Error ? error.message : String(error) });
    }
  }
}

function stateColumns(node: StoredNode): [string, string, string, string | null, number, number, string | null, string | null] {
  return [
    JSON.stringify(toStoredProfile(node.profile)),
    node.status,
    node.reasonCode,
    node.previousStatus,
    node.hasBeenReady ? 1 : 0,
    Math.round(node.sinceWallMs),
    drainColumn(node.drain),
    quarantineColumn(node.quarantine),
  ];
}
