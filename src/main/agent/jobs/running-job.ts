// One running attempt of a job. It is stopped at most once, for one cause, and ends even when its runtime does not end.
import type { JobTimingsMessage } from '../../../shared/protocol/job-timings';
import type { JobAssign } from '../../../shared/protocol/scheduler-messages';
import { modelOfTask } from '../../../shared/protocol/tasks';
import type { Clock, Timer } from '../../platform/clock';
import type { Logger } from '../../platform/logger';
import { withQueue } from '../../runtimes/core/measuring/request-timings';
import { failed, type JobOutcome } from '../../runtimes/core/runtime-outcome';
import type { RuntimeSet } from '../../runtimes/runtime-set';
import type { JobKey } from '../core/assignment';
import { ChunkOutbox } from './chunk-outbox';

/** `obsolete`: the scheduler does not want the result any more. */
export type StopCause = 'cancelled' | 'timeout' | 'stream_broken' | 'chunk_too_large' | 'obsolete';
type StopFacts = Readonly<Record<string, number>>;

/** A stopped run that has not ended after this time is abandoned. */
const STOP_GRACE_MS = 10_000;

export class RunningJob implements JobKey {
  readonly #assign: JobAssign;
  readonly schedulerUrl: string;
  readonly nodeId: string;
  readonly #clock: Clock;
  readonly jobId: string;
  readonly attempt: number;
  readonly traceId: string;
  readonly modelId: string;
  /** A client waits for the result on a connection. */
  readonly isInteractive: boolean;
  readonly chunks: ChunkOutbox;
  #stopCause: StopCause | null = null;
  #stopFacts: StopFacts = {};
  readonly #abort = new AbortController();
  readonly #startedAtMonotonicMs: number;
  #graceTimer: Timer | null = null;
  #hasEnded = false;
  #timings: JobTimingsMessage | null = null;

  constructor(assign: JobAssign, schedulerUrl: string, nodeId: string, clock: Clock) {
    this.#assign = assign;
    this.schedulerUrl = schedulerUrl;
    this.nodeId = nodeId;
    this.#clock = clock;
    this.jobId = assign.job_id;
    this.attempt = assign.attempt;
    this.traceId = assign.trace_id;
    this.modelId = modelOfTask(assign.task);
    this.isInteractive = assign.interactive === true;
    this.chunks = new ChunkOutbox(this);
    this.#startedAtMonotonicMs = clock.monotonicMs();
  }

  /** The cause of the stop. Null: the attempt was not stopped. */
  get stopped(): StopCause | null {
    return this.#stopCause;
  }

  /** Null: the runtime reported none. */
  get timings(): JobTimingsMessage | null {
    return this.#timings;
  }

  get elapsedMs(): number {
    return this.#clock.monotonicMs() - this.#startedAtMonotonicMs;
  }

  /** The first cause counts. After the end the call does nothing. `facts`: numbers for the error details. */
  stop(cause: StopCause, facts: StopFacts = {}): void {
    if (this.#hasEnded) return;
    if (this.#stopCause === null) [this.#stopCause, this.#stopFacts] = [cause, facts];
    this.#abort.abort();
  }

  /** The chunks cannot be sent: stops the attempt, unless its result will contain the events too. */
  breakStream(cause: 'stream_broken' | 'chunk_too_large', facts: StopFacts = {}): void {
    if (this.#assign.keep_stream === true) this.chunks.discard();
    else this.stop(cause, facts);
  }

  /** Runs to the end, at most for the time that the scheduler allows. Never rejects. */
  async run(runtimes: Pick<RuntimeSet, 'run'>, logger: Logger, onChunk: () => void): Promise<JobOutcome> {
    const { task, timeout_seconds, keep_stream: keepStream = false } = this.#assign;
    const timeoutMs = timeout_seconds * 1000;
    const timer = this.#clock.setTimer(timeoutMs, () => {
      this.stop('timeout', { timeout_seconds });
    });
    const ran = runtimes.run(task, {
      signal: this.#abort.signal,
      timeoutMs,
      requestId: requestIdOf(this),
      keepStream,
      onTimings: (timings, startedAtMonotonicMs) => {
        this.#timings = withQueue(timings, startedAtMonotonicMs - this.#startedAtMonotonicMs);
      },
      onChunk: (data) => {
        if (this.#stopCause !== null) return;
        const isSendable = this.chunks.add(data);
        // Send before the check: a chunk that the connection accepts may have any size.
        if (isSendable) onChunk();
        if (!isSendable || this.chunks.isOverflowing) this.breakStream('stream_broken');
      },
    });
    const outcome = await Promise.race([ran.catch((error: unknown) => internalError(error, this, logger)), this.#abandoned()]);
    this.#hasEnded = true;
    timer.cancel();
    this.#graceTimer?.cancel();
    if (outcome === ABANDONED)
      logger.log('error', 'job_left_behind', { job_id: this.jobId, attempt: this.attempt, model_id: this.modelId });
    return this.#stopCause === null ? outcome : stoppedOutcome(this.#stopCause, this.#stopFacts);
  }

  /** Resolves some time after the stop. A runtime that has not ended at that time is broken. */
  #abandoned(): Promise<JobOutcome> {
    return new Promise((resolve) => {
      this.#abort.signal.addEventListener('abort', () => {
        this.#graceTimer = this.#clock.setTimer(STOP_GRACE_MS, () => {
          resolve(ABANDONED);
        });
      });
    });
  }
}

const MAX_REQUEST_ID = 256;

/**
 * The trace id of the job, its id and the attempt. Clients may use one request id several times, and a model server may refuse an id that is
 * in use. Signs that a header or a log cannot have are replaced.
 */
export const requestIdOf = ({ traceId, jobId, attempt }: JobKey & { readonly traceId: string }): string =>
  `${traceId}:${jobId}:${String(attempt)}`.replaceAll(/[^\w.:-]/g, '_').slice(0, MAX_REQUEST_ID);

function stoppedOutcome(cause: StopCause, facts: StopFacts): JobOutcome {
  switch (cause) {
    case 'cancelled':
    case 'obsolete':
      return failed('cancelled', 'the job was cancelled', false);
    case 'timeout':
      return failed('timeout', 'the job took too long', true, facts);
    case 'stream_broken':
      return failed('stream_broken', 'the chunks could not be sent as fast as they were produced', true);
    case 'chunk_too_large':
      return failed('output_too_large', 'an event of the stream is larger than the scheduler accepts', false, facts);
  }
}

function internalError(error: unknown, { jobId, attempt }: JobKey, logger: Logger): JobOutcome {
  logger.log('error', 'runtime_failed', { job_id: jobId, attempt, reason: error instanceof Error ? error.name : typeof error });
  return failed('internal_error', 'the runtime failed with an internal error', false);
}

const ABANDONED = failed('not_stopped', 'the runtime did not stop', true);
