// Jobs and their nodes: what is sent to a node, what it says of its jobs, and what becomes of them when it is lost or returns.
import type { JobError, JobResultView, StopReason } from '../../../shared/api/job';
import type { NodeMessage } from '../../../shared/protocol/node-messages';
import type { Logger } from '../../platform/logger';
import type { RequeueCause } from '../lifecycle/events';
import type { JobTable } from './job-table';
import type { JobSubscribers } from './job-subscribers';
import type { NodePool } from './node-pool';
import type { JobStats } from './job-stats';
import type { JobStore } from './job-store';
import type { ActiveJob, PoolListener } from './pool-listener';
import type { JobWriter } from './job-writer';
import { jobError } from './machine/job-error';
import { type JobRecord, liveAttempt } from './machine/job-record';
import type { TaskTexts } from './task-texts';

type Accepted = Extract<NodeMessage, { type: 'job_accepted' }>;
type Chunk = Extract<NodeMessage, { type: 'job_chunk' }>;
type ResultMessage = Extract<NodeMessage, { type: 'job_result' }>;

type NodeEvents = PoolListener['nodes'];

export interface AssignmentsParts {
  readonly book: JobTable;
  readonly writer: JobWriter;
  readonly store: Pick<JobStore, 'task'>;
  readonly texts: TaskTexts;
  readonly pool: NodePool;
  readonly followers: JobSubscribers;
  readonly stats: JobStats;
  readonly logger: Logger;
}

/** An error's details are kept with the job's small state: what is larger is left out. */
const MAX_DETAILS_LENGTH = 4096;

export class Assignments implements NodeEvents {
  readonly #parts: AssignmentsParts;
  /** Job -> its attempt that is assigned and was not sent yet: the node cannot know of it. */
  readonly #unsent = new Map<string, number>();
  /** Nodes that fell silent in a mass loss, or before a restart: their jobs wait with them. */
  readonly #held = new Set<string>();

  constructor(parts: AssignmentsParts) {
    this.#parts = parts;
  }

  /** Sends the assignment once it is durable, if the node may still get it then; if not, it never reached the node. */
  assign(record: JobRecord, nodeId: string, attempt: number): void {
    const { jobId } = record.facts;
    this.#unsent.set(jobId, attempt);
    this.#parts.writer.whenDurable(jobId, () => {
      this.#send(jobId, nodeId, attempt);
    });
  }

  /** Whether this attempt has not left the scheduler yet. */
  isUnsent(jobId: string, attempt: number): boolean {
    return this.#unsent.get(jobId) === attempt;
  }

  /** The insert was refused: nothing will be sent. */
  unassign(jobId: string): void {
    this.#unsent.delete(jobId);
  }

  cancel(nodeId: string, jobId: string, attempt: number, reason: StopReason): void {
    this.#parts.pool.linkOf(nodeId)?.send({ type: 'job_cancel', job_id: jobId, attempt, reason });
  }

  /** An attempt that is not the live one is in vain: the node is told to stop it. */
  accepted(nodeId: string, { job_id: jobId, attempt }: Accepted): void {
    const { book } = this.#parts;
    const isKnown = book.get(jobId) !== undefined;
    const effects = book.apply(jobId, { type: 'accepted', attempt, nodeId });
    if (!isKnown || effects.some(({ type }) => type === 'stale')) this.cancel(nodeId, jobId, attempt, 'stale');
  }

  chunk(nodeId: string, { job_id: jobId, attempt, seq, data }: Chunk): void {
    const { book, followers, logger } = this.#parts;
    const record = book.get(jobId);
    const live = record === undefined ? null : liveAttempt(record);
    if (live?.attempt !== attempt || live.nodeId !== nodeId) return;
    const missing = followers.chunk(jobId, attempt, seq, data);
    if (missing > 0) logger.log('warn', 'job_chunks_missing', { job_id: jobId, node_id: nodeId, attempt, seq, missing });
  }

  /** Acknowledged when all that is known of the job is durable: also a result that changes nothing (protocol §2). */
  result(nodeId: string, message: ResultMessage): void {
    const { book, writer, stats, pool } = this.#parts;
    const { job_id: jobId, attempt } = message;
    const error = errorOf(message);
    const view: JobResultView = {
      attempt,
      node_id: nodeId,
      success: message.success,
      output: message.output ?? null,
      error,
      processing_time_ms: message.processing_time_ms,
    };
    const isKnown = book.get(jobId) !== undefined;
    const effects = book.apply(jobId, { type: 'result', attempt, nodeId, error, retryable: isRetryable(message) }, view);
    if (!isKnown || effects.some(({ type }) => type === 'stale')) stats.staleResult();
    writer.whenDurable(jobId, () => {
      pool.linkOf(nodeId)?.send({ type: 'job_result_ack', job_id: jobId, attempt });
    });
  }

  /**
   * The node registered and names what it has. What it has of ours goes on; what it should have and has not is lost; what it
   * has and should not is stopped. On the same link an assignment that it has not confirmed may have crossed the registration.
   */
  registered(nodeId: string, active: readonly ActiveJob[], isSameLink: boolean): void {
    const { book } = this.#parts;
    this.#held.delete(nodeId);
    const named = new Map(active.map(({ job_id: jobId, attempt }) => [jobId, attempt]));
    for (const jobId of book.onNode(nodeId)) {
      const record = book.get(jobId);
      const attempt = attemptOf(record);
      if (attempt === null) continue;
      if (named.get(jobId) === attempt) {
        named.delete(jobId);
        book.apply(jobId, { type: 'accepted', attempt, nodeId });
      } else if (!this.isUnsent(jobId, attempt) && !(isSameLink && record?.status === 'assigned'))
        book.apply(jobId, { type: 'node_lost', nodeId });
    }
    for (const [jobId, attempt] of named) this.cancel(nodeId, jobId, attempt, 'stale');
  }

  requeue(nodeId: string, cause: RequeueCause): void {
    const { pool, logger } = this.#parts;
    if (cause === 'heartbeat_timeout' && pool.isMassLoss()) {
      this.hold(nodeId);
      logger.log('warn', 'requeue_deferred', { node_id: nodeId });
      return;
    }
    this.#lose(nodeId, cause === 'drain_timeout' ? 'drain_timeout' : 'node_lost');
  }

  /** Its jobs wait with it: it comes back, or `releaseHeld` gives it up. */
  hold(nodeId: string): void {
    this.#held.add(nodeId);
  }

  /** The mass loss is over: who is still away has lost its jobs. */
  releaseHeld(): void {
    for (const nodeId of this.#held) {
      this.#held.delete(nodeId);
      this.#lose(nodeId, 'node_lost');
    }
  }

  #lose(nodeId: string, type: 'node_lost' | 'drain_timeout'): void {
    const { book } = this.#parts;
    for (const jobId of book.onNode(nodeId)) {
      const attempt = attemptOf(book.get(jobId));
      if (attempt !== null && this.isUnsent(jobId, attempt)) book.apply(jobId, { type: 'not_delivered', attempt });
      else book.apply(jobId, { type, nodeId });
    }
  }

  #send(jobId: string, nodeId: string, attempt: number): void {
    const { book, pool, store, texts } = this.#parts;
    const record = book.get(jobId);
    const node = pool.registry.get(nodeId);
    const link = pool.linkOf(nodeId);
    const isWanted = record?.status === 'assigned' && attemptOf(record) === attempt;
    if (isWanted && link?.isFull === true) {
      link.whenDrained(() => {
        this.#send(jobId, nodeId, attempt);
      });
      return;
    }
    if (this.isUnsent(jobId, attempt)) this.#unsent.delete(jobId);
    if (!isWanted) return;
    // Whether the link is open it says itself: one that is closing has its end known by being asked.
    if (node?.status !== 'ready' || !node.online || link === undefined) {
      book.apply(jobId, { type: 'not_delivered', attempt });
      return;
    }
    const { facts } = record;
    const task = texts.get(jobId) ?? store.task(facts.seq);
    // After a restart the row may be damaged, or of a version whose tasks this one does not know.
    if (task === null) {
      const error = jobError('task_unreadable', 'the store holds no task that this scheduler can read');
      book.apply(jobId, { type: 'result', attempt, nodeId, error, retryable: false });
      return;
    }
    const assign = {
      type: 'job_assign' as const,
      job_id: jobId,
      attempt,
      required_models: [...facts.requirements.required_models],
      timeout_seconds: facts.timeoutMs / 1000,
      // Without a client on a connection the result is where the events are found.
      ...(task.isStreamed && !facts.interactive ? { keep_stream: true } : {}),
      trace_id: facts.traceId,
    };
    if (link.sendAssign(assign, task.text)) texts.forget(jobId);
    else book.apply(jobId, { type: 'not_delivered', attempt });
  }
}

const attemptOf = (record: JobRecord | undefined): number | null => (record === undefined ? null : (liveAttempt(record)?.attempt ?? null));

function errorOf({ success, error }: ResultMessage): JobError | null {
  if (success) return null;
  if (error == null) return jobError('failed', 'the node gave no reason');
  const isSmall = JSON.stringify(error.details ?? null).length <= MAX_DETAILS_LENGTH;
  return { code: error.code, message: error.message, details: isSmall ? (error.details ?? null) : null };
}

/** A node says so in its details; a failure that says nothing is taken for one that would repeat itself. */
function isRetryable({ error }: ResultMessage): boolean {
  const details = error?.details;
  return typeof details === 'object' && details !== null && 'retryable' in details && details.retryable === true;
}
