// The node store in memory: what the SQLite one keeps, without a file, and failing when told to.
import { fail, ok } from '../../src/shared/result';
import type { StoredNode } from '../../src/main/scheduler/lifecycle/restore-record';
import type { NodeStore, Written } from '../../src/main/scheduler/nodes/node-store';
import type { StoredIdentity } from '../../src/main/scheduler/nodes/core/stored-node-schema';

export class MemoryNodeStore implements NodeStore {
  readonly nodes = new Map<string, StoredNode & StoredIdentity>();
  isBroken = false;

  insert(node: StoredNode & StoredIdentity): Written {
    return this.#write(() => this.nodes.set(node.nodeId, node));
  }

  update(node: StoredNode): Written {
    return this.#write(() => {
      const known = this.nodes.get(node.nodeId);
      if (known !== undefined) this.nodes.set(node.nodeId, { ...known, ...node });
    });
  }

  remove(nodeId: string): Written {
    return this.#write(() => this.nodes.delete(nodeId));
  }

  #write(change: () => unknown): Written {
    if (this.isBroken) return Promise.resolve(fail({ reason: 'disk full' }));
    change();
    return Promise.resolve(ok(null));
  }
}
