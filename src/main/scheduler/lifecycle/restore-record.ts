// The record of a stored node after a restart of the scheduler: the stored state, but not connected.
import type { NodeStatus, StatusReasonCode } from '../../../shared/protocol/status';
import { NO_CHECKS } from './health-history';
import { NO_EXPECTED_JOBS } from './expected-jobs';
import { NO_FAILURES } from './model-failures';
import { NO_RATES } from './model-rates';
import type { DrainIntent, Instant, NodeProfile, NodeRecord, NodeWake, OwnerPause, Quarantine } from './node-record';
import { NO_OWNER_LOAD } from './owner-load';

/** The part of a record that survives a restart. Times are Unix ms. */
export interface StoredNode {
  readonly nodeId: string;
  readonly profile: NodeProfile;
  readonly status: NodeStatus;
  readonly reasonCode: StatusReasonCode;
  readonly previousStatus: NodeStatus | null;
  readonly hasBeenReady: boolean;
  readonly sinceWallMs: number;
  readonly drain: {
    readonly by: DrainIntent['by'];
    readonly reason: string | null;
    readonly requestedAtWallMs: number;
    readonly timeoutMs: number;
  } | null;
  readonly pause: (Omit<OwnerPause, 'since' | 'startedAt'> & { readonly sinceWallMs: number; readonly startedAtWallMs: number }) | null;
  /** Absent: the scheduler never woke the node. */
  readonly wake?: Omit<NodeWake, 'sentAt'> & { readonly sentAtWallMs: number | null };
  readonly tags: readonly string[];
  readonly quarantine: { readonly by: Quarantine['by']; readonly reason: string | null; readonly sinceWallMs: number } | null;
}

/**
 * Not online, nothing in flight, last seen now: the node has one full heartbeat timeout to reconnect. Failures and rates are not stored, so a
 * restart forgets them.
 */
export function restoreRecord(stored: StoredNode, now: Instant): NodeRecord {
  const { nodeId, profile, status, reasonCode, previousStatus, hasBeenReady, drain, pause, quarantine, wake, tags } = stored;
  const since = instantOf(stored.sinceWallMs, now);
  return {
    nodeId,
    profile,
    status,
    reasonCode,
    previousStatus,
    hasBeenReady,
    since,
    online: false,
    isAsleep: status === 'offline' && reasonCode === 'asleep',
    ...(wake === undefined ? {} : { wake: restoredWake(wake, now) }),
    drain:
      drain === null
        ? null
        : { by: drain.by, reason: drain.reason, requestedAt: instantOf(drain.requestedAtWallMs, now), timeoutMs: drain.timeoutMs },
    pause: pause === null ? null : restoredPause(pause, now),
    quarantine:
      quarantine === null ? null : { by: quarantine.by, reason: quarantine.reason, since: instantOf(quarantine.sinceWallMs, now) },
    tags,
    registeredAt: now,
    // An offline node was silent before the restart, so its retention continues. The silence of other nodes begins now.
    lastSeen: status === 'offline' ? since : now,
    lastHeartbeatAtWallMs: null,
    health: NO_CHECKS,
    usage: null,
    ownerLoad: NO_OWNER_LOAD,
    gpus: null,
    assignedJobs: 0,
    lastAssignedAtMonotonicMs: null,
    lastJobAtMonotonicMs: null,
    turn: 0,
    provenSlots: 0,
    failures: NO_FAILURES,
    rates: NO_RATES,
    expectedJobs: NO_EXPECTED_JOBS,
  };
}

const restoredPause = ({ sinceWallMs, startedAtWallMs, ...pause }: NonNullable<StoredNode['pause']>, now: Instant): OwnerPause => ({
  ...pause,
  since: instantOf(sinceWallMs, now),
  startedAt: instantOf(startedAtWallMs, now),
});

const restoredWake = ({ sentAtWallMs, ...wake }: NonNullable<StoredNode['wake']>, now: Instant): NodeWake => ({
  ...wake,
  sentAt: sentAtWallMs === null ? null : instantOf(sentAtWallMs, now),
});

/** Only the wall clock continues across a restart, so ages are differences of wall time, and never negative. */
const instantOf = (wallMs: number, now: Instant): Instant => ({
  wallMs,
  monotonicMs: now.monotonicMs - Math.max(0, now.wallMs - wallMs),
});
