// One new grace period for all nodes when the scheduler itself was not running: after its start, and when a sweep is more than two
// intervals late (lifecycle §1, Liveness). No heartbeat deadline is earlier than `untilMs`, so one number covers all nodes.
import type { LifecyclePolicy } from './policy';

/** Monotonic ms. */
export interface LivenessGrace {
  readonly sweepIntervalMs: number;
  readonly lastSweepMs: number;
  readonly untilMs: number;
}

const TOLERATED_INTERVALS = 2;

/** At the start of the scheduler: no node becomes offline before one full heartbeat timeout. */
export const startGrace = (nowMs: number, sweepIntervalMs: number, policy: LifecyclePolicy): LivenessGrace => ({
  sweepIntervalMs,
  lastSweepMs: nowMs,
  untilMs: nowMs + policy.heartbeatTimeoutMs,
});

/** At every sweep, before it looks for due deadlines. */
export const noteSweep = (grace: LivenessGrace, nowMs: number, policy: LifecyclePolicy): LivenessGrace => ({
  sweepIntervalMs: grace.sweepIntervalMs,
  lastSweepMs: nowMs,
  untilMs: graceUntilMs(grace, nowMs, policy),
});

/** The `graceUntilMs` of an event. After a stall the scheduler reads waiting heartbeats before its late sweep runs. */
export function graceUntilMs(grace: LivenessGrace, nowMs: number, policy: LifecyclePolicy): number {
  const lateMs = nowMs - grace.lastSweepMs - grace.sweepIntervalMs;
  return lateMs > TOLERATED_INTERVALS * grace.sweepIntervalMs ? nowMs + policy.heartbeatTimeoutMs : grace.untilMs;
}
