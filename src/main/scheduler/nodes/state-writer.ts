// Writes changed records to the store, a few hundred at a time, so that many registrations at once do not delay heartbeats. Changes that
// must be durable before an answer do not use it.
import type { Logger } from '../../platform/logger';
import type { NodeRecord } from '../lifecycle/node-record';
import type { NodeStore } from './node-store';
import { toStoredNode } from './core/stored-node';

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

  /** Returns whether a change of the node was waiting to be written. */
  forget(nodeId: string): boolean {
    return this.#changed.delete(nodeId);
  }

  /** Removes the node from the store. A failure is only logged. */
  remove(nodeId: string): void {
    this.#changed.delete(nodeId);
    void this.#store.remove(nodeId).then((written) => {
      if (!written.ok) this.#logFailures([{ nodeId, reason: written.error.reason }]);
    });
  }

  /** Writes up to `limit` changed nodes. A node whose write failed stays changed. */
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
        this.#logFailures(written.filter((failed) => failed !== null));
      });
  }

  writeAll(): void {
    this.write(Infinity);
  }

  async #update(record: NodeRecord): Promise<Failed | null> {
    const { nodeId } = record;
    const written = await this.#store.update(toStoredNode(record));
    if (written.ok) return null;
    if (this.#recordOf(nodeId) !== undefined) this.#changed.add(nodeId);
    return { nodeId, reason: written.error.reason };
  }

  /** One log line for all failures: a full disk fails every node, twice a second. */
  #logFailures([first, ...others]: readonly Failed[]): void {
    if (first === undefined) return;
    this.#logger.log('error', 'store_write_failed', { nodes: 1 + others.length, node_id: first.nodeId, reason: first.reason });
  }
}
