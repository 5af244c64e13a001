// Jobs on nodes: sends assignments, handles the messages of nodes about their jobs, and requeues jobs when a node is lost.
import { isTerminal, type JobError, type StopReason } from '../../../shared/api/job';
import type { Clock } from '../../platform/clock';
import { inTurns } from '../../platform/in-turns';
import type { Logger } from '../../platform/logger';
import type { RequeueCause } from '../lifecycle/events';
import { AssignmentSender } from './assignment-sender';
import { AttemptChunks } from './attempt-chunks';
import type { JobForecasts } from './job-forecasts';
import type { JobTable } from './job-table';
import type { JobSubscribers } from './job-subscribers';
import { LateReports, type WaitingReports } from './late-reports';
import type { NodePool } from './node-pool';
import type { JobStats } from './job-stats';
import type { JobStore } from './job-store';
import type { ActiveJob, AttemptAccepted, AttemptChunk, PassedChunks, PoolListener } from './pool-listener';
import type { JobWriter } from './job-writer';
import { outputBytesOf } from './machine/answer-bytes';
import { type AttemptResult, readResult } from './machine/attempt-result';
import { attemptOf, type JobRecord, liveAttempt } from './machine/job-record';
import type { TaskTexts } from './task-texts';
import { UnknownAttempts } from './unknown-attempts';

type NodeEvents = PoolListener['nodes'];
type Loss = 'node_lost' | 'drain_timeout' | 'quarantined';

export interface AssignmentsOptions {
  readonly table: JobTable;
  readonly writer: JobWriter;
  readonly store: Pick<JobStore, 'task' | 'job'>;
  readonly texts: TaskTexts;
  readonly pool: NodePool;
  readonly subscribers: JobSubscribers;
  readonly stats: JobStats;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly forecasts: Pick<JobForecasts, 'firstToken' | 'answered' | 'succeeded'>;
  readonly mayAssign?: (() => boolean) | undefined;
}

/** Of the work in a turn of the event loop: a job that is requeued, and assigned again, takes about 0.3 ms. */
const PARTS_OF_JOB = 60;

export class Assignments implements NodeEvents {
  readonly chunks: AttemptChunks;
  /** Of jobs whose clients may return. */
  readonly unknown: UnknownAttempts;
  /** Of attempts that were unknown. */
  readonly late = new LateReports();
  readonly #options: AssignmentsOptions;
  readonly #sender: AssignmentSender;
  /** Nodes that get `job_cancel` when the end of the attempt is durable. Their slots are free already. */
  readonly #unsentCancels = new Set<{ readonly jobId: string; readonly nodeId: string }>();
  /** Nodes that fell silent together (eviction pause) or before a restart. Their jobs are not requeued yet. */
  readonly #deferred = new Set<string>();

  constructor(options: AssignmentsOptions) {
    this.#options = options;
    this.#sender = new AssignmentSender(options);
    this.chunks = new AttemptChunks(options, this.stop.bind(this));
    this.unknown = new UnknownAttempts(options.pool, (nodeId, { jobId, attempt }) => {
      this.#cancel(nodeId, jobId, attempt, 'stale');
    });
  }

  /**
   * Sends the assignment once it is durable, if the node can still get it. Else the attempt ends as `not_delivered`. The assignment of an
   * interactive job is sent in this turn, after the changes that the caller is making.
   */
  assign(record: JobRecord, nodeId: string, attempt: number): void {
    const { jobId, interactive } = record.facts;
    const { writer } = this.#options;
    this.#sender.begin(jobId, attempt);
    const send = (): void => {
      this.#sender.send(jobId, nodeId, attempt);
    };
    if (!interactive) {
      writer.whenDurable(jobId, send);
      return;
    }
    queueMicrotask(() => {
      if (this.#canSendBeforeWrite(jobId, nodeId)) send();
      else {
        writer.whenDurable(jobId, send);
        writer.hurry();
      }
    });
  }

  /** False: the store is needed for the job, or its node must first stop an attempt. */
  #canSendBeforeWrite(jobId: string, nodeId: string): boolean {
    const { writer, texts } = this.#options;
    return !writer.isInserting(jobId) && texts.get(jobId) !== null && ![...this.#unsentCancels].some((cancel) => cancel.nodeId === nodeId);
  }

  /** Whether this attempt was not sent yet. */
  isUnsent(jobId: string, attempt: number): boolean {
    return this.#sender.isUnsent(jobId, attempt);
  }

  /** The scheduler stops: no task is read again. */
  end(): void {
    this.#sender.stop();
    this.late.stop();
    this.#deferred.clear();
  }

  /** The insert was refused: the assignment will not be sent. */
  unassign(jobId: string): void {
    // After the refusal the job can have got the slot of another refused job.
    this.#options.writer.forget(jobId);
    this.#sender.forget(jobId);
    for (const cancel of this.#unsentCancels) if (cancel.jobId === jobId) this.#unsentCancels.delete(cancel);
  }

  /**
   * The node must stop the attempt. The cancel of a stored job waits for the write: otherwise, after a crash, the job would be assigned to
   * a node that has stopped it. An interactive job ends with a crash, so its cancel is sent at once.
   */
  stop({ facts: { jobId, interactive } }: JobRecord, nodeId: string, attempt: number, reason: StopReason): void {
    if (interactive) {
      this.#cancel(nodeId, jobId, attempt, reason);
      return;
    }
    const unsent = { jobId, nodeId };
    this.#unsentCancels.add(unsent);
    this.#options.writer.whenDurable(jobId, () => {
      this.#unsentCancels.delete(unsent);
      this.#cancel(nodeId, jobId, attempt, reason);
    });
  }

  #cancel(nodeId: string, jobId: string, attempt: number, reason: StopReason): void {
    this.#options.pool.linkOf(nodeId)?.send({ type: 'job_cancel', job_id: jobId, attempt, reason });
  }

  /** The scheduler stops an attempt that is not the live one. */
  accepted(nodeId: string, { jobId, attempt }: AttemptAccepted): void {
    const { table } = this.#options;
    if (this.unknown.has(nodeId, { jobId, attempt })) return;
    const isKnown = table.get(jobId) !== undefined;
    const effects = table.apply(jobId, { type: 'accepted', attempt, nodeId });
    if (!isKnown || effects.some(({ type }) => type === 'stale')) this.#cancel(nodeId, jobId, attempt, 'stale');
  }

  chunk(nodeId: string, chunk: AttemptChunk): void {
    const report = (): void => {
      this.chunks.take(nodeId, chunk);
    };
    if (!this.unknown.keep(nodeId, chunk, chunk.data, report)) this.late.pass(nodeId, chunk, chunk.data, report);
  }

  passed(nodeId: string, passed: PassedChunks): void {
    const report = (): void => {
      this.chunks.passed(nodeId, passed);
    };
    if (!this.unknown.keep(nodeId, passed, null, report)) this.late.pass(nodeId, passed, null, report);
  }

  refused(nodeId: string, key: ActiveJob, error: JobError): void {
    const report = (): void => {
      this.chunks.refused(nodeId, key, error);
    };
    if (!this.unknown.keep(nodeId, key, error, report, 'end')) this.late.pass(nodeId, key, error, report);
  }

  result(nodeId: string, message: AttemptResult): void {
    const report = (): void => {
      this.#result(nodeId, message);
    };
    if (this.unknown.keep(nodeId, message, message.output, report, 'end')) void this.#endedUnknown(nodeId, message);
    else this.late.pass(nodeId, message, message.output, report);
  }

  /** The client of a job that has ended and is stored does not return. */
  async #endedUnknown(nodeId: string, key: ActiveJob): Promise<void> {
    this.unknown.ended(nodeId, key);
    const job = await this.#options.store.job(key.jobId).catch(() => null);
    if (job !== null && isTerminal(job.state.status)) this.unknown.stop(nodeId, key);
  }

  /** Acknowledges the result when the state of the job is durable, even when the result changes nothing (protocol §2). */
  #result(nodeId: string, message: AttemptResult): void {
    const { table, writer, stats, pool } = this.#options;
    const { jobId, attempt } = message;
    const record = table.get(jobId);
    const seen = message.seen ?? this.chunks.seen(jobId, attempt);
    const elsewhere = (question: 'isServed' | 'isFree'): boolean =>
      record !== undefined && this.#isElsewhere(question, record, nodeId, attempt);
    const { event, view } = readResult(nodeId, message, record?.facts, seen, elsewhere);
    if (record !== undefined && event.error === null && !event.isRefusal && isLive(record, nodeId, attempt))
      this.#options.forecasts.succeeded(record.facts, nodeId, message.timings, outputBytesOf(message.output));
    const effects = table.apply(jobId, event, view);
    if (record === undefined || effects.some(({ type }) => type === 'stale')) stats.staleResult();
    writer.whenDurable(jobId, () => {
      pool.linkOf(nodeId)?.send({ type: 'job_result_ack', job_id: jobId, attempt });
    });
  }

  /** Only the live attempt can be confirmed. A repeated result must not read the pool again. */
  #isElsewhere(question: 'isServed' | 'isFree', record: JobRecord, nodeId: string, attempt: number): boolean {
    if (!isLive(record, nodeId, attempt)) return false;
    return this.#options.pool.dispatcher[question]({ ...record.facts.requirements, otherThan: nodeId });
  }

  /**
   * The node registered and named its jobs. Named jobs continue. Jobs on the node that it does not name are lost. Named jobs that are not
   * on the node are stopped. On the same link an unconfirmed assignment may have crossed the registration, so it is not lost.
   */
  registered(nodeId: string, active: readonly ActiveJob[], isSameLink: boolean): void {
    const { table } = this.#options;
    this.#deferred.delete(nodeId);
    // A node can name two attempts of a job: it runs one, and the result of the other is not acknowledged.
    const stale = new Map(active.map((named) => [keyOf(named), named]));
    for (const jobId of table.onNode(nodeId)) {
      const record = table.get(jobId);
      const attempt = attemptOf(record);
      if (attempt === null) continue;
      const key = { jobId, attempt };
      if (stale.delete(keyOf(key))) this.late.pass(nodeId, key, null, () => this.accepted(nodeId, key));
      else if (!this.isUnsent(jobId, attempt) && !(isSameLink && record?.status === 'assigned'))
        this.late.pass(nodeId, key, null, () => this.#loseAttempt(nodeId, key, 'node_lost'));
    }
    const unknown: ActiveJob[] = [];
    for (const named of stale.values()) {
      if (this.unknown.isOpen && table.get(named.jobId) === undefined) unknown.push(named);
      else this.#cancel(nodeId, named.jobId, named.attempt, 'stale');
    }
    this.unknown.registered(nodeId, unknown);
  }

  /** False: the node has registered without the attempt, or is gone. */
  mayRun(nodeId: string, key: ActiveJob): boolean {
    const { pool } = this.#options;
    return pool.record(nodeId) !== undefined && (pool.linkOf(nodeId) === undefined || this.unknown.has(nodeId, key));
  }

  /** The job of an earlier scheduler is in the table from now on, with this attempt. Returns what the node has reported before. */
  entered(nodeId: string, { jobId, attempt }: ActiveJob): WaitingReports {
    const { table, pool } = this.#options;
    const mayRun = this.mayRun(nodeId, { jobId, attempt });
    const reports = this.unknown.take(nodeId, { jobId, attempt });
    if (!mayRun) table.apply(jobId, { type: 'node_lost', nodeId });
    else if (pool.linkOf(nodeId) !== undefined) table.apply(jobId, { type: 'accepted', attempt, nodeId });
    else if (pool.record(nodeId)?.status === 'offline') this.deferRequeue(nodeId);
    return { nodeId, jobId, attempt, reports };
  }

  requeue(nodeId: string, cause: RequeueCause): void {
    const { pool, logger } = this.#options;
    if (cause === 'heartbeat_timeout' && pool.isEvictionPaused()) {
      this.deferRequeue(nodeId);
      logger.log('warn', 'requeue_deferred', { node_id: nodeId });
      return;
    }
    this.#lose(nodeId, cause === 'drain_timeout' || cause === 'quarantined' ? cause : 'node_lost');
  }

  /** The jobs of the node stay assigned until it returns, or until `requeueDeferred`. */
  deferRequeue(nodeId: string): void {
    this.#deferred.add(nodeId);
  }

  /** The eviction pause has ended: requeues the jobs of nodes that have not returned, in turns of the event loop. */
  requeueDeferred(): void {
    void inTurns([...this.#deferred], (nodeId) => {
      // A pause can begin again.
      const isLost = !this.#options.pool.isEvictionPaused() && this.#deferred.delete(nodeId);
      return isLost ? this.#lose(nodeId, 'node_lost') * PARTS_OF_JOB : 0;
    });
  }

  /** Returns the number of its jobs. */
  #lose(nodeId: string, type: Loss): number {
    const { table } = this.#options;
    this.unknown.stopOn(nodeId);
    const jobIds = table.onNode(nodeId);
    for (const jobId of jobIds) {
      const attempt = attemptOf(table.get(jobId));
      if (attempt === null) continue;
      // After the reports of the attempt that wait: the result of one that has ended is not lost with its node.
      this.late.pass(nodeId, { jobId, attempt }, null, () => this.#loseAttempt(nodeId, { jobId, attempt }, type));
    }
    return jobIds.length;
  }

  /** Ends the attempt, unless it has ended meanwhile. */
  #loseAttempt(nodeId: string, { jobId, attempt }: ActiveJob, type: Loss): void {
    const { table } = this.#options;
    if (!isLive(table.get(jobId), nodeId, attempt)) return;
    table.apply(jobId, this.isUnsent(jobId, attempt) ? { type: 'not_delivered', attempt } : { type, nodeId });
  }
}

function isLive(record: JobRecord | undefined, nodeId: string, attempt: number): boolean {
  const live = record && liveAttempt(record);
  return live?.attempt === attempt && live.nodeId === nodeId;
}

const keyOf = ({ jobId, attempt }: ActiveJob): string => `${jobId} ${String(attempt)}`;
