// What of a record outlives a restart; `restoreRecord` is the way back. Pure.
import type { NodeRecord } from '../../lifecycle/node-record';
import type { StoredNode } from '../../lifecycle/restore-record';

export const storedNodeFrom = ({ nodeId, profile, status, reasonCode, previousStatus, since, drain }: NodeRecord): StoredNode => ({
  nodeId,
  profile,
  status,
  reasonCode,
  previousStatus,
  sinceMs: since.wallMs,
  drain:
    drain === null ? null : { by: drain.by, reason: drain.reason, requestedAtMs: drain.requestedAt.wallMs, timeoutMs: drain.timeoutMs },
});

/** Whether a change of the record is one that the store must learn of. Heartbeats alone are not. */
export const differsInStore = (previous: NodeRecord, next: NodeRecord): boolean =>
  previous.profile !== next.profile || previous.status !== next.status || previous.since !== next.since || previous.drain !== next.drain;
