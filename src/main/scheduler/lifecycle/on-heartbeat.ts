// The transition at a heartbeat: profile and usage, the window of health checks, and possibly the status (lifecycle §1-2).
import { warmupDeadlineMonotonicMs } from './deadlines';
import type { Effect, NodeEvent, Transition } from './events';
import { checkHealth } from './health-check';
import { failuresInWindow, isFailing, withCheck } from './health-history';
import { afterModelChange } from './model-failures';
import { withDueTrials, withEasedSlowdowns, withoutRemovedModels } from './model-rates';
import { loadedSinceOf, loadingSinceOf } from './model-residency';
import { inFlightOf, type Instant, type NodeRecord } from './node-record';
import { isWithoutPool, ownerLoadOf } from './owner-load';
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
  const inFlight = inFlightOf(record.assignedJobs, usage);
  const isIdle = isWithoutPool(inFlight, record.lastJobAtMonotonicMs, now.monotonicMs);
  const ownerLoad = ownerLoadOf(record.ownerLoad, usage, isIdle, now.monotonicMs);
  const lastJobAtMonotonicMs = inFlight > 0 ? now.monotonicMs : record.lastJobAtMonotonicMs;
  const failures = profile === record.profile ? record.failures : afterModelChange(record.failures, profile, now);
  const known = profile === record.profile ? record.rates : withoutRemovedModels(record.rates, profile.installedModels, now.monotonicMs);
  const rates = withDueTrials(withEasedSlowdowns(known, now.monotonicMs), now.monotonicMs);
  const { loadedSince: loadedBefore, loadingSince: loadingBefore, ...before } = record;
  const loadedSince = profile === record.profile ? loadedBefore : loadedSinceOf(loadedBefore, profile, now);
  const loadingSince = profile === record.profile ? loadingBefore : loadingSinceOf(loadingBefore, profile, now);
  const residency = { ...(loadedSince === undefined ? {} : { loadedSince }), ...(loadingSince === undefined ? {} : { loadingSince }) };
  const seen = { lastSeen: now, lastHeartbeatAtWallMs: now.wallMs };
  const updated: NodeRecord = {
    ...before,
    profile,
    usage,
    ownerLoad,
    lastJobAtMonotonicMs,
    gpus,
    health,
    failures,
    rates,
    ...residency,
    ...seen,
  };
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
