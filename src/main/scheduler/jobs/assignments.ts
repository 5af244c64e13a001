// Jobs on nodes: sends assignments, handles the messages of nodes about their jobs, and requeues jobs when a node is lost.
import type { JobError, RowProgress, StopReason } from '../../../shared/api/job';
import { hasToken } from '../../../shared/protocol/token-events';
import { generatesText } from '../../../shared/protocol/task-kinds';
import type { Clock } from '../../platform/clock';
import type { Logger } from '../../platform/logger';
import type { RequeueCause } from '../lifecycle/events';
import { AssignmentSender } from './assignment-sender';
import { ChunkStreams, type HeldStream, MAX_HELD_BYTES } from './chunk-streams';
import type { JobForecasts } from './job-forecasts';
import type { JobTable } from './job-table';
import type { JobSubscribers } from './job-subscribers';
import type { NodePool } from './node-pool';
import type { JobStats } from './job-stats';
import type { JobStore } from './job-store';
import type { ActiveJob, AttemptAccepted, AttemptChunk, PoolListener } from './pool-listener';
import type { JobWriter } from './job-writer';
import { answerBytesOf, outputBytesOf } from './machine/answer-bytes';
import { jobError } from './machine/job-error';
import { type AttemptResult, readResult, unreadable } from './machine/attempt-result';
import { type Attempt, attemptOf, type JobRecord, liveAttempt } from './machine/job-record';
import type { Chunk } from './machine/stream-check';
import type { TaskTexts } from './task-texts';

type NodeEvents = PoolListener['nodes'];

export interface AssignmentsOptions {
  readonly table: JobTable;
  readonly writer: JobWriter;
  readonly store: Pick<JobStore, 'task'>;
  readonly texts: TaskTexts;
  readonly pool: NodePool;
  readonly subscribers: JobSubscribers;
  readonly stats: JobStats;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly forecasts: Pick<JobForecasts, 'firstToken' | 'answered' | 'succeeded'>;
  readonly mayAssign?: (() => boolean) | undefined;
}

export class Assignments implements NodeEvents {
  readonly #options: AssignmentsOptions;
  readonly #sender: AssignmentSender;
  /** Nodes that get `job_cancel` when the end of the attempt is durable. Their slots are free already. */
  readonly #unsentCancels = new Set<{ readonly jobId: string; readonly nodeId: string }>();
  /** Nodes that fell silent together (eviction pause) or before a restart. Their jobs are not requeued yet. */
  readonly #deferred = new Set<string>();
  readonly #streams = new ChunkStreams();

  constructor(options: AssignmentsOptions) {
    this.#options = options;
    this.#sender = new AssignmentSender(options);
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
    const isKnown = table.get(jobId) !== undefined;
    const effects = table.apply(jobId, { type: 'accepted', attempt, nodeId });
    if (!isKnown || effects.some(({ type }) => type === 'stale')) this.#cancel(nodeId, jobId, attempt, 'stale');
  }

  /** The attempt has ended. */
  attemptEnded(jobId: string): void {
    this.#streams.forget(jobId);
  }

  readonly progressOf = (jobId: string): RowProgress | null => this.#streams.progressOf(jobId, this.#options.pool.now().monotonicMs);

  chunk(nodeId: string, chunk: AttemptChunk): void {
    const { jobId, attempt } = chunk;
    const { table } = this.#options;
    const record = table.get(jobId);
    const live = record === undefined ? null : liveAttempt(record);
    if (record === undefined || live?.attempt !== attempt || live.nodeId !== nodeId) return;
    // The subscribers of a stored job read the chunks of its node themselves.
    const path = record.facts.interactive ? record.facts.task.path : null;
    const { pass, tooLarge } = this.#streams.take(path, chunk, this.#options.pool.now().monotonicMs);
    if (pass === null) this.#refuseStream(record, live, unreadable('chunk'));
    else {
      if (startsAnswer(record.facts.task.path, chunk.data))
        this.#options.forecasts.firstToken(jobId, nodeId, requestedAtMonotonicMs(record));
      this.#options.forecasts.answered(jobId, nodeId, answerBytesOf(chunk.data));
      for (const next of pass) this.#passOn(jobId, nodeId, attempt, next);
    }
    if (tooLarge !== null) this.#refuseTooLarge(tooLarge);
  }

  /** The stream can be that of another job. It has a live attempt, because the stream of an ended attempt is forgotten. */
  #refuseTooLarge({ jobId, heldBytes }: HeldStream): void {
    const record = this.#options.table.get(jobId);
    const live = record === undefined ? null : liveAttempt(record);
    const details = { field: 'chunk', held_bytes: heldBytes, limit_bytes: MAX_HELD_BYTES };
    const error = jobError('unreadable_answer', 'the chunks without content are too large', details);
    if (record !== undefined && live !== null) this.#refuseStream(record, live, error);
  }

  #passOn(jobId: string, nodeId: string, attempt: number, { seq, data }: Chunk): void {
    const { subscribers, logger } = this.#options;
    const missing = subscribers.chunk(jobId, attempt, seq, data);
    if (missing > 0) logger.log('warn', 'job_chunks_missing', { job_id: jobId, node_id: nodeId, attempt, seq, missing });
  }

  /** The node does not send a stream of the path. Its attempt has failed, and the node must stop it. */
  #refuseStream(record: JobRecord, { attempt, nodeId }: Attempt, error: JobError): void {
    this.#options.table.apply(record.facts.jobId, { type: 'result', attempt, nodeId, error, retryable: true });
    this.stop(record, nodeId, attempt, 'unreadable_output');
  }

  /** Acknowledges the result when the state of the job is durable, even when the result changes nothing (protocol §2). */
  result(nodeId: string, message: AttemptResult): void {
    const { table, writer, stats, pool } = this.#options;
    const { jobId, attempt } = message;
    const record = table.get(jobId);
    const seen = message.seen ?? this.#streams.seen(jobId, attempt);
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
    const { requirements } = record.facts;
    if (!isLive(record, nodeId, attempt)) return false;
    return this.#options.pool.dispatcher[question]({ ...requirements, otherThan: nodeId });
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
      if (stale.delete(keyOf({ jobId, attempt }))) table.apply(jobId, { type: 'accepted', attempt, nodeId });
      else if (!this.isUnsent(jobId, attempt) && !(isSameLink && record?.status === 'assigned'))
        table.apply(jobId, { type: 'node_lost', nodeId });
    }
    for (const { jobId, attempt } of stale.values()) this.#cancel(nodeId, jobId, attempt, 'stale');
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

  /** The eviction pause has ended: requeues the jobs of nodes that have not returned. */
  requeueDeferred(): void {
    for (const nodeId of this.#deferred) {
      this.#deferred.delete(nodeId);
      this.#lose(nodeId, 'node_lost');
    }
  }

  #lose(nodeId: string, type: 'node_lost' | 'drain_timeout' | 'quarantined'): void {
    const { table } = this.#options;
    for (const jobId of table.onNode(nodeId)) {
      const attempt = attemptOf(table.get(jobId));
      if (attempt !== null && this.isUnsent(jobId, attempt)) table.apply(jobId, { type: 'not_delivered', attempt });
      else table.apply(jobId, { type, nodeId });
    }
  }
}

const requestedAtMonotonicMs = ({ facts, createdAt }: JobRecord): number | null => (facts.interactive ? createdAt.monotonicMs : null);

/** A chat begins with an event that has only a role: the model has not processed the prompt then. */
const startsAnswer = (path: string | null, data: unknown): boolean => path === null || !generatesText(path) || hasToken(data);

function isLive(record: JobRecord, nodeId: string, attempt: number): boolean {
  const live = liveAttempt(record);
  return live?.attempt === attempt && live.nodeId === nodeId;
}

const keyOf = ({ jobId, attempt }: ActiveJob): string => `${jobId} ${String(attempt)}`;
