// Jobs as the scheduler's doors and its nodes use them: submissions and questions on one side (JobsPort), what happens to nodes
// on the other. What becomes of a job is the machine's to decide, which node gets it the dispatch's; here it is all joined.
import {
  type CancelReason,
  DEFAULT_NODE_LIMIT,
  type JobList,
  type JobSubmission,
  type JobView,
  type OpenJobCounts,
} from '../../../shared/api/job';
import { assertNever } from '../../../shared/assert-never';
import { fail, ok, type Result } from '../../../shared/result';
import type { Clock, Timer } from '../../platform/clock';
import type { Logger } from '../../platform/logger';
import { JobTable } from './job-table';
import { JobDispatch } from './job-dispatch';
import { JobSubscribers } from './job-subscribers';
import { JobAdmission, type JobLimits } from './job-admission';
import type { NodePool } from './node-pool';
import { JobPruning } from './job-pruning';
import { JobReader } from './job-reader';
import type { JobStats } from './job-stats';
import type { JobStore, Retention } from './job-store';
import { JobTimer } from './job-timer';
import { jobViewOf } from './machine/job-view';
import { JobWriter, type PendingChange } from './job-writer';
import type { CancelFailure, JobPage, JobsPort, SubmitFailure, SubmitOptions, Submitted } from './jobs-port';
import type { JobEffect } from './machine/job-events';
import { hasEnded, isWaiting, type JobRecord, liveAttempt } from './machine/job-record';
import { restoreJob, type StoredJob, storedJobFrom } from './machine/stored-job';
import { Assignments } from './assignments';
import type { PoolListener } from './pool-listener';
import type { JobDefaults } from './machine/submission';
import type { TaskTexts } from './task-texts';

export interface JobServiceParts {
  readonly store: JobStore;
  /** The highest number of a job so far. */
  readonly lastSeq: number;
  readonly pool: NodePool;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly stats: JobStats;
  readonly defaults: JobDefaults;
  readonly limits: JobLimits;
  readonly retention: Retention;
  readonly texts: TaskTexts;
  /** How long a node may be silent before its jobs are lost, ms. */
  readonly graceMs: number;
  /** Calls back when this turn of the event loop is over. */
  readonly defer: (callback: () => void) => void;
}

export class JobService implements JobsPort, PoolListener {
  /** What nodes say of their jobs, and what happens to nodes. */
  readonly nodes: Assignments;
  readonly #parts: JobServiceParts;
  readonly #book: JobTable;
  readonly #writer: JobWriter;
  readonly #dispatch: JobDispatch;
  readonly #intake: JobAdmission;
  readonly #reader: JobReader;
  readonly #followers = new JobSubscribers();
  readonly #timer: JobTimer;
  readonly #pruning: JobPruning;
  #restartGrace: Timer | null = null;

  constructor(parts: JobServiceParts) {
    this.#parts = parts;
    const { pool, clock, logger, store, stats, texts } = parts;
    this.#pruning = new JobPruning(parts);
    this.#writer = new JobWriter({
      ...parts,
      onDurable: (changes) => {
        this.#durable(changes);
      },
      onRecovered: () => {
        this.#dispatch.openedAll();
      },
    });
    const perform = (record: JobRecord, effects: readonly JobEffect[]): void => {
      this.#perform(record, effects);
    };
    const onCounts = (): void => {
      pool.jobsCounted();
    };
    const book = new JobTable({ writer: this.#writer, now: () => pool.now(), perform, onCounts });
    this.#book = book;
    this.#timer = new JobTimer(book, clock, {
      whyNot: (job) => pool.dispatcher.whyNot(job),
      isUnsent: (jobId, attempt) => this.nodes.isUnsent(jobId, attempt),
      mostGraceMs: parts.graceMs,
    });
    const isStorageFailing = (): boolean => this.#writer.isFailing;
    this.#reader = new JobReader({ book, store, pool, isStorageFailing });
    this.#dispatch = new JobDispatch({ book, pool, logger, monotonicMs: () => clock.monotonicMs(), isStorageFailing });
    this.nodes = new Assignments({ book, writer: this.#writer, store, texts, pool, followers: this.#followers, stats, logger });
    this.#intake = new JobAdmission({
      ...parts,
      book,
      writer: this.#writer,
      dispatch: this.#dispatch,
      makeRoom: () => {
        this.#pruning.now();
      },
      onRefused: (record) => {
        this.#refused(record);
      },
    });
  }

  /** Whether somebody waits for a node: if not, no event at a node could help. */
  get isWaiting(): boolean {
    return this.#book.waiting.size > 0;
  }

  get counts(): OpenJobCounts {
    return this.#book.counts;
  }

  /** The jobs that the store remembers, once the nodes are restored: each is where it was. */
  restore(jobs: Iterable<StoredJob>): void {
    const { pool } = this.#parts;
    const now = pool.now();
    for (const stored of jobs) this.#book.add(restoreJob(stored, now));
    for (const nodeId of this.#book.nodes()) {
      for (let left = this.liveOn(nodeId); left > 0; left--) pool.apply(nodeId, { type: 'job_assigned' });
    }
  }

  /**
   * What the restart means for them. One that a node has waits for it as long as the node's own silence is borne, also where that was
   * borne before: a mass loss may have been on. One whose submitter held a connection is cancelled, for that connection is gone.
   */
  start(): void {
    const { pool, clock, graceMs } = this.#parts;
    for (const nodeId of this.#book.nodes()) {
      const node = pool.registry.get(nodeId);
      if (node === undefined) this.nodes.requeue(nodeId, 'removed');
      else if (node.status === 'offline') this.nodes.hold(nodeId);
    }
    this.#restartGrace = clock.setTimer(graceMs, () => {
      if (!pool.isMassLoss()) this.nodes.releaseHeld();
    });
    for (const record of [...this.#book.records()]) {
      if (record.facts.interactive) this.#book.apply(record.facts.jobId, { type: 'cancel_requested', reason: 'client_gone' });
    }
    this.#timer.update();
  }

  async submit(submission: JobSubmission, options: SubmitOptions): Promise<Result<Submitted, SubmitFailure>> {
    const outcome = await this.#intake.submit(submission, options);
    // Of a job that nobody took nothing else has set the deadline.
    this.#timer.update();
    return outcome;
  }

  get(jobId: string, nodeLimit = DEFAULT_NODE_LIMIT): JobView | null {
    return this.#reader.get(jobId, nodeLimit);
  }

  list(query: JobPage): JobList {
    return this.#reader.list(query);
  }

  async cancel(jobId: string, reason: CancelReason): Promise<Result<JobView, CancelFailure>> {
    const record = this.#book.get(jobId);
    if (record === undefined) return fail(this.#parts.store.read(jobId) === null ? 'not_found' : 'already_ended');
    if (hasEnded(record)) return fail(this.#writer.isFailing ? 'storage_full' : 'already_ended');
    // Who asks can ask again; who has gone cannot.
    if (reason === 'requested' && this.#writer.isFailing) return fail('storage_full');
    this.#book.apply(jobId, { type: 'cancel_requested', reason });
    // Looked at now: when the wait is ended by a stop, the store is closed.
    const cancelled = this.#book.get(jobId);
    if (cancelled === undefined) return fail('not_found');
    const view = this.#reader.viewOf(cancelled, DEFAULT_NODE_LIMIT);
    return (await this.#writer.isDurableSoon(jobId)) ? ok(view) : fail('storage_full');
  }

  follow(jobId: string, listener: Parameters<JobsPort['follow']>[1]): (() => void) | null {
    const record = this.#book.get(jobId);
    const view = record === undefined || hasEnded(record) ? this.get(jobId) : followedViewOf(record);
    if (view === null) return null;
    // One whose end is on its way to the disk is told of when it is there.
    const isOver = record === undefined;
    const stop = isOver ? () => undefined : this.#followers.add(jobId, liveAttempt(record)?.attempt ?? null, listener);
    if (isOver || !hasEnded(record)) listener({ type: 'job', job: view });
    return stop;
  }

  /** A node may take a job that it could not take before. */
  nodeOpened(nodeId: string): void {
    this.#dispatch.opened(nodeId);
  }

  /** Jobs whose live attempt is on this node. */
  liveOn(nodeId: string): number {
    return this.#book.onNode(nodeId).length;
  }

  /** Writes what is pending, so that what follows from it is done: nodes are told. */
  flush(): void {
    this.#writer.flush();
  }

  /** Writes what is pending; nothing is done after this. */
  stop(): void {
    this.#timer.stop();
    this.#restartGrace?.cancel();
    this.#pruning.stop();
    this.#writer.close();
  }

  #perform(record: JobRecord, effects: readonly JobEffect[]): void {
    const { jobId } = record.facts;
    const { pool, stats, texts } = this.#parts;
    for (const effect of effects) {
      switch (effect.type) {
        case 'send_assign':
          stats.waited(pool.now().monotonicMs - record.queuedAt.monotonicMs);
          this.nodes.assign(record, effect.nodeId, effect.attempt);
          break;
        case 'cancel_on_node':
          // Not before it is durable: after a crash the job would still be the node's, which has failed it as it was told.
          this.#writer.whenDurable(jobId, () => {
            this.nodes.cancel(effect.nodeId, jobId, effect.attempt, effect.reason);
          });
          break;
        case 'slot_freed': {
          const outcome = record.attempts.at(-1)?.outcome ?? null;
          if (outcome !== null) stats.attemptEnded(outcome);
          pool.apply(effect.nodeId, { type: 'job_released' });
          break;
        }
        case 'finished':
          texts.forget(jobId);
          this.#logFinished(record);
          break;
        // Whoever asked is told by what `apply` returns.
        case 'stale':
        case 'already_ended':
          break;
        default:
          assertNever(effect);
      }
    }
    if (!hasEnded(record)) this.#tellFollowers(record);
    const now = this.#book.get(jobId);
    if (now === record && isWaiting(record)) this.#dispatch.queued(record.facts);
    this.#timer.update();
  }

  #tellFollowers(record: JobRecord): void {
    if (this.#followers.has(record.facts.jobId)) this.#followers.changed(record.facts.jobId, { type: 'job', job: followedViewOf(record) });
  }

  /** An end is told when it is on the disk, and the disk knows it from then on. */
  #durable(changes: readonly PendingChange[]): void {
    for (const { record, result } of changes) {
      if (!hasEnded(record)) continue;
      const { jobId } = record.facts;
      this.#book.forgetEnded(record);
      if (!this.#followers.has(jobId)) continue;
      this.#followers.changed(jobId, { type: 'job', job: jobViewOf(storedJobFrom(record), result, null) });
      this.#followers.end(jobId);
    }
  }

  #refused(record: JobRecord): void {
    const { jobId } = record.facts;
    this.nodes.unassign(jobId);
    const last = record.attempts.at(-1);
    if (last?.outcome === null) this.#parts.pool.apply(last.nodeId, { type: 'job_released' });
  }

  #logFinished({ facts, status, error, attempts, createdAt, finishedAt }: JobRecord): void {
    this.#parts.logger.log('info', 'job_finished', {
      job_id: facts.jobId,
      node_id: attempts.at(-1)?.nodeId ?? null,
      success: status === 'succeeded',
      ...(error === null ? {} : { code: error.code }),
      duration_ms: Math.round((finishedAt ?? createdAt).monotonicMs - createdAt.monotonicMs),
    });
  }
}

/** For those who follow it: why it waits would cost a look at the whole pool at every change. */
const followedViewOf = (record: JobRecord): JobView => jobViewOf(storedJobFrom(record), null, null);
