// The store of jobs, implemented on SQLite. Changes are written in batches, each all or nothing.
import type { JobResultView, JobStatus } from '../../../shared/api/job';
import type { Result } from '../../../shared/result';
import type { StoredJob } from './machine/stored-job';
import type { TaskText } from './task-texts';

/** `isFull`: there was no space, and the write can be retried later. `reason` is for the log. */
export interface StoreFailure {
  readonly isFull: boolean;
  readonly reason: string;
}

export interface IdempotencyKey {
  readonly key: string;
  readonly bodyHash: string;
}

export interface JobInsert {
  readonly job: StoredJob;
  /** JSON text. It is written unless the job has ended, sent and measured, but never parsed. */
  readonly task: string;
  readonly key: IdempotencyKey | null;
}

export interface JobChange {
  readonly job: StoredJob;
  /** The result that ended the job. */
  readonly result: JobResultView | null;
}

export interface JobBatch {
  readonly inserts: readonly JobInsert[];
  readonly changes: readonly JobChange[];
}

export interface JobQuery {
  readonly status: JobStatus | null;
  readonly limit: number;
  /** Only jobs older than this sequence number. Null: from the newest. */
  readonly beforeSeq: number | null;
  /** Only the jobs of this submitter. Undefined: all jobs. */
  readonly submitter?: { readonly id: string | null } | undefined;
}

/** Jobs in the order of a query. `isCut`: their rows are large, and the query may have further jobs. */
export interface JobSlice {
  readonly jobs: readonly StoredJob[];
  readonly isCut: boolean;
}

/** Jobs of a node, newest first, from a bounded number of jobs. `beforeSeq` of the next page; null: there are no older jobs. */
export interface JobsOfNode {
  readonly jobs: readonly StoredJob[];
  readonly nextBeforeSeq: number | null;
}

export interface Retention {
  readonly keepMs: number;
  /** A job that ended less than this ago is never removed: its submitter may be about to read it. */
  readonly leastKeepMs: number;
  readonly maxFinished: number;
  /** Above this size the oldest finished jobs are removed. */
  readonly maxBytes: number;
  /** Idempotency keys are valid this long, and their jobs are kept as long. */
  readonly keyMs: number;
}

export interface JobStore {
  /** Durable on return. Interactive jobs alone survive only the end of this program. */
  commit(batch: JobBatch): Result<null, StoreFailure>;
  /** Null: the task is missing or not readable. */
  task(seq: number): TaskText | null;
  /** Without the result, which may be megabytes. Null: there is no such job. */
  job(jobId: string): StoredJob | null;
  /** Without reading the result; 0: there is none. */
  resultBytes(jobId: string): number;
  read(jobId: string): { readonly job: StoredJob; readonly result: JobResultView | null } | null;
  /** The JSON of the result, in UTF-8. Null: there is none. */
  resultJson(seq: number): Uint8Array | null;
  /** The result with the output null. */
  resultWithoutOutput(seq: number): JobResultView | null;
  /** Reads a bounded number of bytes, and at least one job unless none is left. */
  list(query: JobQuery): JobSlice;
  /** Jobs that had an attempt on the node, and those of the submitter of the query. */
  listOfNode(query: JobQuery & { readonly nodeId: string }): JobsOfNode;
  /** The newest first; `count` has those that are not listed, too. */
  failures(sinceWallMs: number, limit: number): { readonly jobs: readonly StoredJob[]; readonly count: number };
  /** The job of an idempotency key that is not older than `sinceWallMs` (Unix ms). */
  keyed(key: string, sinceWallMs: number): { readonly bodyHash: string; readonly jobId: string; readonly status: JobStatus } | null;
  countByStatus(): ReadonlyMap<JobStatus, number>;
  /** Bytes of the stored content. */
  usedBytes(): number;
  /**
   * Removes finished jobs that are too old or too many, at most `limit`, and expired keys. Returns the number of removed jobs; 0: none is
   * left to remove.
   */
  prune(retention: Retention, nowWallMs: number, limit: number): Result<number, StoreFailure>;
}
