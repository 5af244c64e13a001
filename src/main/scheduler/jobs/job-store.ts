// The store of jobs. Changes are written in batches, each all or nothing.
import type { JobResultView, JobStatus } from '../../../shared/api/job';
import type { Result } from '../../../shared/result';
import type { WriteFailure, Written } from '../database/store';
import type { StoredJob } from './machine/stored-job';
import type { StoredTask } from './task-texts';

export type StoreFailure = WriteFailure;

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

/** Filters that a job passes all. Null or empty: any. */
export interface JobFilters {
  readonly statuses: readonly JobStatus[];
  readonly model: string | null;
  /** Jobs that had an attempt on this node. */
  readonly nodeId: string | null;
  /** Jobs of one of these submitters. */
  readonly submitters: readonly string[] | null;
  /** Part of the name of the model, or the beginning of the id. */
  readonly search: string | null;
}

export interface JobQuery extends Partial<JobFilters> {
  readonly limit: number;
  /** Only jobs older than this sequence number. Null: from the newest. */
  readonly beforeSeq: number | null;
  /** Only jobs of this submitter, and those that had an attempt on this node. Undefined: all jobs. */
  readonly visibleTo?: Viewer | undefined;
}

/** A caller that sees its own jobs only. */
export interface Viewer {
  /** Null: a caller on loopback without a key. */
  readonly id: string | null;
  /** Its node. Null: it has none. */
  readonly nodeId: string | null;
}

/** Jobs in the order of a query. */
export interface JobSlice {
  readonly jobs: readonly StoredJob[];
  /** The rows are large, and the query may have further jobs. */
  readonly isCut: boolean;
  /** Where the next page begins. Null: there are no further jobs. */
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

/** Reads see the batches that have resolved. They reject with an error of the database. */
export interface JobStore {
  /** Resolves when the batch is durable. A batch of interactive jobs alone survives only the end of this program. */
  commit(batch: JobBatch): Written;
  /** Null: the task is missing or not readable. */
  task(seq: number): Promise<StoredTask | null>;
  /** Without the result, which may be megabytes. Null: there is no such job. */
  job(jobId: string): Promise<StoredJob | null>;
  /** Without reading the result; 0: there is none. */
  resultBytes(jobId: string): Promise<number>;
  /** Null: there is none. */
  result(seq: number): Promise<JobResultView | null>;
  /** The JSON of the result, in UTF-8. Null: there is none. */
  resultJson(seq: number): Promise<Uint8Array | null>;
  /** The result with the output null. */
  resultWithoutOutput(seq: number): Promise<JobResultView | null>;
  /** Newest first. Reads a bounded number of jobs and bytes, so a slice may be shorter than `limit`. */
  list(query: JobQuery): Promise<JobSlice>;
  /** The newest first; `count` has those that are not listed, too. */
  failures(sinceWallMs: number, limit: number): Promise<{ readonly jobs: readonly StoredJob[]; readonly count: number }>;
  /** The job of an idempotency key that is not older than `sinceWallMs` (Unix ms). */
  keyed(key: string, sinceWallMs: number): Promise<KeyedJob | null>;
  countByStatus(): Promise<ReadonlyMap<JobStatus, number>>;
  /** Bytes of the stored content: as `prune` measured them last, and what was written since. */
  usedBytes(): number;
  /**
   * Removes finished jobs that are too old or too many, at most `limit`, and expired keys. Returns the number of removed jobs; 0: none is
   * left to remove.
   */
  prune(retention: Retention, nowWallMs: number, limit: number): Promise<Result<number, StoreFailure>>;
}

export interface KeyedJob {
  readonly bodyHash: string;
  readonly jobId: string;
  readonly status: JobStatus;
}
