// The events of the pool for a subscriber in this program. The views of a large pool are made in several turns of the event loop; the
// changes after the snapshot wait for it.
import type { NodeView, PoolEvent } from '../../../shared/api/node-view';
import { inTurns } from '../../platform/in-turns';
import type { Pool } from './pool';

/** The views that the first turn makes. A smaller pool sends its snapshot at once. */
const NODES_AT_ONCE = 100;

export function followInTurns(pool: Pick<Pool, 'subscribe' | 'views'>, listener: (event: PoolEvent) => void): () => void {
  let waiting: PoolEvent[] | null = null;
  let isStopped = false;
  const snapshot = async (nodeIds: readonly string[]): Promise<void> => {
    waiting = [];
    const nodes: NodeView[] = [];
    await inTurns(nodeIds, (nodeId) => {
      const node = pool.views.listedNode(nodeId);
      if (node !== null) nodes.push(node);
      return 0;
    });
    const changes = waiting;
    waiting = null;
    for (const event of [{ type: 'snapshot' as const, pool: pool.views.summary(), nodes }, ...changes]) if (!isStopped) listener(event);
  };
  const unsubscribe = pool.subscribe((numbered) => {
    const nodeIds = numbered.isSnapshot ? pool.views.nodeIds() : [];
    if (nodeIds.length > NODES_AT_ONCE) void snapshot(nodeIds);
    else if (waiting !== null) waiting.push(numbered.event);
    else listener(numbered.event);
  }, null);
  return () => {
    isStopped = true;
    unsubscribe();
  };
}
