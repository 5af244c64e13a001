// What the scheduler wants remembered of jobs. Written in batches, each all or nothing; implemented on SQLite.
import type { JobResultView, JobStatus } from '../../../shared/api/job';
import type { Result } from '../../../shared/result';
import type { StoredJob } from './machine/stored-job';
import type { TaskText } from './task-texts';

/** `isFull`: there was no room; what was refused may be tried again when there is. `reason` is for the log. */
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
  /** As JSON: it is written, sent and measured, never looked into. */
  readonly task: string;
  readonly key: IdempotencyKey | null;
}

export interface JobChange {
  readonly job: StoredJob;
  /** Set with the result that ended it. */
  readonly result: JobResultView | null;
}

export interface JobBatch {
  readonly inserts: readonly JobInsert[];
  readonly changes: readonly JobChange[];
}

export interface JobQuery {
  readonly status: JobStatus | null;
  readonly limit: number;
  /** Only jobs older than this one; null: from the newest. */
  readonly beforeSeq: number | null;
}

export interface Retention {
  readonly keepMs: number;
  /** A job that ended less than this ago gives way to nothing: who sent it may be about to ask. */
  readonly leastKeepMs: number;
  readonly maxFinished: number;
  /** Where more than this is used, the oldest finished jobs go. */
  readonly maxBytes: number;
  /** An idempotency key holds this long, and so does the job that it names. */
  readonly keyMs: number;
}

export interface JobStore {
  /** Durable on return. */
  commit(batch: JobBatch): Result<null, StoreFailure>;
  /** Null: it is not there, or not readable. */
  task(seq: number): TaskText | null;
  read(jobId: string): { readonly job: StoredJob; readonly result: JobResultView | null } | null;
  list(query: JobQuery): readonly StoredJob[];
  /** The job that a key names, within `keyMs` before now (Unix ms). */
  keyed(key: string, sinceMs: number): { readonly bodyHash: string; readonly jobId: string; readonly status: JobStatus } | null;
  countByStatus(): ReadonlyMap<JobStatus, number>;
  /** Bytes that the stored content takes. */
  usedBytes(): number;
  /** Removes some of the finished jobs that are too old or too many, at most `limit`, and old keys. Returns how many went; 0: none is left. */
  prune(retention: Retention, nowMs: number, limit: number): Result<number, StoreFailure>;
}
