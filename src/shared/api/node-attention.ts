// Whether a node needs a person. Nodes lists these nodes, and Pool has an item for them. Pure.
import { availabilityOf } from './availability';
import type { NodeView } from './node-view';

/**
 * `failing`: degraded, or a check fails before the node is ready. `lost`: no heartbeat; a node that sleeps or was stopped is not lost. Null:
 * the node needs none.
 */
export function nodeAttention(node: NodeView): 'failing' | 'lost' | null {
  const { state } = availabilityOf(node);
  if (state === 'degraded' || (state === 'registering' && node.health.failed_checks.length > 0)) return 'failing';
  return state === 'disconnected' || (state === 'offline' && node.reason_code === 'heartbeat_timeout') ? 'lost' : null;
}
