// The sliding window of health checks. Both outcomes enter it, and a healthy check does not empty it (lifecycle §1).
import type { FailedCheck } from '../../../shared/protocol/scheduler-messages';
import type { HealthHistory } from './node-record';
import type { LifecyclePolicy } from './policy';

export const NO_CHECKS: HealthHistory = { window: [], consecutiveSuccesses: 0, consecutiveFailures: 0, lastCheck: null };

const PASSED: NonNullable<HealthHistory['lastCheck']> = { ok: true, failedChecks: [] };

/** The history after one more check; it passed when nothing failed. */
export function withCheck(health: HealthHistory, failedChecks: readonly FailedCheck[], policy: LifecyclePolicy): HealthHistory {
  const ok = failedChecks.length === 0;
  const window = health.window.slice(Math.max(0, health.window.length - policy.failureRateWindowSize + 1));
  window.push(ok);
  return {
    window,
    consecutiveSuccesses: ok ? health.consecutiveSuccesses + 1 : 0,
    consecutiveFailures: ok ? 0 : health.consecutiveFailures + 1,
    lastCheck: ok ? PASSED : { ok, failedChecks },
  };
}

export function failuresInWindow({ window }: HealthHistory): number {
  let failures = 0;
  for (const ok of window) if (!ok) failures++;
  return failures;
}

/** Enough failures, in a row or among the last checks, to call a ready node degraded. A healthy last check never is. */
export const isFailing = (health: HealthHistory, policy: LifecyclePolicy): boolean =>
  health.lastCheck?.ok === false &&
  (health.consecutiveFailures >= policy.consecutiveFailureThreshold || failuresInWindow(health) >= policy.failureRateThreshold);
