// Writes changed records to the store, a few hundred at a time, so that many registrations at once do not delay heartbeats. Changes that
// must be durable before an answer do not use it.
import type { Logger } from '../../platform/logger';
import type { NodeRecord } from '../lifecycle/node-record';
import type { NodeStore } from './node-store';
import { toStoredNode } from './core/stored-node';

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

  /** Returns whether a change of the node was waiting to be written. */
  forget(nodeId: string): boolean {
    return this.#changed.delete(nodeId);
  }

  /** Removes the node from the store. A failure is only logged. */
  remove(nodeId: string): void {
    this.#changed.delete(nodeId);
    void this.#store.remove(nodeId).then((written) => {
      if (!written.ok) this.#logFailure([nodeId], written.error.reason);
    });
  }

  /** Writes up to `limit` changed nodes. A node whose write failed stays changed. */
  write(limit: number = NODES_PER_WRITE): void {
    const records: NodeRecord[] = [];
    for (const nodeId of this.#changed) {
      if (records.length === limit) break;
      this.#changed.delete(nodeId);
      const record = this.#recordOf(nodeId);
      if (record !== undefined) records.push(record);
    }
    if (records.length > 0) void this.#update(records);
  }

  writeAll(): void {
    this.write(Infinity);
  }

  async #update(records: readonly NodeRecord[]): Promise<void> {
    const written = await this.#store.update(records.map(toStoredNode));
    if (written.ok) return;
    const nodeIds = records.map(({ nodeId }) => nodeId);
    for (const nodeId of nodeIds) if (this.#recordOf(nodeId) !== undefined) this.#changed.add(nodeId);
    this.#logFailure(nodeIds, written.error.reason);
  }

  /** One log line for all nodes: a full disk fails every node, twice a second. */
  #logFailure(nodeIds: readonly string[], reason: string): void {
    this.#logger.log('error', 'store_write_failed', { nodes: nodeIds.length, node_id: nodeIds[0] ?? null, reason });
  }
}
