// One fresh grace period for all nodes at once, when the scheduler itself was away: it has just started, or its sweep was late
// by more than two intervals (lifecycle §1, Liveness). A floor under all heartbeat deadlines, so that it costs one number.
import type { LifecyclePolicy } from './policy';

/** Monotonic ms. */
export interface LivenessGrace {
  readonly sweepIntervalMs: number;
  readonly lastSweepMs: number;
  readonly untilMs: number;
}

const TOLERATED_INTERVALS = 2;

/** At the start of the scheduler: nobody is called offline before one full timeout. */
export const startGrace = (nowMs: number, sweepIntervalMs: number, policy: LifecyclePolicy): LivenessGrace => ({
  sweepIntervalMs,
  lastSweepMs: nowMs,
  untilMs: nowMs + policy.heartbeatTimeoutMs,
});

/** At every sweep, before asking what is due. */
export const noteSweep = (grace: LivenessGrace, nowMs: number, policy: LifecyclePolicy): LivenessGrace => ({
  sweepIntervalMs: grace.sweepIntervalMs,
  lastSweepMs: nowMs,
  untilMs: graceUntilMs(grace, nowMs, policy),
});

/** For `graceUntilMs` of any event: heartbeats that waited while the scheduler stalled arrive before its late sweep runs. */
export function graceUntilMs(grace: LivenessGrace, nowMs: number, policy: LifecyclePolicy): number {
  const lateMs = nowMs - grace.lastSweepMs - grace.sweepIntervalMs;
  return lateMs > TOLERATED_INTERVALS * grace.sweepIntervalMs ? nowMs + policy.heartbeatTimeoutMs : grace.untilMs;
}
