// Pauses evictions when many nodes fall silent together: the scheduler itself may have lost its network (lifecycle §1, Mass loss).
// Heartbeats are spread over an interval, so nodes that lost their network together also time out over an interval. Hence the
// losses of one interval count together, with every node that has missed a heartbeat. The pause begins before the first job moves.
import type { LifecyclePolicy } from './policy';

export interface EvictionPause {
  /** `lost`: the number of nodes that fell silent. `of`: the number of nodes that were live before. */
  readonly lost: number;
  readonly of: number;
  readonly sinceMonotonicMs: number;
  /** Lost nodes that have not been seen since. */
  readonly missing: readonly string[];
}

/** Monotonic ms throughout. */
export interface EvictionPauseState {
  /** Nodes that timed out within the last heartbeat interval. */
  readonly recent: readonly { readonly nodeId: string; readonly atMonotonicMs: number }[];
  /** Not null: jobs are not requeued after a heartbeat timeout. */
  readonly pause: EvictionPause | null;
}

/** The input of one sweep, before its timeouts are applied. */
export interface Losses {
  /** About to go offline by heartbeat timeout. */
  readonly lost: readonly string[];
  /** Silent for `suspiciousSilenceMs`. Counts only together with lost nodes. */
  readonly silent: readonly string[];
  /** Nodes that are not offline, including the lost ones. */
  readonly live: number;
  /** Whether the node was seen after this time. */
  readonly seenSince: (nodeId: string, sinceMonotonicMs: number) => boolean;
}

export const NO_EVICTION_PAUSE: EvictionPauseState = { recent: [], pause: null };

const MIN_LOST = 3;

/**
 * Nodes that lose their network together time out at most one interval apart. When the first of them times out, the others have been
 * silent for at least the timeout minus one interval. The result is never less than one and a half intervals, so that a node between two
 * heartbeats is not suspected.
 */
export const suspiciousSilenceMs = (policy: LifecyclePolicy): number =>
  Math.max(policy.heartbeatTimeoutMs - policy.heartbeatIntervalMs, 1.5 * policy.heartbeatIntervalMs);

/** At each sweep. The pause ends after a second timeout, or when more than half of the lost nodes have returned. */
export function noteLosses(state: EvictionPauseState, losses: Losses, nowMonotonicMs: number, policy: LifecyclePolicy): EvictionPauseState {
  const earlier = state.recent.filter(
    ({ nodeId, atMonotonicMs }) => nowMonotonicMs - atMonotonicMs <= policy.heartbeatIntervalMs && !losses.seenSince(nodeId, atMonotonicMs),
  );
  if (losses.lost.length === 0 && state.pause === null) return earlier.length === 0 ? NO_EVICTION_PAUSE : { recent: earlier, pause: null };
  const recent = [...earlier, ...losses.lost.map((nodeId) => ({ nodeId, atMonotonicMs: nowMonotonicMs }))];
  const continued = state.pause === null ? null : continuedPause(state.pause, losses, nowMonotonicMs, policy);
  if (continued !== null) return { recent, pause: continued };
  // Nodes that timed out earlier are no longer live; nodes that time out now still are.
  const of = losses.live + earlier.length;
  const missing = [...new Set([...recent.map(({ nodeId }) => nodeId), ...(losses.lost.length > 0 ? losses.silent : [])])];
  const mustPause = losses.lost.length > 0 && missing.length >= MIN_LOST && missing.length * 2 >= of;
  return { recent, pause: mustPause ? { lost: missing.length, of, sinceMonotonicMs: nowMonotonicMs, missing } : null };
}

/** Null: the pause ends. */
function continuedPause(pause: EvictionPause, losses: Losses, nowMonotonicMs: number, policy: LifecyclePolicy): EvictionPause | null {
  if (nowMonotonicMs - pause.sinceMonotonicMs >= policy.heartbeatTimeoutMs) return null;
  const known = new Set(pause.missing);
  const added = losses.lost.filter((nodeId) => !known.has(nodeId));
  const missing = [...pause.missing.filter((nodeId) => !losses.seenSince(nodeId, pause.sinceMonotonicMs)), ...added];
  const lost = pause.lost + added.length;
  return (lost - missing.length) * 2 > lost ? null : { ...pause, lost, missing };
}
