// The jobs of this node: takes assignments, runs them, and tells their results until the scheduler has acknowledged them.
// What to do with an assignment is assignment-mapping's, how a task is run the runtimes', what survives a crash the spool's.
import { createHash } from 'node:crypto';
import { assertNever } from '../../../shared/assert-never';
import type { JobAssign, JobCancel, JobResultAck } from '../../../shared/protocol/scheduler-messages';
import type { Task } from '../../../shared/protocol/tasks';
import { modelOfTask } from '../../../shared/protocol/tasks';
import type { Clock, Timer } from '../../platform/clock';
import type { Logger } from '../../platform/logger';
import { failed, type JobOutcome } from '../../runtimes/runtime-outcome';
import type { RuntimeSet } from '../../runtimes/runtime-set';
import { decideAssignment, type JobKey, type Offer } from './assignment-mapping';
import type { ChunkOutbox } from './chunk-outbox';
import type { ResultSpool, SpooledResult } from './result-spool';
import { resultText } from './result-text';
import { RunningJob } from './running-job';

export interface JobRunnerOptions {
  readonly runtimes: Pick<RuntimeSet, 'seen' | 'serves' | 'run'>;
  readonly spool: ResultSpool;
  readonly maxConcurrentJobs: number;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Whether there is a registered connection. */
  readonly isConnected: () => boolean;
  /** Sends one frame to the scheduler; false: there is no registered connection, or it takes no more now. */
  readonly send: (text: string) => boolean;
  /** A job began or ended. */
  readonly onChange: () => void;
  /** A result could not be written, and the one before could: it is in memory alone. */
  readonly onUnsaved: (details: { readonly job_id: string; readonly reason: string }) => void;
}

/** What is not sent, or not acknowledged, is tried again after this. */
const FLUSH_INTERVAL_MS = 1000;
const RESEND_AFTER_MS = 30_000;

/** How a result of this connection is doing. Chunks go before it. */
interface Telling {
  readonly chunks: ChunkOutbox | null;
  sentAtMs: number | null;
}

export class JobRunner {
  private readonly options: JobRunnerOptions;
  private readonly running = new Set<RunningJob>();
  private readonly ends = new Set<Promise<void>>();
  private readonly telling = new Map<string, Telling>();
  private scheduler: { readonly url: string; readonly nodeId: string } | null = null;
  private stopping = false;
  private diskFails = false;
  private flushing = false;
  private timer: Timer | null = null;

  constructor(options: JobRunnerOptions) {
    this.options = options;
  }

  /** Jobs that run on this machine now, those that are being stopped among them. */
  runningJobs(): number {
    return this.running.size;
  }

  /** For `node_register`: what runs for this node of this scheduler, or has ended and is not acknowledged. */
  activeJobs(url: string, nodeId: string | null): readonly JobKey[] {
    const wanted = [...this.running].filter((job) => job.stopped !== 'in_vain' && job.schedulerUrl === url);
    return [...wanted, ...this.options.spool.of(url)]
      .filter((job) => job.nodeId === nodeId)
      .map(({ jobId, attempt }) => ({ jobId, attempt }));
  }

  /** The scheduler acknowledged the registration. What was told over an earlier connection may be lost: it is told again. */
  registered(url: string, nodeId: string): void {
    this.scheduler = { url, nodeId };
    // A result counts for the node that ran it (protocol §2): of an id that was lost it is worth nothing.
    for (const job of this.running) if (job.schedulerUrl === url && job.nodeId !== nodeId) job.stop('in_vain');
    for (const result of this.options.spool.of(url)) if (result.nodeId !== nodeId) this.forget(result);
    for (const job of this.running) job.chunks.rewind();
    for (const telling of this.telling.values()) {
      telling.chunks?.rewind();
      telling.sentAtMs = null;
    }
    void this.flush();
  }

  /** This node turns to another scheduler, or to none: what runs for the old one is stopped, finished results are kept for it. */
  left(): void {
    this.scheduler = null;
    for (const job of this.running) job.stop('in_vain');
  }

  take(message: JobAssign | JobCancel | JobResultAck): void {
    switch (message.type) {
      case 'job_assign':
        this.onAssign(message);
        break;
      case 'job_cancel':
        for (const job of this.running) if (isSame(job, message)) job.stop('cancelled');
        break;
      case 'job_result_ack':
        for (const result of this.ended()) if (isSame(result, message)) this.forget(result);
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
    this.timer?.cancel();
    await Promise.all(this.ends);
  }

  private onAssign(assign: JobAssign): void {
    const { clock, logger, maxConcurrentJobs, spool, runtimes } = this.options;
    if (this.scheduler === null) return;
    const key: JobKey = { jobId: assign.job_id, attempt: assign.attempt };
    const decision = decideAssignment(
      {
        running: [...this.running].filter((job) => job.stopped === null),
        ended: this.ended(),
        maxConcurrentJobs,
        stopping: this.stopping,
        canKeepResults: spool.hasRoom(),
      },
      key,
      offerOf(runtimes, assign.task),
    );
    switch (decision.kind) {
      case 'confirm':
        this.accept(key);
        break;
      case 'tell_result':
        for (const result of this.ended()) if (isSame(result, assign)) this.tellingOf(result).sentAtMs = null;
        void this.flush();
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
        logger.log('info', 'job_started', {
          ...fieldsOf(key),
          model_id: job.modelId,
          trace_id: job.traceId,
          ...fingerprintOf(assign.task),
        });
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
    onChange();
    const outcome = await job.run(runtimes, logger, () => {
      if (!job.chunks.flush((text) => this.sendFor(job, text))) this.flushLater();
    });
    const processingTimeMs = job.elapsedMs;
    const told = job.stopped === 'in_vain' ? null : await this.keep(job, outcome, processingTimeMs);
    this.running.delete(job);
    const code = outcome.success ? {} : { code: outcome.error.code };
    logger.log('info', 'job_ended', {
      ...fieldsOf(job),
      success: outcome.success,
      ...code,
      duration_ms: Math.round(processingTimeMs),
      ...told,
    });
    onChange();
  }

  /** On disk first, then told. */
  private async keep(job: RunningJob, outcome: JobOutcome, processingTimeMs: number): Promise<{ readonly result_bytes: number }> {
    const { spool, clock } = this.options;
    const text = resultText(
      { jobId: job.jobId, attempt: job.attempt, nodeId: job.nodeId, traceId: job.traceId, processingTimeMs },
      outcome,
    );
    const unsaved = await spool.save(job, job.schedulerUrl, job.nodeId, text);
    if (unsaved !== null && !this.diskFails) this.options.onUnsaved({ job_id: job.jobId, reason: unsaved });
    this.diskFails = unsaved !== null;
    const result = spool.of(job.schedulerUrl).find((kept) => isSameKey(kept, job));
    if (result !== undefined) {
      const telling: Telling = { chunks: job.chunks, sentAtMs: null };
      this.telling.set(result.file, telling);
      const send = (frame: string) => this.sendFor(job, frame);
      if (job.chunks.flush(send) && send(text)) telling.sentAtMs = clock.monotonicMs();
      this.flushLater();
    }
    return { result_bytes: Buffer.byteLength(text) };
  }

  /** Tells what is due: chunks, then results, those that were never sent and those that nobody acknowledged. `registered` begins it anew. */
  private async flush(): Promise<void> {
    if (this.flushing || !this.options.isConnected()) return;
    this.flushing = true;
    for (const job of this.running) job.chunks.flush((text) => this.sendFor(job, text));
    for (const result of this.ended()) if (!(await this.tell(result))) break;
    this.flushing = false;
    this.flushLater();
  }

  /** False: the connection takes no more now. What was acknowledged in the meantime is not told. */
  private async tell(result: SpooledResult): Promise<boolean> {
    const { clock, spool } = this.options;
    if (!spool.has(result)) return true;
    const telling = this.tellingOf(result);
    if (telling.sentAtMs !== null && clock.monotonicMs() - telling.sentAtMs < RESEND_AFTER_MS) return true;
    const text = await spool.textOf(result);
    if (!spool.has(result)) return true;
    if (text === null) {
      const lost = failed('result_lost', 'the result could not be read', true);
      this.forget(result);
      return this.sendFor(result, resultText({ ...result, traceId: '', processingTimeMs: 0 }, lost));
    }
    const send = (frame: string) => this.sendFor(result, frame);
    if (telling.chunks?.flush(send) === false || !send(text)) return false;
    telling.sentAtMs = clock.monotonicMs();
    return true;
  }

  private flushLater(): void {
    this.timer?.cancel();
    const chunksWait = [...this.running].some(({ chunks }) => chunks.waits);
    if (this.scheduler === null || (this.ended().length === 0 && !chunksWait)) return;
    this.timer = this.options.clock.setTimer(FLUSH_INTERVAL_MS, () => void this.flush());
  }

  /** Only to the scheduler that asked for the job. */
  private sendFor(job: { readonly schedulerUrl: string }, text: string): boolean {
    return this.scheduler?.url === job.schedulerUrl && this.options.send(text);
  }

  private ended(): readonly SpooledResult[] {
    return this.scheduler === null ? [] : this.options.spool.of(this.scheduler.url);
  }

  private tellingOf({ file }: SpooledResult): Telling {
    const telling = this.telling.get(file) ?? { chunks: null, sentAtMs: null };
    this.telling.set(file, telling);
    return telling;
  }

  private forget(result: SpooledResult): void {
    this.telling.delete(result.file);
    this.options.spool.delete(result);
  }
}

function offerOf(runtimes: JobRunnerOptions['runtimes'], task: Task): Offer {
  if (runtimes.serves(task)) return 'runs';
  const modelId = modelOfTask(task);
  return runtimes.seen().models.some(({ model }) => model.model_id === modelId) ? 'listed' : 'unknown';
}

/** A payload is logged as its size and a hash. */
function fingerprintOf(task: Task): { readonly payload_bytes: number; readonly payload_sha256: string } {
  const text = JSON.stringify(task);
  return { payload_bytes: Buffer.byteLength(text), payload_sha256: createHash('sha256').update(text).digest('hex') };
}

const isSameKey = (one: JobKey, other: JobKey): boolean => one.jobId === other.jobId && one.attempt === other.attempt;
const isSame = (job: JobKey, message: { readonly job_id: string; readonly attempt: number }): boolean =>
  job.jobId === message.job_id && job.attempt === message.attempt;
const fieldsOf = ({ jobId, attempt }: JobKey) => ({ job_id: jobId, attempt });
