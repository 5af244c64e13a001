// Keeps the stored state of nodes near their records: changes are gathered and written a few hundred at a time, so that a
// storm of registrations does not hold up the heartbeats. What must be durable before an answer does not come this way.
import type { Logger } from '../platform/logger';
import type { NodeRecord } from './lifecycle/node-record';
import type { NodeStore } from './store/node-store';
import { storedNodeFrom } from './store/stored-node-mapping';

const NODES_PER_WRITE = 250;

export class StateWriter {
  readonly #store: NodeStore;
  readonly #logger: Logger;
  readonly #recordOf: (nodeId: string) => NodeRecord | undefined;
  readonly #changed = new Set<string>();

  constructor(store: NodeStore, logger: Logger, recordOf: (nodeId: string) => NodeRecord | undefined) {
    this.#store = store;
    this.#logger = logger;
    this.#recordOf = recordOf;
  }

  changed(nodeId: string): void {
    this.#changed.add(nodeId);
  }

  forget(nodeId: string): void {
    this.#changed.delete(nodeId);
  }

  /** Writes up to `limit` changed nodes; those that could not be written stay changed. */
  write(limit: number = NODES_PER_WRITE): void {
    let count = 0;
    for (const nodeId of this.#changed) {
      if (count++ === limit) return;
      this.#changed.delete(nodeId);
      const record = this.#recordOf(nodeId);
      if (record === undefined) continue;
      void this.#store.update(storedNodeFrom(record)).then((written) => {
        if (written.ok) return;
        this.#logger.log('error', 'store_write_failed', { node_id: nodeId, reason: written.error.reason });
        if (this.#recordOf(nodeId) !== undefined) this.#changed.add(nodeId);
      });
    }
  }

  writeAll(): void {
    this.write(Infinity);
  }
}
