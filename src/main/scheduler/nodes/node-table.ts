// The table of nodes, with group commit: many registrations at the same time cost few disk syncs.
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { validate } from '../../../shared/protocol/decode';
import { fail, ok, type Result } from '../../../shared/result';
import type { StoredNode } from '../lifecycle/restore-record';
import type { DatabaseFailure } from '../database/database-failure';
import { copyDatabase } from '../database/copy-database';
import { GroupCommit, type Written } from '../database/group-commit';
import type { NodeStore } from './node-store';
import {
  drainColumn,
  nodeRowSchema,
  pauseColumn,
  quarantineColumn,
  wakeColumn,
  type StoredIdentity,
  storedNodeOf,
  tagsColumn,
  toStoredProfile,
} from './core/stored-node-schema';

export class SqliteNodeStore implements NodeStore {
  readonly #database: DatabaseSync;
  readonly #insert: StatementSync;
  readonly #update: StatementSync;
  readonly #remove: StatementSync;
  readonly #writes: GroupCommit;

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#writes = new GroupCommit(database);
    this.#insert = database.prepare(
      `INSERT OR REPLACE INTO nodes (node_id, token_hash, created_at, profile, status, reason_code, previous_status, has_been_ready, since, drain, pause, quarantine, tags, wake)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#update = database.prepare(
      `UPDATE nodes SET profile = ?, status = ?, reason_code = ?, previous_status = ?, has_been_ready = ?, since = ?, drain = ?, pause = ?, quarantine = ?, tags = ?, wake = ?
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

  /** All tables of the file. */
  copyTo(file: string): Promise<void> {
    return copyDatabase(this.#database, file);
  }

  insert(node: StoredNode & StoredIdentity): Written {
    return this.#writes.write(() => {
      this.#insert.run(node.nodeId, Buffer.from(node.tokenHash, 'base64'), node.createdAtWallMs, ...stateColumns(node));
    });
  }

  update(node: StoredNode): Written {
    return this.#writes.write(() => {
      this.#update.run(...stateColumns(node), node.nodeId);
    });
  }

  remove(nodeId: string): Written {
    return this.#writes.write(() => {
      this.#remove.run(nodeId);
    });
  }

  /** Writes pending changes and closes the file. Later changes are refused. */
  close(): void {
    if (this.#writes.close()) this.#database.close();
  }
}

function stateColumns(node: StoredNode): [string, string, string, string | null, number, number, ...(string | null)[]] {
  return [
    JSON.stringify(toStoredProfile(node.profile)),
    node.status,
    node.reasonCode,
    node.previousStatus,
    node.hasBeenReady ? 1 : 0,
    Math.round(node.sinceWallMs),
    drainColumn(node.drain),
    pauseColumn(node.pause),
    quarantineColumn(node.quarantine),
    tagsColumn(node.tags),
    wakeColumn(node.wake),
  ];
}
