// Sends assignments to nodes. The task is the text that is kept in memory, or that of the store.
import { messageOfError } from '../../../shared/errors';
import type { Clock, Timer } from '../../platform/clock';
import type { Logger } from '../../platform/logger';
import type { JobStore } from './job-store';
import type { JobTable } from './job-table';
import { jobError } from './machine/job-error';
import { attemptOf, type JobFacts } from './machine/job-record';
import { type AnswerRoute, TO_LEADER } from '../nodes/node-link';
import type { NodePool } from './node-pool';
import type { StoredTask, TaskTexts } from './task-texts';

const RETRY_MS = 1000;

export interface AssignmentSenderOptions {
  readonly table: JobTable;
  readonly store: Pick<JobStore, 'task'>;
  readonly texts: TaskTexts;
  readonly pool: NodePool;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Default: always. Otherwise the attempt stays unsent: the term of this scheduler has ended. */
  readonly mayAssign?: (() => boolean) | undefined;
}

export class AssignmentSender {
  readonly #options: AssignmentSenderOptions;
  /** Job -> its attempt that is assigned and not sent to the node yet. */
  readonly #unsent = new Map<string, number>();
  /** Sends the assignments whose task could not be read. */
  #unread: (() => void)[] = [];
  #retry: Timer | null = null;
  #isStopped = false;

  constructor(options: AssignmentSenderOptions) {
    this.#options = options;
  }

  /** The attempt will be sent. */
  begin(jobId: string, attempt: number): void {
    this.#unsent.set(jobId, attempt);
  }

  isUnsent(jobId: string, attempt: number): boolean {
    return this.#unsent.get(jobId) === attempt;
  }

  forget(jobId: string): void {
    this.#unsent.delete(jobId);
  }

  stop(): void {
    this.#isStopped = true;
    this.#retry?.cancel();
  }

  /** Reads again later when the store cannot be read. Meanwhile the loss of the node ends the attempt. */
  #readTask({ jobId, seq }: JobFacts, nodeId: string, attempt: number): void {
    const { store } = this.#options;
    store.task(seq).then(
      (task) => {
        this.send(jobId, nodeId, attempt, task);
      },
      (error: unknown) => {
        this.#unread.push(() => {
          this.send(jobId, nodeId, attempt);
        });
        if (this.#retry === null && !this.#isStopped) this.#retryLater(messageOfError(error));
      },
    );
  }

  #retryLater(reason: string): void {
    const { clock, logger } = this.#options;
    logger.log('error', 'job_store_read_failed', { reason });
    this.#retry = clock.setTimer(RETRY_MS, () => {
      this.#retry = null;
      const unread = this.#unread;
      this.#unread = [];
      for (const send of unread) send();
    });
  }

  /** `read`: the task from the store, where the text was not kept in memory. */
  send(jobId: string, nodeId: string, attempt: number, read?: StoredTask | null): void {
    const { table, pool, texts, mayAssign = () => true } = this.#options;
    if (!mayAssign()) return;
    const record = table.get(jobId);
    const node = pool.record(nodeId);
    const link = pool.linkOf(nodeId);
    const isCurrent = record?.status === 'assigned' && attemptOf(record) === attempt;
    if (isCurrent && link?.isFull === true) {
      link.whenDrained(() => {
        this.send(jobId, nodeId, attempt, read);
      });
      return;
    }
    const task = read === undefined ? texts.get(jobId) : read;
    if (isCurrent && task === null && read === undefined) {
      this.#readTask(record.facts, nodeId, attempt);
      return;
    }
    if (this.isUnsent(jobId, attempt)) this.#unsent.delete(jobId);
    if (!isCurrent) return;
    // A closed link needs no check: sending on it fails.
    if (node?.status !== 'ready' || !node.online || link === undefined) {
      table.apply(jobId, { type: 'not_delivered', attempt });
      return;
    }
    const { facts } = record;
    // After a restart the row may be damaged, or have a task that this version does not know.
    if (task === null) {
      const error = jobError('task_unreadable', 'the store has no task that this scheduler can read');
      table.apply(jobId, { type: 'result', attempt, nodeId, error, retryable: false });
      return;
    }
    const assign = {
      type: 'job_assign' as const,
      job_id: jobId,
      attempt,
      required_models: [...facts.requirements.requiredModels],
      timeout_seconds: facts.timeoutMs / 1000,
      // Without a waiting client the streamed events are kept in the result.
      ...(facts.interactive ? { interactive: true } : task.isStreamed ? { keep_stream: true } : {}),
      trace_id: facts.traceId,
    };
    if (link.sendAssign(assign, task.text, routeOf(facts))) texts.forget(jobId);
    else table.apply(jobId, { type: 'not_delivered', attempt });
  }
}

/** The chunks of a stream go to the replica whose client waits. */
const routeOf = ({ streams, follower, task: { path } }: JobFacts): AnswerRoute =>
  streams && follower !== undefined ? { path, follower } : TO_LEADER;
