// Jobs as they are shown: one that is not over from the book, and why it waits; one that is over as the disk has it.
import type { JobList, JobView, WaitingView } from '../../../shared/api/job';
import type { JobTable } from './job-table';
import type { NodePool } from './node-pool';
import type { JobStore } from './job-store';
import type { JobPage } from './jobs-port';
import { jobSummaryOf, jobViewOf } from './machine/job-view';
import { hasEnded, type JobRecord } from './machine/job-record';
import { storedJobFrom } from './machine/stored-job';

export interface JobReaderParts {
  readonly book: JobTable;
  readonly store: JobStore;
  readonly pool: NodePool;
  /** The disk takes nothing, so that nothing is given out. */
  readonly isStorageFailing: () => boolean;
}

export class JobReader {
  readonly #parts: JobReaderParts;

  constructor(parts: JobReaderParts) {
    this.#parts = parts;
  }

  /** `nodeLimit`: of a waiting job at most so many nodes are shown. */
  get(jobId: string, nodeLimit: number): JobView | null {
    const record = this.#parts.book.get(jobId);
    // An end that is not on the disk yet might not be the end: until then the job is as the disk knows it.
    if (record !== undefined && !hasEnded(record)) return this.viewOf(record, nodeLimit);
    const stored = this.#parts.store.read(jobId);
    return stored === null ? null : jobViewOf(stored.job, stored.result, null);
  }

  list({ status, limit, cursor }: JobPage): JobList {
    const { store, book } = this.#parts;
    const jobs = store.list({ status, limit, beforeSeq: cursor === null ? null : Number(cursor) });
    const oldest = jobs.at(-1);
    const next = jobs.length < limit || oldest === undefined ? null : String(oldest.facts.seq);
    return { jobs: jobs.map(jobSummaryOf), next_cursor: next, open: book.counts };
  }

  /** Of a job without a result: only what ended on the disk has one. */
  viewOf(record: JobRecord, nodeLimit: number): JobView {
    return jobViewOf(storedJobFrom(record), null, this.#waitingView(record, nodeLimit));
  }

  #waitingView(record: JobRecord, nodeLimit: number): WaitingView | null {
    if (record.status !== 'queued') return null;
    const { book, pool, isStorageFailing } = this.#parts;
    const { reasons, nodes_total, nodes } = pool.dispatcher.explain(record.facts.requirements, nodeLimit);
    return {
      since: record.queuedAt.wallMs,
      not_before: record.notBefore?.wallMs ?? null,
      blocked_by: isStorageFailing() ? 'storage_full' : null,
      ahead: book.waiting.ahead(record.facts),
      reasons,
      nodes_total,
      nodes,
    };
  }
}
