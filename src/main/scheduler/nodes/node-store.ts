// The store of nodes. One implementation is a table, one in memory is for tests.
import type { Written } from '../database/store';
import type { StoredNode } from '../lifecycle/restore-record';
import type { StoredIdentity } from './core/stored-node-schema';

export interface NodeStore {
  /** Resolves when the new node is durable. */
  insert(node: StoredNode & StoredIdentity): Written;
  /** Resolves when the current states of the nodes are durable. A node that is not stored is left out. */
  update(nodes: readonly StoredNode[]): Written;
  /** Resolves when the removal is durable. */
  remove(nodeId: string): Written;
}
