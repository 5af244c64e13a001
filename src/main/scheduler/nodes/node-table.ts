// The table of nodes.
import { validate } from '../../../shared/protocol/decode';
import { fail, ok, type Result } from '../../../shared/result';
import { ownTurn } from '../../platform/own-turn';
import type { StoredNode } from '../lifecycle/restore-record';
import type { DatabaseFailure } from '../database/database-failure';
import type { Row, SqlValue, Store, Written } from '../database/store';
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

/** A read of all rows at once would need the memory of all profiles twice. */
const ROWS_PER_READ = 1000;
/** Text of profiles that is checked in one turn of the event loop: a few milliseconds. A member that begins to lead has connections already. */
const CHARACTERS_PER_TURN = 64 * 1024;

/** The columns of the state, in the order of `stateColumns`. */
const STATE = [
  'profile',
  'status',
  'reason_code',
  'previous_status',
  'has_been_ready',
  'since',
  'drain',
  'pause',
  'quarantine',
  'tags',
  'wake',
];
const COLUMNS = ['node_id', 'token_hash', 'created_at', ...STATE];
/** No insert: an update that comes after the removal of its node must not bring the node back. */
const UPDATE = `UPDATE nodes SET ${STATE.map((name) => `${name} = ?`).join(', ')} WHERE node_id = ?`;

export class NodeTable implements NodeStore {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** All stored nodes. The start fails at the first invalid row. `file`: for the failure. Rejects with an error of the database. */
  async load(file: string): Promise<Result<readonly (StoredNode & StoredIdentity)[], DatabaseFailure>> {
    const nodes: (StoredNode & StoredIdentity)[] = [];
    let characters = 0;
    for (;;) {
      const rows = await this.#rowsAfter(nodes.at(-1)?.nodeId ?? '');
      for (const raw of rows) {
        const row = validate(raw, nodeRowSchema);
        if (!row.ok) {
          const reason = `row ${String(raw['node_id'])}, ${row.error.field}: ${row.error.reason}`;
          return fail({ code: 'DATABASE_UNREADABLE', details: { file, reason: reason.slice(0, 512) } });
        }
        nodes.push(storedNodeOf(row.value));
        characters += String(raw['profile']).length;
        if (characters < CHARACTERS_PER_TURN) continue;
        characters = 0;
        await ownTurn();
      }
      if (rows.length < ROWS_PER_READ) return ok(nodes);
    }
  }

  insert(node: StoredNode & StoredIdentity): Written {
    const row = [node.nodeId, Buffer.from(node.tokenHash, 'base64'), node.createdAtWallMs, ...stateColumns(node)];
    const onConflict = { key: ['node_id'], update: COLUMNS.slice(1) };
    return this.#store.write([{ into: 'nodes', columns: COLUMNS, rows: [row], onConflict }]);
  }

  update(nodes: readonly StoredNode[]): Written {
    return this.#store.write(nodes.map((node) => ({ text: UPDATE, values: [...stateColumns(node), node.nodeId] })));
  }

  remove(nodeId: string): Written {
    return this.#store.write([{ text: 'DELETE FROM nodes WHERE node_id = ?', values: [nodeId] }]);
  }

  #rowsAfter(nodeId: string): Promise<readonly Row[]> {
    return this.#store.read({ text: 'SELECT * FROM nodes WHERE node_id > ? ORDER BY node_id LIMIT ?', values: [nodeId, ROWS_PER_READ] });
  }
}

function stateColumns(node: StoredNode): readonly SqlValue[] {
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
