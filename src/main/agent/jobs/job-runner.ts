// The jobs of this node: accepts assignments, runs them, and hands their outcomes to the delivery. core/assignment.ts decides about
// assignments, the runtimes run tasks, and ResultDelivery sends results.
import { assertNever } from '../../../shared/assert-never';
import type { NodeJobError } from '../../../shared/protocol/job-errors';
import type { JobAssign, JobCancel, JobResultAck } from '../../../shared/protocol/scheduler-messages';
import type { Task } from '../../../shared/protocol/tasks';
import { modelOfTask } from '../../../shared/protocol/tasks';
import type { Clock } from '../../platform/clock';
import type { Logger } from '../../platform/logger';
import type { RuntimeSet } from '../../runtimes/runtime-set';
import type { EndedJob } from '../core/contribution';
import { decideAssignment, isSameKey, type JobKey, type ModelSupport } from '../core/assignment';
import { type Registration, ResultDelivery, type ResultDeliveryOptions } from './result-delivery';
import { resultFrameText } from './result-frame';
import { RunningJob } from './running-job';

/** `pool`: the pin of the pool, else its address. */
export interface JobCounter {
  started(pool: string): void;
  /** Null: the scheduler withdrew the job, so it neither succeeded nor failed. */
  ended(pool: string, job: EndedJob | null): void;
}

export interface FailedJob {
  readonly modelId: string;
  readonly code: NodeJobError;
}

export interface JobRunnerOptions extends ResultDeliveryOptions {
  readonly runtimes: Pick<RuntimeSet, 'snapshot' | 'serves' | 'run'>;
  readonly maxConcurrentJobs: () => number;
  /** Whether the owner shares the model with the pool. Default: every model. */
  readonly isShared?: (modelId: string) => boolean;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Counts the jobs of each pool. Default: not counted. */
  readonly counter?: JobCounter;
  /** A job that the scheduler still wanted failed. Default: only the log says so. */
  readonly onFailed?: (job: FailedJob) => void;
  /** A job started or ended. */
  readonly onChange: () => void;
}

export class JobRunner {
  readonly #options: JobRunnerOptions;
  readonly #delivery: ResultDelivery;
  readonly #running = new Set<RunningJob>();
  readonly #endings = new Set<Promise<void>>();
  #scheduler: { readonly url: string; readonly nodeId: string } | null = null;
  #stopping = false;

  constructor(options: JobRunnerOptions) {
    this.#options = options;
    this.#delivery = new ResultDelivery(options);
  }

  /** Jobs that run on this machine now, including those that are being stopped. */
  runningJobs(): number {
    return this.#running.size;
  }

  /** For `node_register`: jobs of this node and scheduler that run, or have ended and are not acknowledged. */
  activeJobs(url: string, nodeId: string | null): readonly JobKey[] {
    const running = [...this.#running].filter((job) => job.stopped !== 'obsolete' && job.schedulerUrl === url);
    return [...running, ...this.#delivery.pendingFor(url)]
      .filter((job) => job.nodeId === nodeId)
      .map(({ jobId, attempt }) => ({ jobId, attempt }));
  }

  /** The scheduler acknowledged the registration. */
  onRegistered(registration: Registration): void {
    const { url, nodeId } = registration;
    this.#scheduler = { url, nodeId };
    // A result is valid only for the node id that ran the job (protocol §2).
    for (const job of this.#running) if (job.schedulerUrl === url && job.nodeId !== nodeId) job.stop('obsolete');
    this.#delivery.onRegistered(registration);
  }

  /** This node leaves its scheduler: running jobs are stopped, and results are kept for the scheduler. */
  leaveScheduler(): void {
    this.#scheduler = null;
    this.#delivery.leaveScheduler();
    for (const job of this.#running) job.stop('obsolete');
  }

  handle(message: JobAssign | JobCancel | JobResultAck): void {
    const key = keyOf(message);
    switch (message.type) {
      case 'job_assign':
        this.#onAssign(message, key);
        break;
      case 'job_cancel':
        for (const job of this.#running) if (isSameKey(job, key)) job.stop('cancelled');
        break;
      case 'job_result_ack':
        this.#delivery.onAcknowledged(key);
        break;
      default:
        assertNever(message);
    }
  }

  /** From now on no job starts. */
  stopAccepting(): void {
    this.#stopping = true;
  }

  /** Stops all running jobs and resolves when they have stopped. Unacknowledged results stay on disk for the next start. */
  async close(): Promise<void> {
    this.stopAccepting();
    this.leaveScheduler();
    await Promise.all(this.#endings);
    await this.#delivery.close();
  }

  #onAssign(assign: JobAssign, key: JobKey): void {
    const { clock, logger, maxConcurrentJobs } = this.#options;
    if (this.#scheduler === null) return;
    const decision = decideAssignment(
      {
        running: [...this.#running].filter((job) => job.stopped === null),
        ended: this.#delivery.pending(),
        maxConcurrentJobs: maxConcurrentJobs(),
        stopping: this.#stopping,
        canKeepResults: this.#delivery.hasCapacity(),
      },
      key,
      supportOf(this.#options, assign.task),
    );
    switch (decision.kind) {
      case 'confirm':
        this.#accept(key, false);
        break;
      case 'resend_result':
        this.#delivery.resend(key);
        break;
      case 'refuse': {
        // The refusal is not stored. If it is lost, the next registration does not name the job, and the scheduler requeues the job.
        logger.log('warn', 'job_refused', { ...fieldsOf(key), code: decision.outcome.success ? null : decision.outcome.error.code });
        this.#options.send(
          resultFrameText({ ...key, nodeId: this.#scheduler.nodeId, traceId: assign.trace_id, processingTimeMs: 0 }, decision.outcome),
        );
        break;
      }
      case 'run': {
        for (const job of this.#running) if (decision.obsolete !== null && isSameKey(job, decision.obsolete)) job.stop('obsolete');
        const job = new RunningJob(assign, this.#scheduler.url, this.#scheduler.nodeId, clock);
        this.#accept(key, job.isInteractive);
        const end = this.#run(job).finally(() => this.#endings.delete(end));
        this.#endings.add(end);
        logger.log('info', 'job_started', { ...fieldsOf(key), model_id: job.modelId, trace_id: job.traceId });
        break;
      }
      default:
        assertNever(decision);
    }
  }

  /** The first chunk or the result of an interactive job follows soon: one write less for a short request. */
  #accept({ jobId, attempt }: JobKey, mayWait: boolean): void {
    this.#options.send(JSON.stringify({ type: 'job_accepted', job_id: jobId, attempt }), mayWait);
  }

  async #run(job: RunningJob): Promise<void> {
    const { logger, runtimes, counter, onFailed, onChange } = this.#options;
    this.#running.add(job);
    this.#delivery.track(job);
    counter?.started(job.schedulerUrl);
    const ran = job.run(runtimes, logger, () => {
      this.#delivery.onChunk(job);
    });
    onChange();
    const outcome = await ran;
    const processingTimeMs = job.elapsedMs;
    const isWanted = job.stopped !== 'obsolete';
    counter?.ended(job.schedulerUrl, isWanted && job.stopped !== 'cancelled' ? endedJob(outcome.success, job) : null);
    if (!isWanted) this.#delivery.discard(job);
    const kept = isWanted ? { result_bytes: await this.#delivery.add(job, outcome, processingTimeMs) } : {};
    this.#running.delete(job);
    if (!outcome.success && job.stopped === null) onFailed?.({ modelId: job.modelId, code: outcome.error.code });
    const code = outcome.success ? {} : { code: outcome.error.code };
    logger.log('info', 'job_ended', {
      ...fieldsOf(job),
      success: outcome.success,
      ...code,
      duration_ms: Math.round(processingTimeMs),
      ...kept,
    });
    onChange();
  }
}

function supportOf({ runtimes, isShared = () => true }: JobRunnerOptions, task: Task): ModelSupport {
  const modelId = modelOfTask(task);
  if (!isShared(modelId)) return 'unknown';
  if (runtimes.serves(task)) return 'runs';
  return runtimes.snapshot().models.some(({ model }) => model.model_id === modelId) ? 'listed' : 'unknown';
}

const endedJob = (success: boolean, { timings }: RunningJob): EndedJob => ({
  success,
  promptTokens: timings?.prompt_tokens ?? 0,
  completionTokens: timings?.completion_tokens ?? 0,
});

const keyOf = ({ job_id: jobId, attempt }: { readonly job_id: string; readonly attempt: number }): JobKey => ({ jobId, attempt });
const fieldsOf = ({ jobId, attempt }: JobKey) => ({ job_id: jobId, attempt });
