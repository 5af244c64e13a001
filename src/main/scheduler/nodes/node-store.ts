// The store of nodes. One implementation uses SQLite, one in memory is for tests.
import type { Written } from '../database/group-commit';
import type { StoredNode } from '../lifecycle/restore-record';
import type { StoredIdentity } from './core/stored-node-schema';

export interface NodeStore {
  /** Resolves when the new node is durable. */
  insert(node: StoredNode & StoredIdentity): Written;
  /** Resolves when the current state of the node is durable. */
  update(node: StoredNode): Written;
  /** Resolves when the removal is durable. */
  remove(nodeId: string): Written;
}
