// The brake on requeueing when many nodes fall silent together: the scheduler may be cut off itself (lifecycle §1).
import type { LifecyclePolicy } from './policy';

export interface MassLossBrake {
  /** How many fell silent, of how many live ones, when it was pulled. */
  readonly lost: number;
  readonly of: number;
  readonly sinceMs: number;
  /** Those of them not seen again. */
  readonly missing: ReadonlySet<string>;
}

export interface MassLossState {
  /** Nodes that went offline by timeout within the last heartbeat interval, oldest first. */
  readonly recent: readonly { readonly nodeId: string; readonly atMs: number }[];
  /** Not null: requeueing after a heartbeat timeout must wait. */
  readonly brake: MassLossBrake | null;
}

export declare const NO_MASS_LOSS: MassLossState;

/** Silent this long, a node is counted among the lost as soon as another one is lost. */
export declare function suspiciousSilenceMs(policy: LifecyclePolicy): number;

/**
 * At each sweep, before its timeouts are acted on. `lost`: ids about to time out; `silent`: ids silent for
 * `suspiciousSilenceMs` (needed only when `lost` is not empty); `live`: nodes not offline, `lost` included.
 */
export declare function noteLosses(
  state: MassLossState,
  losses: { readonly lost: readonly string[]; readonly silent: readonly string[]; readonly live: number },
  nowMs: number,
  policy: LifecyclePolicy,
): MassLossState;

/** A heartbeat or a registration came from this node. Free while the brake is not pulled. */
export declare function noteSeen(state: MassLossState, nodeId: string): MassLossState;
