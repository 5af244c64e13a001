// One fresh grace period for all nodes at once, when the scheduler itself was away (lifecycle §1).
import type { LifecyclePolicy } from './policy';

export interface LivenessGrace {
  readonly sweepIntervalMs: number;
  readonly lastSweepMs: number;
  readonly untilMs: number;
}

/** At the start of the scheduler: nobody is called offline before one full timeout. */
export declare function startGrace(nowMs: number, sweepIntervalMs: number, policy: LifecyclePolicy): LivenessGrace;
/** At every sweep, before asking what is due. */
export declare function noteSweep(grace: LivenessGrace, nowMs: number, policy: LifecyclePolicy): LivenessGrace;
/** For `graceUntilMs` of an event at any time, also when a late sweep has not run yet. */
export declare function graceUntilMs(grace: LivenessGrace, nowMs: number, policy: LifecyclePolicy): number;
