// What the scheduler wants remembered of its nodes. One implementation on SQLite, one in memory for tests.
import type { Result } from '../../../shared/result';
import type { StoredNode } from '../lifecycle/restore-record';
import type { StoredIdentity } from './core/stored-node-schema';

/** The change did not reach the disk, and nothing of it is kept. `reason` is for the log. */
export interface WriteFailure {
  readonly reason: string;
}
export type Written = Promise<Result<null, WriteFailure>>;

export interface NodeStore {
  /** Resolves when the new node is durable. */
  insert(node: StoredNode & StoredIdentity): Written;
  /** Resolves when the node's present state is durable. */
  update(node: StoredNode): Written;
  /** Resolves when the node is forgotten. */
  remove(nodeId: string): Written;
}
