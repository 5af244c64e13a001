// One attempt of a job while it runs: it is stopped once, for one cause, and ends even when its runtime does not.
import type { JobAssign } from '../../../shared/protocol/scheduler-messages';
import { modelOfTask } from '../../../shared/protocol/tasks';
import type { Clock, Timer } from '../../platform/clock';
import type { Logger } from '../../platform/logger';
import { failed, type JobOutcome } from '../../runtimes/runtime-outcome';
import type { RuntimeSet } from '../../runtimes/runtime-set';
import type { JobKey } from './assignment-mapping';
import { ChunkOutbox } from './chunk-outbox';

/** `in_vain`: nobody wants the result any more. */
export type StopCause = 'cancelled' | 'timeout' | 'stream_broken' | 'in_vain';

/** What was told to stop and has not by then is left behind. */
const STOP_GRACE_MS = 10_000;

export class RunningJob implements JobKey {
  readonly jobId: string;
  readonly attempt: number;
  readonly traceId: string;
  readonly modelId: string;
  readonly chunks: ChunkOutbox;
  private stopCause: StopCause | null = null;
  private readonly abort = new AbortController();
  private readonly startedAtMs: number;
  private grace: Timer | null = null;
  private over = false;

  constructor(
    private readonly assign: JobAssign,
    readonly schedulerUrl: string,
    readonly nodeId: string,
    private readonly clock: Clock,
  ) {
    this.jobId = assign.job_id;
    this.attempt = assign.attempt;
    this.traceId = assign.trace_id;
    this.modelId = modelOfTask(assign.task);
    this.chunks = new ChunkOutbox(this);
    this.startedAtMs = clock.monotonicMs();
  }

  /** Null while nobody has stopped it. */
  get stopped(): StopCause | null {
    return this.stopCause;
  }

  get elapsedMs(): number {
    return this.clock.monotonicMs() - this.startedAtMs;
  }

  /** The first cause counts, and none after the end. */
  stop(cause: StopCause): void {
    if (this.over) return;
    this.stopCause ??= cause;
    this.abort.abort();
  }

  /** Runs to the end, at most as long as the scheduler allows. Never rejects. */
  async run(runtimes: Pick<RuntimeSet, 'run'>, logger: Logger, onChunk: () => void): Promise<JobOutcome> {
    const { task, timeout_seconds } = this.assign;
    const timeoutMs = timeout_seconds * 1000;
    const timer = this.clock.setTimer(timeoutMs, () => {
      this.stop('timeout');
    });
    const ran = runtimes.run(task, {
      signal: this.abort.signal,
      timeoutMs,
      onChunk: (data) => {
        if (this.stopCause !== null) return;
        if (this.chunks.add(data)) onChunk();
        else this.stop('stream_broken');
      },
    });
    const outcome = await Promise.race([ran.catch((error: unknown) => bug(error, this, logger)), this.leftBehind()]);
    this.over = true;
    timer.cancel();
    this.grace?.cancel();
    if (outcome === LEFT_BEHIND)
      logger.log('error', 'job_left_behind', { job_id: this.jobId, attempt: this.attempt, model_id: this.modelId });
    return this.stopCause === null ? outcome : stoppedOutcome(this.stopCause, timeout_seconds);
  }

  /** Resolves some time after the stop: by then a runtime that did not end is broken. */
  private leftBehind(): Promise<JobOutcome> {
    return new Promise((resolve) => {
      this.abort.signal.addEventListener('abort', () => {
        this.grace = this.clock.setTimer(STOP_GRACE_MS, () => {
          resolve(LEFT_BEHIND);
        });
      });
    });
  }
}

function stoppedOutcome(cause: StopCause, timeoutSeconds: number): JobOutcome {
  switch (cause) {
    case 'cancelled':
    case 'in_vain':
      return failed('cancelled', 'the job was cancelled', false);
    case 'timeout':
      return failed('timeout', 'the job took too long', true, { timeout_seconds: timeoutSeconds });
    case 'stream_broken':
      return failed('stream_broken', 'its chunks could not be sent as fast as they came, or not at all', true);
  }
}

function bug(error: unknown, { jobId, attempt }: JobKey, logger: Logger): JobOutcome {
  logger.log('error', 'runtime_failed', { job_id: jobId, attempt, reason: error instanceof Error ? error.name : typeof error });
  return failed('internal_error', 'the runtime failed in a way it should not', false);
}

const LEFT_BEHIND = failed('not_stopped', 'the runtime did not stop', true);
