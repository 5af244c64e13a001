// The sliding window of health checks. It holds passed and failed checks. A passed check does not clear it (lifecycle §1).
import type { FailedCheck } from './failed-check';
import type { HealthHistory } from './node-record';
import type { LifecyclePolicy } from './policy';

export const NO_CHECKS: HealthHistory = { window: [], consecutiveSuccesses: 0, consecutiveFailures: 0, lastCheck: null };

const PASSED: NonNullable<HealthHistory['lastCheck']> = { ok: true, failedChecks: [] };

/** The history after one more check. The check passed when `failedChecks` is empty. */
export function withCheck(health: HealthHistory, failedChecks: readonly FailedCheck[], policy: LifecyclePolicy): HealthHistory {
  const ok = failedChecks.length === 0;
  return {
    window: withResult(health, ok, policy.failureRateWindowSize),
    consecutiveSuccesses: ok ? health.consecutiveSuccesses + 1 : 0,
    consecutiveFailures: ok ? 0 : health.consecutiveFailures + 1,
    lastCheck: ok ? PASSED : { ok, failedChecks },
  };
}

/** The same array when all of it passed, as nearly always. */
function withResult({ window, consecutiveSuccesses }: HealthHistory, ok: boolean, size: number): readonly boolean[] {
  if (ok && window.length === size && consecutiveSuccesses >= size) return window;
  return [...window.slice(Math.max(0, window.length - size + 1)), ok];
}

export function failuresInWindow({ window }: HealthHistory): number {
  let failures = 0;
  for (const ok of window) if (!ok) failures++;
  return failures;
}

/** Whether a ready node must become degraded: enough failures in a row or in the window. Never after a check that passed. */
export const isFailing = (health: HealthHistory, policy: LifecyclePolicy): boolean =>
  health.lastCheck?.ok === false &&
  (health.consecutiveFailures >= policy.consecutiveFailureThreshold || failuresInWindow(health) >= policy.failureRateThreshold);
