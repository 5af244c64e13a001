// One attempt of a job while it runs: it is stopped once, for one cause, and ends even when its runtime does not.
import type { JobAssign } from '../../../shared/protocol/scheduler-messages';
import { modelOfTask } from '../../../shared/protocol/tasks';
import type { Clock, Timer } from '../../platform/clock';
import type { Logger } from '../../platform/logger';
import { failed, type JobOutcome } from '../../runtimes/core/runtime-outcome';
import type { RuntimeSet } from '../../runtimes/runtime-set';
import type { JobKey } from '../core/assignment';
import { ChunkOutbox } from './chunk-outbox';

/** `in_vain`: nobody wants the result any more. */
export type StopCause = 'cancelled' | 'timeout' | 'stream_broken' | 'chunk_too_large' | 'in_vain';
type StopFacts = Readonly<Record<string, number>>;

/** What was told to stop and has not by then is left behind. */
const STOP_GRACE_MS = 10_000;

export class RunningJob implements JobKey {
  readonly jobId: string;
  readonly attempt: number;
  readonly traceId: string;
  readonly modelId: string;
  readonly chunks: ChunkOutbox;
  private stopCause: StopCause | null = null;
  private stopFacts: StopFacts = {};
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

  /** The first cause counts, and none after the end. `facts`: the numbers behind it. */
  stop(cause: StopCause, facts: StopFacts = {}): void {
    if (this.over) return;
    if (this.stopCause === null) [this.stopCause, this.stopFacts] = [cause, facts];
    this.abort.abort();
  }

  /** Its chunks cannot be told: that is its end, unless its result is to hold their words too. */
  breakStream(cause: 'stream_broken' | 'chunk_too_large', facts: StopFacts = {}): void {
    if (this.assign.keep_stream === true) this.chunks.giveUp();
    else this.stop(cause, facts);
  }

  /** Runs to the end, at most as long as the scheduler allows. Never rejects. */
  async run(runtimes: Pick<RuntimeSet, 'run'>, logger: Logger, onChunk: () => void): Promise<JobOutcome> {
    const { task, timeout_seconds, keep_stream: keepStream = false } = this.assign;
    const timeoutMs = timeout_seconds * 1000;
    const timer = this.clock.setTimer(timeoutMs, () => {
      this.stop('timeout', { timeout_seconds });
    });
    const ran = runtimes.run(task, {
      signal: this.abort.signal,
      timeoutMs,
      keepStream,
      onChunk: (data) => {
        if (this.stopCause !== null) return;
        const isTellable = this.chunks.add(data);
        // First told, then judged: what flows may be of any size.
        if (isTellable) onChunk();
        if (!isTellable || this.chunks.overflows) this.breakStream('stream_broken');
      },
    });
    const outcome = await Promise.race([ran.catch((error: unknown) => bug(error, this, logger)), this.leftBehind()]);
    this.over = true;
    timer.cancel();
    this.grace?.cancel();
    if (outcome === LEFT_BEHIND)
      logger.log('error', 'job_left_behind', { job_id: this.jobId, attempt: this.attempt, model_id: this.modelId });
    return this.stopCause === null ? outcome : stoppedOutcome(this.stopCause, this.stopFacts);
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

function stoppedOutcome(cause: StopCause, facts: StopFacts): JobOutcome {
  switch (cause) {
    case 'cancelled':
    case 'in_vain':
      return failed('cancelled', 'the job was cancelled', false);
    case 'timeout':
      return failed('timeout', 'the job took too long', true, facts);
    case 'stream_broken':
      return failed('stream_broken', 'its chunks could not be sent as fast as they came, or not at all', true);
    case 'chunk_too_large':
      return failed('output_too_large', 'an event of the stream is larger than the scheduler takes', false, facts);
  }
}

function bug(error: unknown, { jobId, attempt }: JobKey, logger: Logger): JobOutcome {
  logger.log('error', 'runtime_failed', { job_id: jobId, attempt, reason: error instanceof Error ? error.name : typeof error });
  return failed('internal_error', 'the runtime failed in a way it should not', false);
}

const LEFT_BEHIND = failed('not_stopped', 'the runtime did not stop', true);
