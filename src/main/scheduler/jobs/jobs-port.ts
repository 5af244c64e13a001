// The operations on jobs for the API routes (jobs API, OpenAI API). Implemented by JobService.
import type { CancelReason, JobEvent, JobList, JobStatus, JobSubmission, JobView } from '../../../shared/api/job';
import type { ProgramLimitReached } from '../../../shared/api/program-limits';
import type { RetryFault } from '../../../shared/api/job-acts';
import type { PoolFailures } from '../../../shared/api/pool-failures';
import type { JobFilters, Viewer } from './job-store';
import type { ExclusionTally } from '../dispatch/exclusion-aggregates';
import type { Result } from '../../../shared/result';

export type SubmitFailure =
  /** `wait_for_node: false`, and no node can run the job now. */
  | { readonly code: 'NO_AVAILABLE_NODE'; readonly reasons: ExclusionTally }
  /** The task as JSON does not fit into a frame to a node. It can be larger than the request body (`1e20`). */
  | { readonly code: 'PAYLOAD_TOO_LARGE'; readonly payloadBytes: number; readonly limitBytes: number }
  | { readonly code: 'QUEUE_FULL'; readonly limit: number; readonly queued: number }
  /** This submitter has as many queued jobs as it may have (ADR 0021). */
  | { readonly code: 'LIMIT_REACHED'; readonly limit: 'queued'; readonly max: number; readonly found: number }
  /** The key of the submitter is over a limit for its requests (ADR 0047). */
  | ({ readonly code: 'LIMIT_REACHED' } & ProgramLimitReached)
  /** The disk or the storage budget is full. The job was not accepted. Running jobs continue. */
  | { readonly code: 'STORAGE_FULL'; readonly details: Readonly<Record<string, string | number>> }
  /** The key was used with another body. */
  | { readonly code: 'IDEMPOTENCY_KEY_REUSED' };

/** The sender of a job. */
export interface Submitter {
  /** The id of the key or member. Null: a caller on loopback without a key. */
  readonly id: string | null;
  /** Maximum number of its queued jobs. Null: the limit of the queue alone. */
  readonly maxQueued: number | null;
}

export interface SubmitOptions {
  readonly idempotencyKey: string | null;
  /** A client waits for the job on a connection. The job is cancelled when the client disconnects or the scheduler restarts. */
  readonly interactive: boolean;
  readonly traceId: string | null;
  /** The token of the replica whose client waits. Absent: the client is connected to this scheduler, or none waits. */
  readonly follower?: string | undefined;
  /** Default: a caller without a key. */
  readonly submitter?: Submitter;
  /** The session that the client named in a header. Used to guess which node has its prompt cached. */
  readonly sessionKey?: string | null;
  /** As the client sent it, where a name was replaced by a model: a repeated submission with its key is equal to this. Default: the submission. */
  readonly sent?: JobSubmission;
  /** The task as JSON, where the caller has written it. */
  readonly taskText?: string | undefined;
  /** An earlier leader has accepted the request: no limit refuses it. */
  readonly wasAccepted?: boolean | undefined;
  /** The job that this one repeats. */
  readonly retryOf?: string;
}

export interface Submitted {
  readonly jobId: string;
  readonly status: JobStatus;
  /** False: the idempotency key already had this job, or the retry of the job that it repeats has not ended. */
  readonly created: boolean;
}

/**
 * `not_found`, `already_ended`: nothing changed. `storage_full`: the disk refuses writes. A cancellation that was refused before it began
 * has no effect. A cancellation that had begun is written when the disk accepts writes again.
 */
export type CancelFailure = 'not_found' | 'already_ended' | 'storage_full';

/** The keys and members that sent jobs. */
export interface SubmitterNames {
  /** Null: it is not known any more. */
  nameOf(id: string): string | null;
  /** Those with this id or name. */
  idsOf(idOrName: string): readonly string[];
}

/** A page of jobs, newest first. `cursor` is where the previous page ended. A page may have fewer jobs than `limit` before the last one. */
export interface JobPage extends Partial<Omit<JobFilters, 'submitters'>> {
  readonly limit: number;
  readonly cursor: string | null;
  /** The id or the name of a key or member. Null or absent: any. */
  readonly key?: string | null;
  /** False: without `wait` and `progress`, which an export has no columns for. Default: true. */
  readonly hasLiveParts?: boolean;
  /** Whether the reader has left: then the list ends, with the jobs that were read. Default: it waits. */
  readonly hasLeft?: () => boolean;
  /** Default: all jobs. */
  readonly visibleTo?: Viewer;
}

/** Jobs that ended since an instant and failed, or of which an attempt failed. */
export interface FailureQuery {
  readonly sinceWallMs: number;
  readonly limit: number;
}

/** A job whose result is JSON in UTF-8, as it is stored. `result` of the view is null. */
export interface ShownJob {
  readonly view: JobView;
  readonly result: Uint8Array | null;
}

/** Why a job is not repeated. */
export type RetryFailure =
  | SubmitFailure
  | { readonly code: 'NOT_FOUND' }
  | { readonly code: 'INVALID_STATE'; readonly reason: RetryFault }
  | PayloadLimit;

/** The submitter may not have so many bytes stored now. */
export interface PayloadLimit {
  readonly code: 'LIMIT_REACHED';
  readonly limit: 'megabytes_per_minute';
  readonly max: number;
  readonly retryAfterSeconds?: number | null;
}

/** The limits of the submitter of a job that is retried. */
export interface RetryLimits extends Pick<Submitter, 'maxQueued'> {
  /** Counts the payload, which is stored once more. Null: it may be. */
  readonly count: (payloadBytes: number) => PayloadLimit | null;
}

/** Retries a job within the present limits of the key or member that sent it. */
export type RetryJob = (jobId: string) => Promise<Result<Submitted, RetryFailure>>;

/** Called once the client follows its job: the job gets what its node has reported meanwhile. */
export type GoOn = () => void;

/** Clients whose connections have outlived an earlier scheduler: replicas of a cluster hold them. */
export interface ReturningClients {
  /**
   * The client of a stored job still waits for it. `view`: the job as the client of a stream knows it. If it is newer than the stored job, the
   * job goes on as the client knows it. Null: the job has ended, its node does not run it any more, or it is not stored.
   */
  claim(jobId: string, view?: JobView | null): GoOn | null;
  /**
   * The client has a part of the stream of a job that is not stored: the job goes on as the client knows it, if its node still runs it. Null:
   * it does not, or the time to return is over.
   */
  adopt(job: JobView): GoOn | null;
}

export interface JobsPort {
  /** Resolves when the job is durable. */
  submit(submission: JobSubmission, options: SubmitOptions): Promise<Result<Submitted, SubmitFailure>>;
  /**
   * Submits the task of a job that failed, expired or was cancelled once more, for the same submitter. While an earlier retry of the job
   * has not ended, its job is the answer.
   */
  retry(jobId: string, limits: RetryLimits): Promise<Result<Submitted, RetryFailure>>;
  /** `nodeLimit` bounds the nodes that are listed for a waiting job. */
  get(jobId: string, nodeLimit?: number): Promise<JobView | null>;
  /** The same without parsing the result, which can have megabytes. */
  read(jobId: string, nodeLimit?: number): Promise<ShownJob | null>;
  /** The same for a caller that may not see contents: the output of the result is null. */
  getWithoutOutput(jobId: string, nodeLimit?: number): Promise<JobView | null>;
  /** Messages of errors are shortened, and large details are null. */
  list(page: JobPage): Promise<JobList>;
  /** The newest first. Messages of errors are shortened, and large details are null. */
  failures(query: FailureQuery): Promise<PoolFailures>;
  /** Null: there is no such job. */
  submitterOf(jobId: string): Promise<Pick<Submitter, 'id'> | null>;
  /** The size of the stored result; 0: there is none. */
  resultBytes(jobId: string): Promise<number>;
  /** Resolves when the cancellation is durable. */
  cancel(jobId: string, reason: CancelReason): Promise<Result<JobView, CancelFailure>>;
  /**
   * Subscribes to a job: the listener gets the job, then every change and chunk in order, until the job has ended. After a lost attempt a
   * `job` event shows the next attempt before its chunks. Events have no reason for waiting (`waiting` is null); `get` has it. Returns a
   * function that unsubscribes. Null: the job has ended and is stored, or is unknown; `read` tells which.
   */
  follow(jobId: string, listener: (event: JobEvent) => void): (() => void) | null;
}
