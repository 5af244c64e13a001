// The events of a node, and the effects that the pool must perform. Both are data: `nodeTransition` maps events to effects.
import type { CLOSE_CODES } from '../../../shared/protocol/codes';
import type { NodeStatus, RemovalReasonCode, StatusReasonCode } from '../../../shared/protocol/status';
import type { ExpectedJob } from './expected-jobs';
import type { FailedCheck } from './failed-check';
import type { AttemptVerdict } from './model-failures';
import type { NodeRates, RateSample } from './model-rates';
import type { AttemptError, ModelFailures, NodeProfile, NodeRecord, OwnerPause } from './node-record';
import type { NodeReport } from './node-report';

/** `timeoutMs` null: `drainTimeoutMs` of the policy. */
export interface RequestedPause extends Pick<OwnerPause, 'code' | 'detail' | 'untilWallMs'> {
  readonly timeoutMs: number | null;
}

export type NodeEvent =
  /** A `node_register` was accepted: a new node, or a known one with its token. */
  | {
      readonly type: 'registered';
      readonly nodeId: string;
      readonly profile: NodeProfile;
      /** Assigned jobs that still run on the node, from its `active_jobs`. Absent: the count of the record stays. */
      readonly assignedJobs?: number;
      /** The rates of a new node. Absent: none. */
      readonly rates?: NodeRates;
      /** The pause that the node reports. Absent: the node is not paused. */
      readonly pause?: RequestedPause;
    }
  /** `graceUntilMonotonicMs` (monotonic): until then a gap between heartbeats does not count as late (see liveness-grace). */
  | { readonly type: 'heartbeat'; readonly report: NodeReport; readonly graceUntilMonotonicMs: number }
  /** `isAsleep`: the node closed it because its computer goes to sleep. */
  | { readonly type: 'connection_lost'; readonly isAsleep: boolean }
  /** The scheduler sends the packet that wakes the node. */
  | { readonly type: 'wake_sent' }
  /** `timeoutMs` null: `drainTimeoutMs` of the policy. */
  | {
      readonly type: 'drain_requested';
      readonly by: 'operator' | 'node';
      readonly reason: string | null;
      readonly timeoutMs: number | null;
    }
  /** Ends the drain for an operator. Ends the pause, and a drain by the node, for the node. */
  | { readonly type: 'resume_requested'; readonly by: 'operator' | 'node' }
  /** The owner pauses the node, or changes the pause. */
  | { readonly type: 'pause_requested'; readonly pause: RequestedPause }
  /**
   * `modelId`: the model of the job's task. `turn`: the next place of the node in the order; absent for a restored job. `expected`: absent
   * when nothing is known of the speed of the node.
   */
  | {
      readonly type: 'job_assigned';
      readonly jobId: string;
      readonly modelId: string;
      readonly turn?: number;
      readonly expected?: ExpectedJob;
    }
  /** The node has processed the prompt of the job. */
  | { readonly type: 'first_token'; readonly jobId: string }
  /** A job on the model succeeded and shows how fast the node is. */
  | { readonly type: 'job_measured'; readonly modelId: string; readonly sample: RateSample }
  | { readonly type: 'job_released'; readonly jobId: string; readonly modelId: string; readonly verdict: AttemptVerdict }
  /** An attempt that has ended earlier counts as failed now: another node did not confirm its error. */
  | { readonly type: 'attempt_failed'; readonly jobId: string; readonly modelId: string; readonly error: AttemptError }
  /** A failure that was counted is not the node's: the job failed on other nodes as well. */
  | { readonly type: 'failure_excused'; readonly modelId: string }
  /** An operator does not trust the node. A later request replaces the reason. */
  | { readonly type: 'quarantine_requested'; readonly reason: string | null }
  | { readonly type: 'release_requested' }
  /** An operator replaces all tags of the node. */
  | { readonly type: 'tags_set'; readonly tags: readonly string[] }
  /** The sweep found a deadline due. When none is due, the record stays the same. */
  | { readonly type: 'deadline_reached'; readonly graceUntilMonotonicMs: number }
  /** `node_unregister`: the node leaves the pool. */
  | { readonly type: 'left' }
  /** An operator removes the node. */
  | { readonly type: 'removed' }
  /** A new node takes the place of this one. */
  | { readonly type: 'displaced' };

/** Why a request was refused. Nothing has changed. The caller answers with HTTP 409, or 404 for `unknown_node`. */
export type RefusalCode =
  | 'unknown_node'
  | 'node_offline'
  | 'already_drained'
  | 'not_drained'
  /** An operator cannot end the pause of the owner. */
  | 'paused_by_owner'
  /** The node cannot end the drain of an operator. */
  | 'drained_by_operator'
  | 'not_quarantined'
  | 'not_connected';

/** Why the jobs of a node are requeued. */
export type RequeueCause = 'heartbeat_timeout' | 'asleep' | 'drain_timeout' | 'quarantined' | RemovalReasonCode;

/** In the order in which they happened. */
export type Effect =
  | {
      readonly type: 'status_changed';
      /** Null: the node was not known. */
      readonly from: NodeStatus | null;
      readonly to: NodeStatus;
      readonly reasonCode: StatusReasonCode;
      readonly msInPrevious: number | null;
      /** The record after this change. One transition can pass through several statuses. */
      readonly record: NodeRecord;
    }
  | {
      readonly type: 'health_checked';
      readonly ok: boolean;
      readonly failedChecks: readonly FailedCheck[];
      readonly consecutiveSuccesses: number;
      readonly failuresInWindow: number;
    }
  /** `lastSeenAtWallMs` is Unix time. `lateMs`: how long after the deadline the sweep noticed it. */
  | { readonly type: 'heartbeat_timed_out'; readonly lastSeenAtWallMs: number; readonly lateMs: number }
  /** The assigned jobs of the node must be requeued. The record counts them until `job_released`. */
  | { readonly type: 'requeue_jobs'; readonly cause: RequeueCause; readonly jobs: number }
  /** The node is ready after a packet that woke it, or was not in time. `tookMs`: since the packet. */
  | { readonly type: 'wake_ended'; readonly outcome: 'ready' | 'timeout'; readonly tookMs: number }
  /** The model is excluded on this node from now until the end of the period. */
  | { readonly type: 'model_failing'; readonly modelId: string; readonly entry: ModelFailures }
  | { readonly type: 'close_socket'; readonly code: typeof CLOSE_CODES.heartbeatTimeout | typeof CLOSE_CODES.removed }
  /** The node is no longer known. `record` is its last record. */
  | { readonly type: 'removed'; readonly reasonCode: RemovalReasonCode; readonly record: NodeRecord }
  | { readonly type: 'refused'; readonly code: RefusalCode };

/** The next record (null: the node is not known, or no longer known) and the effects to perform. */
export type Transition = readonly [NodeRecord | null, readonly Effect[]];
