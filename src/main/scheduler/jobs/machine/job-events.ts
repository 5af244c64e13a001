// What can happen to a job, and what the service must do about it. Both are data: `transition` maps one to the other.
import type { CancelReason, JobError, StopReason } from '../../../../shared/api/job';
import type { ExclusionTally } from '../../dispatch/exclusion-aggregates';
import type { JobRecord } from './job-record';

export type JobMachineEvent =
  /** A node was chosen. */
  | { readonly type: 'assigned'; readonly nodeId: string }
  /** The node says that it runs it. */
  | { readonly type: 'accepted'; readonly attempt: number; readonly nodeId: string }
  | {
      readonly type: 'result';
      readonly attempt: number;
      readonly nodeId: string;
      /** Null: it succeeded. */
      readonly error: JobError | null;
      /** Whether another attempt may do better, by what the node says. */
      readonly retryable: boolean;
    }
  /** The node is gone, or came back without it. */
  | { readonly type: 'node_lost'; readonly nodeId: string }
  /** The node was to finish it before its drain's deadline and did not. */
  | { readonly type: 'drain_timeout'; readonly nodeId: string }
  /** The assignment was not sent: the attempt does not count. */
  | { readonly type: 'not_delivered'; readonly attempt: number }
  | { readonly type: 'cancel_requested'; readonly reason: CancelReason }
  /** Its deadlines, and the end of a pause. Harmless when not due: the record comes back as it was. */
  | { readonly type: 'attempt_deadline' }
  /** `reasons`: what kept it from every node, if it was still waiting for one. */
  | { readonly type: 'queue_deadline'; readonly reasons: ExclusionTally | null }
  | { readonly type: 'total_deadline'; readonly reasons: ExclusionTally | null }
  | { readonly type: 'retry_due' };

/** In the order in which they happened. */
export type JobEffect =
  /** To be sent when the record is durable. */
  | { readonly type: 'send_assign'; readonly nodeId: string; readonly attempt: number }
  /** The node may still be at it, in vain. */
  | { readonly type: 'cancel_on_node'; readonly nodeId: string; readonly attempt: number; readonly reason: StopReason }
  /** The attempt is over: its node has one job less in flight. Exactly once per assignment. */
  | { readonly type: 'slot_freed'; readonly nodeId: string }
  /** The job has its terminal status. Exactly once. */
  | { readonly type: 'finished' }
  /** What a node said is not about the live attempt: nothing has changed. */
  | { readonly type: 'stale' }
  /** The job was over before: nothing has changed. */
  | { readonly type: 'already_ended' };

export type JobTransition = readonly [JobRecord, readonly JobEffect[]];

export interface JobPolicy {
  /** Wait before the second attempt after a failure; doubles with each further one, up to `retryMaxMs`. */
  readonly retryBaseMs: number;
  readonly retryMaxMs: number;
}

export const DEFAULT_JOB_POLICY: JobPolicy = { retryBaseMs: 1000, retryMaxMs: 10_000 };
