// What the scheduler's doors (jobs API, OpenAI API) may ask about jobs. Implemented by JobService.
import type { CancelReason, JobEvent, JobList, JobStatus, JobSubmission, JobView } from '../../../shared/api/job';
import type { ErrorCode } from '../../../shared/protocol/codes';
import type { ExclusionTally } from '../dispatch/exclusion-aggregates';
import type { Result } from '../../../shared/result';

export type SubmitFailure =
  /** `wait_for_node: false`, and nobody passes now. */
  | { readonly code: 'NO_AVAILABLE_NODE'; readonly reasons: ExclusionTally }
  /** The task, as JSON, would not fit into a frame to a node: it can grow beyond the body that it came in (`1e20`). */
  | { readonly code: 'PAYLOAD_TOO_LARGE'; readonly payloadBytes: number; readonly limitBytes: number }
  | { readonly code: 'QUEUE_FULL'; readonly limit: number; readonly queued: number }
  /** The disk or its budget is full: nothing was accepted, what runs goes on. */
  | { readonly code: 'STORAGE_FULL'; readonly details: Readonly<Record<string, string | number>> }
  /** The key was used with another body. */
  | { readonly code: 'IDEMPOTENCY_KEY_REUSED' };

export interface SubmitOptions {
  readonly idempotencyKey: string | null;
  /** Someone waits on a connection for it: it is cancelled when they go, and by a restart of the scheduler. */
  readonly interactive: boolean;
  readonly traceId: string | null;
}

export interface Submitted {
  readonly jobId: string;
  readonly status: JobStatus;
  /** False: the idempotency key named this job before. */
  readonly created: boolean;
}

/**
 * `not_found`, `already_ended`: nothing changed. `storage_full`: the disk takes nothing now, so that the job goes on; what was begun with
 * it is finished when there is room.
 */
export type CancelFailure = 'not_found' | 'already_ended' | 'storage_full';

/** What a refused cancellation is told with. */
export function cancelRefusal(
  jobId: string,
  failure: CancelFailure,
): { readonly code: ErrorCode; readonly details: Readonly<Record<string, string>> } {
  switch (failure) {
    case 'not_found':
      return { code: 'NOT_FOUND', details: { job_id: jobId, reason: 'unknown_job' } };
    case 'already_ended':
      return { code: 'INVALID_STATE', details: { job_id: jobId, reason: failure } };
    case 'storage_full':
      return { code: 'STORAGE_FULL', details: { job_id: jobId, reason: 'disk' } };
  }
}

/** Jobs from the newest on: `cursor` is where an earlier page ended, `status` null any. */
export interface JobPage {
  readonly status: JobStatus | null;
  readonly limit: number;
  readonly cursor: string | null;
}

export interface JobsPort {
  /** Resolves when the job is on disk. */
  submit(submission: JobSubmission, options: SubmitOptions): Promise<Result<Submitted, SubmitFailure>>;
  /** `nodeLimit`: of a waiting job at most so many nodes are shown; by default as many as a person reads. */
  get(jobId: string, nodeLimit?: number): JobView | null;
  list(page: JobPage): JobList;
  /** Resolves when the cancellation is on disk. */
  cancel(jobId: string, reason: CancelReason): Promise<Result<JobView, CancelFailure>>;
  /**
   * Follows a job: the job itself first, then every change and chunk in order, until it has ended. Chunks of an attempt that
   * was lost are followed by a `job` event that shows the next attempt. Why it waits is not told (`waiting` is null): that is
   * asked with `get`. Returns how to stop, or null for an unknown job.
   */
  follow(jobId: string, listener: (event: JobEvent) => void): (() => void) | null;
}
