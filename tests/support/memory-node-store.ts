// The node store in memory: stores the same data as the table, and fails when a test requests it.
import { fail, ok } from '../../src/shared/result';
import type { StoredNode } from '../../src/main/scheduler/lifecycle/restore-record';
import type { Written } from '../../src/main/scheduler/database/store';
import type { NodeStore } from '../../src/main/scheduler/nodes/node-store';
import type { StoredIdentity } from '../../src/main/scheduler/nodes/core/stored-node-schema';

export class MemoryNodeStore implements NodeStore {
  readonly nodes = new Map<string, StoredNode & StoredIdentity>();
  /** The changes and removals of nodes that were written, in order. */
  readonly writes: string[] = [];
  isBroken = false;
  /** Called before each change is written. */
  beforeWrite: () => void = () => undefined;

  insert(node: StoredNode & StoredIdentity): Written {
    return this.#write(() => this.nodes.set(node.nodeId, node));
  }

  update(nodes: readonly StoredNode[]): Written {
    return this.#write(() => {
      for (const node of nodes) {
        this.writes.push(`update ${node.nodeId}`);
        const known = this.nodes.get(node.nodeId);
        if (known !== undefined) this.nodes.set(node.nodeId, { ...known, ...node });
      }
    });
  }

  remove(nodeId: string): Written {
    return this.#write(() => {
      this.writes.push(`remove ${nodeId}`);
      this.nodes.delete(nodeId);
    });
  }

  #write(change: () => unknown): Written {
    this.beforeWrite();
    if (this.isBroken) return Promise.resolve(fail({ isFull: true, reason: 'disk full' }));
    change();
    return Promise.resolve(ok(null));
  }
}
