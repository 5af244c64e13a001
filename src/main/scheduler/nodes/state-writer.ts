// Keeps the stored state of nodes near their records: changes are gathered and written a few hundred at a time, so that a
// storm of registrations does not hold up the heartbeats. What must be durable before an answer does not come this way.
import type { Logger } from '../../platform/logger';
import type { NodeRecord } from '../lifecycle/node-record';
import type { NodeStore } from './node-store';
import { storedNodeFrom } from './core/stored-node';

const NODES_PER_WRITE = 250;

interface Failed {
  readonly nodeId: string;
  readonly reason: string;
}

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

  /** Returns whether a change of the node waited to be written. */
  forget(nodeId: string): boolean {
    return this.#changed.delete(nodeId);
  }

  /** Writes up to `limit` changed nodes; those that could not be written stay changed. */
  write(limit: number = NODES_PER_WRITE): void {
    const writes: Promise<Failed | null>[] = [];
    for (const nodeId of this.#changed) {
      if (writes.length === limit) break;
      this.#changed.delete(nodeId);
      const record = this.#recordOf(nodeId);
      if (record !== undefined) writes.push(this.#update(record));
    }
    if (writes.length > 0)
      void Promise.all(writes).then((written) => {
        this.#tellFailures(written.filter((failed) => failed !== null));
      });
  }

  writeAll(): void {
    this.write(Infinity);
  }

  async #update(record: NodeRecord): Promise<Failed | null> {
    const { nodeId } = record;
    const written = await this.#store.update(storedNodeFrom(record));
    if (written.ok) return null;
    if (this.#recordOf(nodeId) !== undefined) this.#changed.add(nodeId);
    return { nodeId, reason: written.error.reason };
  }

  /** One line for all: a full disk fails every node, twice a second. */
  #tellFailures([first, ...others]: readonly Failed[]): void {
    if (first === undefined) return;
    this.#logger.log('error', 'store_write_failed', { nodes: 1 + others.length, node_id: first.nodeId, reason: first.reason });
  }
}
