// The brake on requeueing when many nodes fall silent together: the scheduler may be cut off itself (lifecycle §1, Mass loss).
// Beats are spread over an interval, so nodes that lost their network together time out over an interval too. Hence the losses
// of one interval count together, and so does whoever has missed a beat by then: the brake is on before the first job moves.
import type { LifecyclePolicy } from './policy';

export interface EvictionPause {
  /** How many fell silent, of how many that were live. */
  readonly lost: number;
  readonly of: number;
  readonly sinceMs: number;
  /** Those of them that were not seen since. */
  readonly missing: readonly string[];
}

/** Monotonic ms throughout. */
export interface MassLossState {
  /** Nodes that timed out within the last heartbeat interval. */
  readonly recent: readonly { readonly nodeId: string; readonly atMs: number }[];
  /** Not null: requeueing after a heartbeat timeout must wait. */
  readonly brake: EvictionPause | null;
}

/** What a sweep sees, before its timeouts are acted on. */
export interface Losses {
  /** About to go offline by timeout. */
  readonly lost: readonly string[];
  /** Silent for `suspiciousSilenceMs`; counts only together with somebody lost. */
  readonly silent: readonly string[];
  /** Nodes not offline, the lost ones included. */
  readonly live: number;
  /** Has the node been heard of after this time? */
  readonly seenSince: (nodeId: string, sinceMs: number) => boolean;
}

export const NO_MASS_LOSS: MassLossState = { recent: [], brake: null };

const MIN_LOST = 3;

/**
 * A node that lost its network with the one that times out now has been silent for all of the timeout but one interval.
 * Never less than a beat and a half, so that a node between two beats is not suspected.
 */
export const suspiciousSilenceMs = (policy: LifecyclePolicy): number =>
  Math.max(policy.heartbeatTimeoutMs - policy.heartbeatIntervalMs, 1.5 * policy.heartbeatIntervalMs);

/** At each sweep. The brake is released when a second timeout has passed, or more than half of the lost are back. */
export function noteLosses(state: MassLossState, losses: Losses, nowMs: number, policy: LifecyclePolicy): MassLossState {
  const earlier = state.recent.filter(({ nodeId, atMs }) => nowMs - atMs <= policy.heartbeatIntervalMs && !losses.seenSince(nodeId, atMs));
  if (losses.lost.length === 0 && state.brake === null) return earlier.length === 0 ? NO_MASS_LOSS : { recent: earlier, brake: null };
  const recent = [...earlier, ...losses.lost.map((nodeId) => ({ nodeId, atMs: nowMs }))];
  const held = state.brake === null ? null : stillHeld(state.brake, losses, nowMs, policy);
  if (held !== null) return { recent, brake: held };
  // Who timed out before is not live any more; who times out now still is.
  const of = losses.live + earlier.length;
  const missing = [...new Set([...recent.map(({ nodeId }) => nodeId), ...(losses.lost.length > 0 ? losses.silent : [])])];
  const massive = losses.lost.length > 0 && missing.length >= MIN_LOST && missing.length * 2 >= of;
  return { recent, brake: massive ? { lost: missing.length, of, sinceMs: nowMs, missing } : null };
}

function stillHeld(brake: EvictionPause, losses: Losses, nowMs: number, policy: LifecyclePolicy): EvictionPause | null {
  if (nowMs - brake.sinceMs >= policy.heartbeatTimeoutMs) return null;
  const known = new Set(brake.missing);
  const added = losses.lost.filter((nodeId) => !known.has(nodeId));
  const missing = [...brake.missing.filter((nodeId) => !losses.seenSince(nodeId, brake.sinceMs)), ...added];
  const lost = brake.lost + added.length;
  return (lost - missing.length) * 2 > lost ? null : { ...brake, lost, missing };
}
