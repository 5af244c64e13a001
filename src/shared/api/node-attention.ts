// Whether a node needs a person. Nodes lists these nodes, and Pool has an item for them. Pure.
import { availabilityFacts, availabilityOf } from './availability';
import type { NodeView } from './node-view';

/** A node that restarts or changes its network is back sooner. */
export const LOST_AFTER_MS = 5 * 60_000;
/** The models of a node that has just joined are checked first, and its first health checks fail until then. */
const FAILING_AFTER_MS = 60_000;

/**
 * `failing`: degraded, or a check still fails some time after the node has registered. `lost`: no heartbeat for a time; a node that sleeps
 * or was stopped is not lost. Null: the node needs none.
 */
export function nodeAttention(node: NodeView, nowWallMs: number): 'failing' | 'lost' | null {
  const { state } = availabilityOf(node);
  if (state === 'degraded') return 'failing';
  if (state === 'registering') return node.health.failed_checks.length > 0 && nowWallMs - node.since >= FAILING_AFTER_MS ? 'failing' : null;
  if (state !== 'disconnected' && (state !== 'offline' || node.reason_code !== 'heartbeat_timeout')) return null;
  const facts = availabilityFacts(node);
  return facts.kind === 'silent' && facts.sinceWallMs !== null && nowWallMs - facts.sinceWallMs >= LOST_AFTER_MS ? 'lost' : null;
}
