// The part of a record that is stored. `restoreRecord` makes a record of it.
import { sameExceptLoaded } from '../../lifecycle/profile-update';
import type { NodeRecord, NodeWake, OwnerPause } from '../../lifecycle/node-record';
import type { StoredNode } from '../../lifecycle/restore-record';

export const toStoredNode = ({
  nodeId,
  profile,
  status,
  reasonCode,
  previousStatus,
  hasBeenReady,
  since,
  drain,
  pause,
  quarantine,
  wake,
  tags,
}: NodeRecord): StoredNode => ({
  nodeId,
  profile,
  status,
  reasonCode,
  previousStatus,
  hasBeenReady,
  sinceWallMs: since.wallMs,
  drain:
    drain === null ? null : { by: drain.by, reason: drain.reason, requestedAtWallMs: drain.requestedAt.wallMs, timeoutMs: drain.timeoutMs },
  pause: pause === null ? null : toStoredPause(pause),
  quarantine: quarantine === null ? null : { by: quarantine.by, reason: quarantine.reason, sinceWallMs: quarantine.since.wallMs },
  tags,
  ...(wake === undefined ? {} : { wake: toStoredWake(wake) }),
});

const toStoredWake = ({ sentAt, ...wake }: NodeWake): NonNullable<StoredNode['wake']> => ({
  ...wake,
  sentAtWallMs: sentAt?.wallMs ?? null,
});

const toStoredPause = ({ since, startedAt, ...pause }: OwnerPause): NonNullable<StoredNode['pause']> => ({
  ...pause,
  sinceWallMs: since.wallMs,
  startedAtWallMs: startedAt.wallMs,
});

/**
 * Whether a change must be written to the store. A change of load or health alone is not written, nor is which models
 * are in memory: a node sends its models again when it registers.
 */
export const differsInStore = (previous: NodeRecord, next: NodeRecord): boolean =>
  !sameExceptLoaded(previous.profile, next.profile) ||
  previous.status !== next.status ||
  previous.since !== next.since ||
  previous.drain !== next.drain ||
  previous.pause !== next.pause ||
  previous.quarantine !== next.quarantine ||
  previous.wake !== next.wake ||
  previous.tags !== next.tags;
