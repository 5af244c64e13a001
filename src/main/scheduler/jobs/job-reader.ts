// Jobs as the API shows them: a live job from the job table, with the reasons why it waits; an ended job from the store.
import { isTerminal, type JobList, type JobResultView, type JobSummary, type JobView, type WaitingView } from '../../../shared/api/job';
import { ownTurn } from '../../platform/own-turn';
import type { HeldUntil } from './held-jobs';
import { placeOf } from './job-place';
import { JobRows, type JobRowsOptions } from './job-rows';
import type { JobTable } from './job-table';
import type { NodePool } from './node-pool';
import type { JobStore, Retention } from './job-store';
import type { JobWriter } from './job-writer';
import type { PoolFailures } from '../../../shared/api/pool-failures';
import type { FailureQuery, JobPage, ShownJob, SubmitterNames } from './jobs-port';
import { failedJobOf } from './machine/failed-job';
import { jobViewOf, listedJobOf } from './machine/job-view';
import { hasEnded, type JobRecord, waitingFacts } from './machine/job-record';
import { type StoredJob, toStoredJob } from './machine/stored-job';
import { resultBytes } from './result-json';

export interface JobReaderOptions {
  readonly table: JobTable;
  readonly store: JobStore;
  readonly pool: NodePool;
  /** Null: the job is not held for a full node. */
  readonly heldUntil: (jobId: string) => HeldUntil | null;
  readonly writer: Pick<JobWriter, 'isFailing' | 'pendingResult' | 'flush'>;
  readonly progressOf: JobRowsOptions['progressOf'];
  readonly submitters: SubmitterNames;
  readonly retention: Pick<Retention, 'keepMs'>;
}

interface WithResult<Read> {
  readonly view: JobView;
  readonly result: Read | null;
}

/** The result from the store, or the result that is not durable yet. */
interface ResultSources<Read> {
  readonly stored: (seq: number) => Promise<Read | null>;
  readonly pending: (result: JobResultView) => Read;
}

const MS_PER_SECOND = 1000;

const viewWith = (job: WithResult<JobResultView> | null): JobView | null => (job === null ? null : { ...job.view, result: job.result });

export class JobReader {
  readonly #options: JobReaderOptions;
  readonly #rows: JobRows;

  constructor(options: JobReaderOptions) {
    this.#options = options;
    this.#rows = new JobRows(options);
  }

  /** `nodeLimit` bounds the nodes that are listed for a waiting job. */
  async get(jobId: string, nodeLimit: number): Promise<JobView | null> {
    const { store } = this.#options;
    return viewWith(await this.#read(jobId, nodeLimit, { stored: (seq) => store.result(seq), pending: (result) => result }));
  }

  read(jobId: string, nodeLimit: number): Promise<ShownJob | null> {
    const { store } = this.#options;
    return this.#read(jobId, nodeLimit, { stored: (seq) => store.resultJson(seq), pending: resultBytes });
  }

  async getWithoutOutput(jobId: string, nodeLimit: number): Promise<JobView | null> {
    const { store } = this.#options;
    const pending = (result: JobResultView): JobResultView => ({ ...result, output: null });
    return viewWith(await this.#read(jobId, nodeLimit, { stored: (seq) => store.resultWithoutOutput(seq), pending }));
  }

  async #read<Read>(jobId: string, nodeLimit: number, { stored, pending }: ResultSources<Read>): Promise<WithResult<Read> | null> {
    const { table, store, writer } = this.#options;
    const record = table.get(jobId);
    if (record !== undefined && !hasEnded(record)) return { view: this.viewOf(record, nodeLimit), result: null };
    // The end of a job counts only when it is durable. Until then the job is shown as it is stored. A client that waited for an
    // interactive job has its answer before.
    if (record?.facts.interactive === true) {
      const result = writer.pendingResult(jobId);
      return { view: this.#viewOf(toStoredJob(record), null), result: result === null ? null : pending(result) };
    }
    const job = await store.job(jobId);
    if (job === null) return null;
    // The end can be stored between the two reads.
    return { view: this.#viewOf(job, null), result: isTerminal(job.state.status) ? await stored(job.facts.seq) : null };
  }

  async submitterOf(jobId: string): Promise<{ readonly id: string | null } | null> {
    const { table, store } = this.#options;
    const facts = table.get(jobId)?.facts ?? (await store.job(jobId))?.facts;
    return facts === undefined ? null : { id: facts.submitter };
  }

  /** Large jobs are read in several turns of the event loop. */
  async list({ limit, cursor, key = null, hasLiveParts = true, hasLeft = () => false, ...page }: JobPage): Promise<JobList> {
    const { store, table, writer, submitters, retention } = this.#options;
    // The list is read from the store, so it must have the jobs that are written behind.
    if (!writer.isFailing) await writer.flush();
    const query = { ...page, submitters: key === null ? null : submitters.idsOf(key) };
    // A whole job may be large, so only its row is kept: many lists can be read at once.
    const listed: JobSummary[] = [];
    let beforeSeq = cursor === null ? null : Number(cursor);
    for (let isCut = true; isCut && listed.length < limit;) {
      await ownTurn();
      if (hasLeft()) break;
      const slice = await store.list({ ...query, limit: limit - listed.length, beforeSeq });
      listed.push(...slice.jobs.map((job) => this.#withName(listedJobOf(job))));
      beforeSeq = slice.nextBeforeSeq;
      isCut = slice.isCut && beforeSeq !== null;
    }
    const rows = hasLiveParts ? await this.#rows.completed(listed, ownTurn) : listed;
    return {
      jobs: rows,
      next_cursor: beforeSeq === null ? null : String(beforeSeq),
      open: table.counts,
      // The setting may have a fraction, the wire a whole number.
      kept_seconds: Math.ceil(retention.keepMs / MS_PER_SECOND),
    };
  }

  #withName<Job extends JobSummary>(job: Job): Job {
    const id = job.submitter?.id;
    return id === undefined ? job : { ...job, submitter: { id, name: this.#options.submitters.nameOf(id) } };
  }

  async failures({ sinceWallMs, limit }: FailureQuery): Promise<PoolFailures> {
    const { store, writer } = this.#options;
    if (!writer.isFailing) await writer.flush();
    const { jobs, count } = await store.failures(sinceWallMs, limit);
    return { since: sinceWallMs, failed: count, jobs: jobs.map(failedJobOf) };
  }

  /** For a job that has not ended. Only ended jobs have a result. */
  viewOf(record: JobRecord, nodeLimit: number): JobView {
    return this.#viewOf(toStoredJob(record), this.#waitingView(record, nodeLimit));
  }

  /** For subscribers. It has no reason for waiting, because the scheduler would read the whole pool at every change. */
  subscriberViewOf(record: JobRecord, result: JobResultView | null): JobView {
    return this.#withName(jobViewOf(toStoredJob(record), result, null));
  }

  /** The end of an interactive job, whose client does not wait until it is durable. Null: it is stored, or the job has not ended. */
  endBeforeWrite(jobId: string): JobView | null {
    const { table, writer } = this.#options;
    const record = table.get(jobId);
    if (record === undefined || !hasEnded(record) || !record.facts.interactive) return null;
    return this.subscriberViewOf(record, writer.pendingResult(jobId));
  }

  #viewOf(job: StoredJob, waiting: WaitingView | null): JobView {
    return this.#withName(jobViewOf(job, null, waiting));
  }

  #waitingView(record: JobRecord, nodeLimit: number): WaitingView | null {
    if (record.status !== 'queued') return null;
    const { table, pool, writer, heldUntil } = this.#options;
    const { requirements } = waitingFacts(record);
    const held = heldUntil(record.facts.jobId);
    const now = pool.now();
    const { reasons, nodes_total, nodes, wake } = pool.dispatcher.explain(requirements, nodeLimit);
    const { ahead, waitMs } = placeOf(record, reasons.capacity_exceeded, { table, pool, places: table.waiting.places() });
    const isWaitKnown = waitMs !== null && record.notBefore === null && !writer.isFailing;
    return {
      since: record.queuedAt.wallMs,
      not_before: record.notBefore?.wallMs ?? null,
      blocked_by: writer.isFailing ? 'storage_full' : null,
      ahead,
      ...(isWaitKnown ? { wait_seconds: waitMs / MS_PER_SECOND } : {}),
      reasons,
      nodes_total,
      nodes,
      ...(wake === undefined ? {} : { wake }),
      ...(held === null ? {} : { held: { ...held.why, until: Math.round(now.wallMs + held.untilMonotonicMs - now.monotonicMs) } }),
    };
  }
}
