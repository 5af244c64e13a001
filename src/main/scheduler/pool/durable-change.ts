// Changes a node only after the change is durable. When the change is refused or its write fails, nothing has changed.
import type { Logger } from '../../platform/logger';
import type { NodeEvent, RefusalCode } from '../lifecycle/events';
import { toStoredNode } from '../nodes/core/stored-node';
import type { NodeStore } from '../nodes/node-store';
import type { StateWriter } from '../nodes/state-writer';
import type { Preview } from './preview';

export type DurableFailure = RefusalCode | 'write_failed';

export interface DurableChangeOptions {
  readonly store: NodeStore;
  readonly logger: Logger;
  readonly stateWriter: StateWriter;
  readonly pool: {
    preview(nodeId: string, event: NodeEvent): Preview;
    apply(nodeId: string, event: NodeEvent, stored: Preview): RefusalCode | null;
  };
}

export async function applyDurably(
  { store, logger, stateWriter, pool }: DurableChangeOptions,
  nodeId: string,
  event: NodeEvent,
): Promise<DurableFailure | null> {
  const preview = pool.preview(nodeId, event);
  const { next, refusal } = preview;
  if (refusal !== null) return refusal;
  // This write contains every change that waits to be written. A later write would bring the older state back.
  const wasChanged = stateWriter.forget(nodeId);
  const written = await (next === null ? store.remove(nodeId) : store.update([toStoredNode(next)]));
  if (!written.ok) {
    if (wasChanged) stateWriter.changed(nodeId);
    logger.log('error', 'store_write_failed', { node_id: nodeId, reason: written.error.reason });
    return 'write_failed';
  }
  return pool.apply(nodeId, event, preview);
}
