// What can happen to a node, and what the service must do about it. Both are data: `transition` maps one to the other.
import type { NodeHeartbeat } from '../../../shared/protocol/node-messages';
import type { FailedCheck } from '../../../shared/protocol/scheduler-messages';
import type { CLOSE_CODES } from '../../../shared/protocol/codes';
import type { NodeStatus, RemovalReasonCode, StatusReasonCode } from '../../../shared/protocol/status';
import type { NodeProfile, NodeRecord } from './node-record';

export type NodeEvent =
  /** A `node_register` was accepted: a new node, or a known one with its token. */
  | {
      readonly type: 'registered';
      readonly nodeId: string;
      readonly profile: NodeProfile;
      /** Assigned jobs that still run on it, by its `active_jobs`; absent: as many as the record knew. */
      readonly assignedJobs?: number;
    }
  /** `graceUntilMs` (monotonic): until then a gap is the scheduler's fault, not the node's (see liveness-grace). */
  | { readonly type: 'heartbeat'; readonly message: NodeHeartbeat; readonly graceUntilMs: number }
  | { readonly type: 'connection_lost' }
  /** `timeoutMs` null: the policy's `drainTimeoutMs`. */
  | {
      readonly type: 'drain_requested';
      readonly by: 'operator' | 'node';
      readonly reason: string | null;
      readonly timeoutMs: number | null;
    }
  | { readonly type: 'resume_requested'; readonly by: 'operator' | 'node' }
  | { readonly type: 'job_assigned' }
  | { readonly type: 'job_released' }
  /** The sweep found a deadline due. Harmless when none is: the record comes back as it was. */
  | { readonly type: 'deadline_reached'; readonly graceUntilMs: number }
  /** `node_unregister`: the node leaves for good. */
  | { readonly type: 'left' }
  /** An operator removes the node. */
  | { readonly type: 'removed' };

/** Why a request was impossible: nothing has changed, and the caller is told (HTTP 409, or 404 for `unknown_node`). */
export type RefusalCode = 'unknown_node' | 'node_offline' | 'already_drained' | 'not_drained' | 'not_connected';

/** Why a node's jobs go back to the queue. */
export type RequeueCause = 'heartbeat_timeout' | 'drain_timeout' | RemovalReasonCode;

/** In the order in which they happened. */
export type Effect =
  | {
      readonly type: 'status_changed';
      /** Null: the node was not known. */
      readonly from: NodeStatus | null;
      readonly to: NodeStatus;
      readonly reasonCode: StatusReasonCode;
      readonly msInPrevious: number | null;
      /** The record at this change: one transition may pass through several statuses. */
      readonly record: NodeRecord;
    }
  | {
      readonly type: 'health_checked';
      readonly ok: boolean;
      readonly failedChecks: readonly FailedCheck[];
      readonly consecutiveSuccesses: number;
      readonly failuresInWindow: number;
    }
  /** `lastSeenAtMs` is Unix time; `lateMs` is how long after its deadline the silence was noticed. */
  | { readonly type: 'heartbeat_timed_out'; readonly lastSeenAtMs: number; readonly lateMs: number }
  /** The node's assigned jobs are to be queued again; the record counts them until `job_released`. */
  | { readonly type: 'requeue_jobs'; readonly cause: RequeueCause; readonly jobs: number }
  | { readonly type: 'close_socket'; readonly code: typeof CLOSE_CODES.heartbeatTimeout | typeof CLOSE_CODES.removed }
  /** The record is gone; `record` is the last one. */
  | { readonly type: 'removed'; readonly reasonCode: RemovalReasonCode; readonly record: NodeRecord }
  | { readonly type: 'refused'; readonly code: RefusalCode };

/** The next record (null: the node is not known, or no longer) and what is to be done. */
export type Transition = readonly [NodeRecord | null, readonly Effect[]];
