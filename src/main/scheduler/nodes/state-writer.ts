// Writes changed records to the store, a few hundred at a time, so that many registrations at once do not delay heartbeats. Changes that
// must be durable before an answer do not use it.
import type { Logger } from '../../platform/logger';
import { ownTurn } from '../../platform/own-turn';
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

  /** Writes a few hundred changed nodes. A node whose write failed stays changed. */
  write(): void {
    void this.#writeSome();
  }

  /**
   * Writes the nodes that are changed now, before a backup and at a stop, in turns of the event loop: clients and nodes are served
   * meanwhile, and ten thousand nodes take 0.2 s of CPU time. A write that fails is the last one.
   */
  async writeAll(): Promise<void> {
    for (let left = this.#changed.size; left > 0; left -= NODES_PER_WRITE) {
      if (!(await this.#writeSome())) return;
      await ownTurn();
    }
  }

  /** Resolves to false when the write failed. */
  async #writeSome(): Promise<boolean> {
    const records: NodeRecord[] = [];
    for (const nodeId of this.#changed) {
      if (records.length === NODES_PER_WRITE) break;
      this.#changed.delete(nodeId);
      const record = this.#recordOf(nodeId);
      if (record !== undefined) records.push(record);
    }
    if (records.length === 0) return true;
    const written = await this.#store.update(records.map(toStoredNode));
    if (written.ok) return true;
    const nodeIds = records.map(({ nodeId }) => nodeId);
    for (const nodeId of nodeIds) if (this.#recordOf(nodeId) !== undefined) this.#changed.add(nodeId);
    this.#logFailure(nodeIds, written.error.reason);
    return false;
  }

  /** One log line for all nodes: a full disk fails every node, twice a second. */
  #logFailure(nodeIds: readonly string[], reason: string): void {
    this.#logger.log('error', 'store_write_failed', { nodes: nodeIds.length, node_id: nodeIds[0] ?? null, reason });
  }
}
