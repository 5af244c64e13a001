// The health of a record as nodes and API clients receive it (protocol §3).
import type { Health } from '../../../shared/protocol/scheduler-messages';
import { toFailedCheckView } from './failed-check';
import { failuresInWindow } from './health-history';
import type { NodeRecord } from './node-record';
import type { LifecyclePolicy } from './policy';

export function healthView({ status, health, registeredAt }: NodeRecord, policy: LifecyclePolicy): Health {
  return {
    ok: health.lastCheck?.ok ?? null,
    failed_checks: (health.lastCheck?.failedChecks ?? []).map(toFailedCheckView),
    consecutive_successes: health.consecutiveSuccesses,
    required_successes: status === 'degraded' ? policy.recoverySuccessThreshold : policy.healthCheckSuccessThreshold,
    window: [...health.window],
    failures_in_window: failuresInWindow(health),
    failure_threshold: policy.failureRateThreshold,
    warmup_deadline: status === 'registering' ? registeredAt.wallMs + policy.warmupTimeoutMs : null,
  };
}
