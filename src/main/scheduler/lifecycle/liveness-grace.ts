// One new grace period for all nodes when the scheduler itself was not running: after its start, and when a sweep is more than two
// intervals late (lifecycle §1, Liveness). No heartbeat deadline is earlier than `untilMonotonicMs`, so one number covers all nodes.
import type { LifecyclePolicy } from './policy';

/** Monotonic ms. */
export interface LivenessGrace {
  readonly sweepIntervalMs: number;
  readonly lastSweepMonotonicMs: number;
  readonly untilMonotonicMs: number;
}

const TOLERATED_INTERVALS = 2;

/** At the start of the scheduler: no node becomes offline before one full heartbeat timeout. */
export const startGrace = (nowMonotonicMs: number, sweepIntervalMs: number, policy: LifecyclePolicy): LivenessGrace => ({
  sweepIntervalMs,
  lastSweepMonotonicMs: nowMonotonicMs,
  untilMonotonicMs: nowMonotonicMs + policy.heartbeatTimeoutMs,
});

/** At every sweep, before it looks for due deadlines. */
export const noteSweep = (grace: LivenessGrace, nowMonotonicMs: number, policy: LifecyclePolicy): LivenessGrace => ({
  sweepIntervalMs: grace.sweepIntervalMs,
  lastSweepMonotonicMs: nowMonotonicMs,
  untilMonotonicMs: graceUntilMonotonicMs(grace, nowMonotonicMs, policy),
});

/** The `graceUntilMonotonicMs` of an event. After a stall the scheduler reads waiting heartbeats before its late sweep runs. */
export function graceUntilMonotonicMs(grace: LivenessGrace, nowMonotonicMs: number, policy: LifecyclePolicy): number {
  const lateMs = nowMonotonicMs - grace.lastSweepMonotonicMs - grace.sweepIntervalMs;
  return lateMs > TOLERATED_INTERVALS * grace.sweepIntervalMs ? nowMonotonicMs + policy.heartbeatTimeoutMs : grace.untilMonotonicMs;
}
