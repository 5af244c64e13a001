// The state machine of a node (lifecycle §1), total over status x event: the next record, and the effects that the pool must perform.
// `on-heartbeat.ts`, `on-deadline.ts`, `on-drain.ts` and `on-job.ts` hold the longest events.
import { assertNever } from '../../../shared/assert-never';
import type { Effect, NodeEvent, Transition } from './events';
import { NO_EXPECTED_JOBS } from './expected-jobs';
import { NO_CHECKS } from './health-history';
import { afterModelChange, NO_FAILURES } from './model-failures';
import { NO_RATES, withoutRemovedModels } from './model-rates';
import type { Instant, NodeRecord } from './node-record';
import { onDeadline, removed } from './on-deadline';
import { onDrainRequested, onPauseRequested, onResumeRequested, pauseOf } from './on-drain';
import { onHeartbeat } from './on-heartbeat';
import { onWakeSent } from './node-wake';
import { NO_OWNER_LOAD } from './owner-load';
import { onAttemptFailed, onFailureExcused, onFirstToken, onJobAssigned, onJobMeasured, onJobReleased } from './on-job';
import type { LifecyclePolicy } from './policy';
import { enter, refused, requeueAssigned, startDraining } from './status-change';

type Registered = Extract<NodeEvent, { type: 'registered' }>;
type QuarantineRequested = Extract<NodeEvent, { type: 'quarantine_requested' }>;

/** Returns the same object when nothing changed. An invalid request changes nothing and yields the effect `refused`. */
export function nodeTransition(record: NodeRecord | null, event: NodeEvent, now: Instant, policy: LifecyclePolicy): Transition {
  if (event.type === 'registered') return onRegistered(record, event, now, policy);
  if (record === null) return unknownNode(event);
  switch (event.type) {
    case 'heartbeat':
      return record.online ? onHeartbeat(record, event, now, policy) : refused(record, 'not_connected');
    case 'connection_lost':
      return onConnectionLost(record, event.isAsleep, now);
    case 'wake_sent':
      return [record.isAsleep && !record.online ? onWakeSent(record, now) : record, []];
    case 'drain_requested':
      return onDrainRequested(record, event, now, policy);
    case 'resume_requested':
      return onResumeRequested(record, event, now);
    case 'pause_requested':
      return onPauseRequested(record, event, now, policy);
    case 'job_assigned':
      return onJobAssigned(record, event, now);
    case 'job_released':
      return onJobReleased(record, event, now, policy);
    case 'attempt_failed':
      return onAttemptFailed(record, event, now);
    case 'failure_excused':
      return onFailureExcused(record, event, now);
    case 'first_token':
      return onFirstToken(record, event);
    case 'job_measured':
      return onJobMeasured(record, event, now);
    case 'quarantine_requested':
      return onQuarantineRequested(record, event, now);
    case 'release_requested':
      return record.quarantine === null ? refused(record, 'not_quarantined') : [{ ...record, quarantine: null }, []];
    case 'tags_set':
      return [haveSame(record.tags, event.tags) ? record : { ...record, tags: event.tags }, []];
    case 'deadline_reached':
      return onDeadline(record, event.graceUntilMonotonicMs, now, policy);
    case 'left':
      return removed(record, 'node_left');
    case 'removed':
      return removed(record, 'removed');
    case 'displaced':
      return removed(record, 'expired');
    default:
      return assertNever(event);
  }
}

const NOTIFICATIONS: ReadonlySet<NodeEvent['type']> = new Set([
  'connection_lost',
  'wake_sent',
  'job_released',
  'attempt_failed',
  'failure_excused',
  'first_token',
  'job_measured',
  'deadline_reached',
]);

const haveSame = (some: readonly string[], others: readonly string[]): boolean =>
  some.length === others.length && some.every((tag, i) => tag === others[i]);

/** Requests for an unknown node are refused. Late notifications about a removed node are ignored. */
function unknownNode(event: NodeEvent): Transition {
  return NOTIFICATIONS.has(event.type) ? [null, []] : refused(null, 'unknown_node');
}

/**
 * A known node starts again, with an empty health history. A drain or quarantine by an operator survives the registration, a drain by the
 * node does not. The registration says whether the owner pauses the node. The failures and rates survive as well, so that a restart does
 * not clear them.
 */
function onRegistered(
  record: NodeRecord | null,
  { nodeId, profile, assignedJobs, rates, pause }: Registered,
  now: Instant,
  policy: LifecyclePolicy,
): Transition {
  const next: NodeRecord = {
    nodeId,
    profile,
    status: 'registering',
    reasonCode: 'registered',
    previousStatus: record?.status ?? null,
    hasBeenReady: record?.hasBeenReady ?? false,
    since: now,
    online: true,
    isAsleep: false,
    ...(record?.wake === undefined ? {} : { wake: record.wake }),
    drain: record?.drain?.by === 'operator' ? record.drain : null,
    pause: pause === undefined ? null : pauseOf(record?.pause ?? null, pause, now, policy),
    quarantine: record?.quarantine ?? null,
    tags: record?.tags ?? [],
    registeredAt: now,
    lastSeen: now,
    lastHeartbeatAtWallMs: null,
    health: NO_CHECKS,
    usage: null,
    // The last reading without a job counts across a reconnect, for as long as in any other case.
    ownerLoad: record?.ownerLoad ?? NO_OWNER_LOAD,
    gpus: null,
    // A model that stayed in memory across a reconnect keeps its time.
    ...(record?.loadedSince === undefined ? {} : { loadedSince: record.loadedSince }),
    assignedJobs: assignedJobs ?? record?.assignedJobs ?? 0,
    lastAssignedAtMonotonicMs: record?.lastAssignedAtMonotonicMs ?? null,
    // A job that was lost with the connection may still run.
    lastJobAtMonotonicMs: record !== null && record.assignedJobs > 0 ? now.monotonicMs : (record?.lastJobAtMonotonicMs ?? null),
    turn: record?.turn ?? 0,
    provenSlots: Math.max(record?.provenSlots ?? 0, policy.maxConcurrentJobsPerNode),
    failures: afterModelChange(record?.failures ?? NO_FAILURES, profile, now),
    rates: withoutRemovedModels(record?.rates ?? rates ?? NO_RATES, profile.installedModels, now.monotonicMs),
    expectedJobs: record?.expectedJobs ?? NO_EXPECTED_JOBS,
  };
  const msInPrevious = record === null ? null : now.monotonicMs - record.since.monotonicMs;
  const effects: Effect[] = [
    { type: 'status_changed', from: next.previousStatus, to: 'registering', reasonCode: 'registered', msInPrevious, record: next },
  ];
  return [next.drain === null && next.pause === null ? next : startDraining(next, now, effects), effects];
}

/** A sleeping computer does not return soon, so its jobs do not wait for the heartbeat timeout. */
function onConnectionLost(record: NodeRecord, isAsleep: boolean, now: Instant): Transition {
  if (!record.online) return [record, []];
  const disconnected: NodeRecord = { ...record, online: false, isAsleep };
  if (!isAsleep) return [disconnected, []];
  const effects: Effect[] = [];
  const next = enter(disconnected, 'offline', 'asleep', now, effects);
  requeueAssigned(next, 'asleep', effects);
  return [next, effects];
}

/** The answers of the node are not trusted, so its jobs are requeued at once. A later request only replaces the reason. */
function onQuarantineRequested(record: NodeRecord, { reason }: QuarantineRequested, now: Instant): Transition {
  const { quarantine } = record;
  if (quarantine?.reason === reason) return [record, []];
  const next: NodeRecord = { ...record, quarantine: { by: 'operator', reason, since: quarantine?.since ?? now } };
  const effects: Effect[] = [];
  if (quarantine === null) requeueAssigned(next, 'quarantined', effects);
  return [next, effects];
}
