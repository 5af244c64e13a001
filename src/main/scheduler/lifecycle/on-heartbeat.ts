// The transition at a heartbeat: profile and usage, the window of health checks, and possibly the status (lifecycle §1-2).
import { warmupDeadlineMonotonicMs } from './deadlines';
import type { Effect, NodeEvent, Transition } from './events';
import { checkHealth } from './health-check';
import { failuresInWindow, isFailing, withCheck } from './health-history';
import { afterModelChange } from './model-failures';
import { inFlightOf, type Instant, type NodeRecord } from './node-record';
import { ownerLoadOf } from './owner-load';
import type { LifecyclePolicy } from './policy';
import { updatedProfile } from './profile-update';
import { enter, finishDrainWhenIdle } from './status-change';

type Heartbeat = Extract<NodeEvent, { type: 'heartbeat' }>;

/** For a record that is online. The health check runs and enters the window in every status. */
export function onHeartbeat(
  record: NodeRecord,
  { report, graceUntilMonotonicMs }: Heartbeat,
  now: Instant,
  policy: LifecyclePolicy,
): Transition {
  const profile = updatedProfile(record.profile, report);
  const { usage, gpus } = report;
  const gapMs = now.monotonicMs <= graceUntilMonotonicMs ? 0 : now.monotonicMs - record.lastSeen.monotonicMs;
  const failedChecks = checkHealth({ profile, status: record.status, usage, gpus, gapMs, policy });
  const health = withCheck(record.health, failedChecks, policy);
  const ownerLoad = ownerLoadOf(record.ownerLoad, usage, inFlightOf(record.assignedJobs, usage), now.monotonicMs);
  const failures = profile === record.profile ? record.failures : afterModelChange(record.failures, profile, now);
  const seen = { lastSeen: now, lastHeartbeatAtWallMs: now.wallMs };
  const updated: NodeRecord = { ...record, profile, usage, ownerLoad, gpus, health, failures, ...seen };
  const effects: Effect[] = [
    {
      type: 'health_checked',
      ok: failedChecks.length === 0,
      failedChecks,
      consecutiveSuccesses: health.consecutiveSuccesses,
      failuresInWindow: failuresInWindow(health),
    },
  ];
  return [withNextStatus(updated, now, policy, effects), effects];
}

function withNextStatus(record: NodeRecord, now: Instant, policy: LifecyclePolicy, effects: Effect[]): NodeRecord {
  const { health } = record;
  const ok = health.lastCheck?.ok === true;
  switch (record.status) {
    case 'registering':
      if (health.consecutiveSuccesses >= policy.healthCheckSuccessThreshold)
        return enter(record, 'ready', 'health_check_passed', now, effects);
      if (!ok && now.monotonicMs >= warmupDeadlineMonotonicMs(record, policy))
        return enter(record, 'degraded', 'warmup_timeout', now, effects);
      return record;
    case 'ready':
      return isFailing(health, policy) ? enter(record, 'degraded', 'health_check_failed', now, effects) : record;
    case 'degraded':
      if (!ok || health.consecutiveSuccesses < policy.recoverySuccessThreshold) return record;
      return enter({ ...record, health: { ...health, window: [] } }, 'ready', 'health_recovered', now, effects);
    case 'draining':
      return finishDrainWhenIdle(record, now, effects);
    case 'offline':
      return record;
  }
}
