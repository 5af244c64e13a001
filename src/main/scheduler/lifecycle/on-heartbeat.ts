// The transition at a heartbeat: profile and usage, the window of health checks, and possibly the status (lifecycle §1-2).
import { warmupDeadlineMonotonicMs } from './deadlines';
import type { Effect, NodeEvent, Transition } from './events';
import type { FailedCheck } from './failed-check';
import { checkHealth } from './health-check';
import { failuresInWindow, isFailing, withCheck } from './health-history';
import { afterModelChange } from './model-failures';
import { withDueTrials, withEasedSlowdowns, withoutRemovedModels } from './model-rates';
import { loadedSinceOf, loadingSinceOf } from './model-residency';
import { inFlightOf, type Instant, type NodeProfile, type NodeRecord } from './node-record';
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
  const changed = withProfile(record, updatedProfile(record.profile, report), now);
  const { usage, gpus } = report;
  const gapMs = now.monotonicMs <= graceUntilMonotonicMs ? 0 : now.monotonicMs - record.lastSeen.monotonicMs;
  // What passed passes again: the one status with a stricter check begins without earlier checks.
  const isRepeated = changed === record && usage === record.usage && gpus === record.gpus && gapMs <= policy.heartbeatTimeoutMs;
  const failedChecks =
    isRepeated && record.health.lastCheck?.ok === true
      ? NONE
      : checkHealth({ profile: changed.profile, status: record.status, usage, gpus, gapMs, policy });
  const health = withCheck(record.health, failedChecks, policy);
  const inFlight = inFlightOf(record.assignedJobs, usage);
  const isIdle = isWithoutPool(inFlight, record.lastJobAtMonotonicMs, now.monotonicMs);
  const updated: NodeRecord = {
    ...changed,
    usage,
    ownerLoad: ownerLoadOf(record.ownerLoad, usage, isIdle, now.monotonicMs),
    lastJobAtMonotonicMs: inFlight > 0 ? now.monotonicMs : record.lastJobAtMonotonicMs,
    gpus,
    health,
    rates: withDueTrials(withEasedSlowdowns(changed.rates, now.monotonicMs), now.monotonicMs),
    lastSeen: now,
    lastHeartbeatAtWallMs: now.wallMs,
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

const NONE: readonly FailedCheck[] = [];

/** With what follows from the profile. The same record when the profile is the same: so it is for nearly all heartbeats. */
function withProfile(record: NodeRecord, profile: NodeProfile, now: Instant): NodeRecord {
  if (profile === record.profile) return record;
  const { loadedSince: loadedBefore, loadingSince: loadingBefore, ...others } = record;
  const loadedSince = loadedSinceOf(loadedBefore, profile, now);
  const loadingSince = loadingSinceOf(loadingBefore, profile, now);
  return {
    ...others,
    profile,
    failures: afterModelChange(record.failures, profile, now),
    rates: withoutRemovedModels(record.rates, profile.installedModels, now.monotonicMs),
    ...(loadedSince === undefined ? {} : { loadedSince }),
    ...(loadingSince === undefined ? {} : { loadingSince }),
  };
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

/**
 * After a heartbeat: whether it changed only when the node was seen. Nothing else follows from such a heartbeat. A registering node is sent
 * each of its checks.
 */
export const wasOnlySeen = (before: NodeRecord, after: NodeRecord): boolean =>
  after.status !== 'registering' &&
  before.profile === after.profile &&
  before.usage === after.usage &&
  before.gpus === after.gpus &&
  before.status === after.status &&
  before.since === after.since &&
  before.failures === after.failures &&
  before.rates === after.rates &&
  before.health.lastCheck === after.health.lastCheck &&
  before.ownerLoad.cpuPercent === after.ownerLoad.cpuPercent &&
  before.ownerLoad.gpuPercent === after.ownerLoad.gpuPercent &&
  before.ownerLoad.isMeasured === after.ownerLoad.isMeasured;
