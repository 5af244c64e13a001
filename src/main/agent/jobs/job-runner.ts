// The jobs of this node: takes assignments, runs them, and hands over how they ended. What to do with an assignment is
// assignment-mapping's, how a task is run the runtimes', how a result reaches the scheduler the delivery's.
import { assertNever } from '../../../shared/assert-never';
import type { JobAssign, JobCancel, JobResultAck } from '../../../shared/protocol/scheduler-messages';
import type { Task } from '../../../shared/protocol/tasks';
import { modelOfTask } from '../../../shared/protocol/tasks';
import type { Clock } from '../../platform/clock';
import type { Logger } from '../../platform/logger';
import type { RuntimeSet } from '../../runtimes/runtime-set';
import { decideAssignment, isSameKey, type JobKey, type Offer } from '../core/assignment';
import { type Registration, ResultDelivery, type ResultDeliveryOptions } from './result-delivery';
import { resultText } from './result-text';
import { RunningJob } from './running-job';

export interface JobRunnerOptions extends ResultDeliveryOptions {
  readonly runtimes: Pick<RuntimeSet, 'seen' | 'serves' | 'run'>;
  readonly maxConcurrentJobs: number;
  readonly clock: Clock;
  readonly logger: Logger;
  /** A job began or ended. */
  readonly onChange: () => void;
}

export class JobRunner {
  private readonly options: JobRunnerOptions;
  private readonly delivery: ResultDelivery;
  private readonly running = new Set<RunningJob>();
  private readonly ends = new Set<Promise<void>>();
  private scheduler: { readonly url: string; readonly nodeId: string } | null = null;
  private stopping = false;

  constructor(options: JobRunnerOptions) {
    this.options = options;
    this.delivery = new ResultDelivery(options);
  }

  /** Jobs that run on this machine now, those that are being stopped among them. */
  runningJobs(): number {
    return this.running.size;
  }

  /** For `node_register`: what runs for this node of this scheduler, or has ended and is not acknowledged. */
  activeJobs(url: string, nodeId: string | null): readonly JobKey[] {
    const wanted = [...this.running].filter((job) => job.stopped !== 'in_vain' && job.schedulerUrl === url);
    return [...wanted, ...this.delivery.waitingFor(url)]
      .filter((job) => job.nodeId === nodeId)
      .map(({ jobId, attempt }) => ({ jobId, attempt }));
  }

  /** The scheduler acknowledged the registration. */
  registered(registration: Registration): void {
    const { url, nodeId } = registration;
    this.scheduler = { url, nodeId };
    // A result counts for the node that ran it (protocol §2): of an id that was lost it is worth nothing.
    for (const job of this.running) if (job.schedulerUrl === url && job.nodeId !== nodeId) job.stop('in_vain');
    this.delivery.registered(registration);
  }

  /** This node turns to another scheduler, or to none: what runs for the old one is stopped, finished results are kept for it. */
  left(): void {
    this.scheduler = null;
    this.delivery.left();
    for (const job of this.running) job.stop('in_vain');
  }

  take(message: JobAssign | JobCancel | JobResultAck): void {
    const key = keyOf(message);
    switch (message.type) {
      case 'job_assign':
        this.onAssign(message, key);
        break;
      case 'job_cancel':
        for (const job of this.running) if (isSameKey(job, key)) job.stop('cancelled');
        break;
      case 'job_result_ack':
        this.delivery.acknowledged(key);
        break;
      default:
        assertNever(message);
    }
  }

  /** From now on nothing new begins. */
  stopTaking(): void {
    this.stopping = true;
  }

  /** Stops what runs and resolves when it has stopped. Results that were not acknowledged stay on disk for the next start. */
  async close(): Promise<void> {
    this.stopTaking();
    this.left();
    await Promise.all(this.ends);
    await this.delivery.close();
  }

  private onAssign(assign: JobAssign, key: JobKey): void {
    const { clock, logger, maxConcurrentJobs, runtimes } = this.options;
    if (this.scheduler === null) return;
    const decision = decideAssignment(
      {
        running: [...this.running].filter((job) => job.stopped === null),
        ended: this.delivery.waiting(),
        maxConcurrentJobs,
        stopping: this.stopping,
        canKeepResults: this.delivery.hasRoom(),
      },
      key,
      offerOf(runtimes, assign.task),
    );
    switch (decision.kind) {
      case 'confirm':
        this.accept(key);
        break;
      case 'tell_result':
        this.delivery.tellAgain(key);
        break;
      case 'refuse': {
        // Not kept: lost with the connection, the job is none of those that the next registration names.
        logger.log('warn', 'job_refused', { ...fieldsOf(key), code: decision.outcome.success ? null : decision.outcome.error.code });
        this.options.send(
          resultText({ ...key, nodeId: this.scheduler.nodeId, traceId: assign.trace_id, processingTimeMs: 0 }, decision.outcome),
        );
        break;
      }
      case 'run': {
        for (const job of this.running) if (decision.inVain !== null && isSameKey(job, decision.inVain)) job.stop('in_vain');
        const job = new RunningJob(assign, this.scheduler.url, this.scheduler.nodeId, clock);
        logger.log('info', 'job_started', { ...fieldsOf(key), model_id: job.modelId, trace_id: job.traceId });
        this.accept(key);
        const end = this.run(job).finally(() => this.ends.delete(end));
        this.ends.add(end);
        break;
      }
      default:
        assertNever(decision);
    }
  }

  private accept({ jobId, attempt }: JobKey): void {
    this.options.send(JSON.stringify({ type: 'job_accepted', job_id: jobId, attempt }));
  }

  private async run(job: RunningJob): Promise<void> {
    const { logger, runtimes, onChange } = this.options;
    this.running.add(job);
    this.delivery.follow(job);
    onChange();
    const outcome = await job.run(runtimes, logger, () => {
      this.delivery.chunkCame(job);
    });
    const processingTimeMs = job.elapsedMs;
    const isWanted = job.stopped !== 'in_vain';
    if (!isWanted) this.delivery.drop(job);
    const kept = isWanted ? { result_bytes: await this.delivery.add(job, outcome, processingTimeMs) } : {};
    this.running.delete(job);
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

function offerOf(runtimes: JobRunnerOptions['runtimes'], task: Task): Offer {
  if (runtimes.serves(task)) return 'runs';
  const modelId = modelOfTask(task);
  return runtimes.seen().models.some(({ model }) => model.model_id === modelId) ? 'listed' : 'unknown';
}

const keyOf = ({ job_id: jobId, attempt }: { readonly job_id: string; readonly attempt: number }): JobKey => ({ jobId, attempt });
const fieldsOf = ({ jobId, attempt }: JobKey) => ({ job_id: jobId, attempt });
