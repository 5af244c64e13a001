// The events of a job, and the effects that the service must perform. Both are data: `jobTransition` maps events to effects.
import type { CancelReason, JobError, StopReason } from '../../../../shared/api/job';
import type { PredictionView } from '../../../../shared/api/prediction';
import type { ExclusionTally } from '../../dispatch/exclusion-aggregates';
import type { AttemptVerdict } from '../../lifecycle/model-failures';
import type { AttemptError } from '../../lifecycle/node-record';
import type { JobRecord } from './job-record';

export type JobMachineEvent =
  /** A node was chosen. `prediction`: why. */
  | { readonly type: 'assigned'; readonly nodeId: string; readonly prediction?: PredictionView | null }
  /** The node has started the attempt. */
  | { readonly type: 'accepted'; readonly attempt: number; readonly nodeId: string }
  | {
      readonly type: 'result';
      readonly attempt: number;
      readonly nodeId: string;
      /** Null: the attempt succeeded. */
      readonly error: JobError | null;
      /** Whether the node reports that a retry may succeed. */
      readonly retryable: boolean;
      /** Another node could confirm an error that is not retryable, or a refusal. Default: false. */
      readonly isServedElsewhere?: boolean;
      /** The attempt succeeded with a refusal of the request. Default: false. */
      readonly isRefusal?: boolean;
      /** Such a refusal as an error, for the case that another node must confirm it. Default: null. */
      readonly refusal?: JobError | null;
      /** The attempt succeeded with an output of a form that the scheduler does not know. Default: false. */
      readonly isUnknownForm?: boolean;
    }
  /** The node was lost, or returned without the job. */
  | { readonly type: 'node_lost'; readonly nodeId: string }
  /** The node did not finish the job before the deadline of its drain. */
  | { readonly type: 'drain_timeout'; readonly nodeId: string }
  /** An operator does not trust the node any more. */
  | { readonly type: 'quarantined'; readonly nodeId: string }
  /** The assignment was not sent, so the attempt does not count. */
  | { readonly type: 'not_delivered'; readonly attempt: number }
  | { readonly type: 'cancel_requested'; readonly reason: CancelReason }
  /** A deadline of the job, here and below. The record stays the same when the deadline is not due. */
  | { readonly type: 'attempt_deadline' }
  /** `reasons`: the excluded nodes by reason, if the job was still waiting. */
  | { readonly type: 'queue_deadline'; readonly reasons: ExclusionTally | null }
  | { readonly type: 'total_deadline'; readonly reasons: ExclusionTally | null }
  | { readonly type: 'retry_due' };

/** In the order in which they happened. */
export type JobEffect =
  /** Sent when the record is durable; for an interactive job at once. */
  | { readonly type: 'send_assign'; readonly nodeId: string; readonly attempt: number }
  /** The node may still run the attempt and must stop it. */
  | { readonly type: 'cancel_on_node'; readonly nodeId: string; readonly attempt: number; readonly reason: StopReason }
  /** The attempt has ended: the node has one job less in flight. Exactly once per assignment. */
  | { readonly type: 'slot_freed'; readonly nodeId: string; readonly verdict: AttemptVerdict }
  /** Another node did not confirm the error of this node, so its attempt counts as failed. */
  | { readonly type: 'not_confirmed'; readonly nodeId: string; readonly error: AttemptError }
  /** The job failed on this node first, and then on others, so the failure of this node does not count any more. */
  | { readonly type: 'excused'; readonly nodeId: string }
  /** The job has reached its terminal status. Exactly once. */
  | { readonly type: 'finished' }
  /** The message was not about the live attempt. Nothing has changed. */
  | { readonly type: 'stale' }
  /** The job had already ended. Nothing has changed. */
  | { readonly type: 'already_ended' };

export type JobTransition = readonly [JobRecord, readonly JobEffect[]];

export interface JobPolicy {
  /** Delay before the second attempt after a failure. It doubles with each further failure, up to `retryMaxMs`. */
  readonly retryBaseMs: number;
  readonly retryMaxMs: number;
  /** The attempt timeout of jobs that set none (`scheduler.job_timeout_seconds`). */
  readonly defaultTimeoutMs: number;
}

export const DEFAULT_JOB_POLICY: JobPolicy = { retryBaseMs: 1000, retryMaxMs: 10_000, defaultTimeoutMs: 300_000 };
