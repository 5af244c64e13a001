// Delivers results and streamed chunks to the scheduler. A result is written to disk first, sent after its chunks, and sent again until
// the scheduler acknowledges it. ResultSpool stores results across restarts, ChunkOutbox keeps the chunks of one job.
import { DEFAULT_MAX_MESSAGE_BYTES } from '../../../shared/protocol/limits';
import type { Clock, Timer } from '../../platform/clock';
import { failed, type JobOutcome } from '../../runtimes/core/runtime-outcome';
import { isSameKey, type JobKey } from '../core/assignment';
import type { ChunkOutbox, Flushed } from './chunk-outbox';
import type { ResultSpool, SpooledResult } from './result-spool';
import { isInChunks, resultFrameText, undeliverableError } from './result-frame';
import type { RunningJob } from './running-job';

export interface ResultDeliveryOptions {
  readonly spool: ResultSpool;
  readonly clock: Clock;
  /** Whether there is a registered connection. */
  readonly isConnected: () => boolean;
  /**
   * Sends one frame to the scheduler, with the next one if it may wait. False: there is no registered connection, or it accepts no more
   * data.
   */
  readonly send: (text: string, mayWait?: boolean) => boolean;
  /** Called for the first failed write after a successful one. The result is only in memory. */
  readonly onUnsaved: (details: { readonly job_id: string; readonly reason: string }) => void;
}

/** The part of a running job that the delivery uses. */
export type DeliveredJob = Pick<
  RunningJob,
  keyof JobKey | 'schedulerUrl' | 'nodeId' | 'traceId' | 'isInteractive' | 'chunks' | 'timings' | 'breakStream'
>;

/** The acknowledged registration: the scheduler, this node's id, and the largest frame that the scheduler accepts. */
export interface Registration {
  /** The pin of the pool, else the URL (`SchedulerLink.schedulerKey`). */
  readonly url: string;
  readonly nodeId: string;
  readonly maxMessageBytes: number;
}

/** Delays until an unsent frame, and an unacknowledged result, is sent again. */
const FLUSH_INTERVAL_MS = 1000;
const RESEND_AFTER_MS = 30_000;
/** Delay until a failed write is repeated. */
const SAVE_RETRY_MS = 30_000;
/**
 * The result of an interactive job is only in memory, because its client must not wait for the disk. It would have no use after a restart:
 * the client is gone, or the job runs again. A larger one is stored, since little memory is left for unstored results.
 */
const MAX_HELD_CHARACTERS = 1024 * 1024;

/** The delivery of one result. `chunks`: sent before the result; null: the chunks were lost with a restart. */
interface Delivery {
  readonly chunks: ChunkOutbox | null;
  sentAtMonotonicMs: number | null;
}

export class ResultDelivery {
  readonly #options: ResultDeliveryOptions;
  readonly #running = new Set<DeliveredJob>();
  readonly #deliveries = new Map<string, Delivery>();
  #schedulerUrl: string | null = null;
  /** The limit of the scheduler of the last registration. */
  #maxMessageBytes = DEFAULT_MAX_MESSAGE_BYTES;
  #isDiskFailing = false;
  #isFlushing = false;
  #flushTimer: Timer | null = null;
  #saveTimer: Timer | null = null;
  #isClosed = false;

  constructor(options: ResultDeliveryOptions) {
    this.#options = options;
  }

  /** Results that the present scheduler has not acknowledged. */
  pending(): readonly SpooledResult[] {
    return this.#schedulerUrl === null ? [] : this.pendingFor(this.#schedulerUrl);
  }

  pendingFor(schedulerUrl: string): readonly SpooledResult[] {
    return this.#options.spool.resultsFor(schedulerUrl);
  }

  /** Whether there is space for another result. */
  hasCapacity(): boolean {
    return this.#options.spool.hasCapacity();
  }

  /** The scheduler acknowledged the registration. Frames sent over an earlier connection may be lost: they are sent again. */
  onRegistered({ url, nodeId, maxMessageBytes }: Registration): void {
    this.#schedulerUrl = url;
    this.#maxMessageBytes = maxMessageBytes;
    // A result is valid only for the node id that ran the job (protocol §2).
    for (const result of this.pending()) if (result.nodeId !== nodeId) this.#forget(result);
    for (const job of this.#running) job.chunks.rewind();
    for (const delivery of this.#deliveries.values()) {
      delivery.chunks?.rewind();
      delivery.sentAtMonotonicMs = null;
    }
    void this.#flush();
  }

  /** From now on nothing is sent. Results are kept for their scheduler. */
  leaveScheduler(): void {
    this.#schedulerUrl = null;
  }

  /** Resolves after a last attempt to write the results that are only in memory. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.leaveScheduler();
    this.#flushTimer?.cancel();
    this.#saveTimer?.cancel();
    await this.#options.spool.saveUnsaved();
  }

  /** The job started: its chunks are sent until `add` or `discard`. */
  track(job: DeliveredJob): void {
    this.#running.add(job);
  }

  /** The job has a new chunk. */
  onChunk(job: DeliveredJob): void {
    if (!this.#sendChunks(job)) this.#scheduleFlush();
  }

  /** The job ended and its result is obsolete. */
  discard(job: DeliveredJob): void {
    this.#running.delete(job);
  }

  /** The job ended: stores the result, then sends it. Resolves to the size of the result in bytes when it is stored. */
  async add(job: DeliveredJob, outcome: JobOutcome, processingTimeMs: number): Promise<number> {
    const { spool, clock } = this.#options;
    const { jobId, attempt, nodeId, traceId } = job;
    const facts = { jobId, attempt, nodeId, traceId, processingTimeMs };
    const text = resultFrameText({ ...facts, timings: job.timings }, outcome, this.#maxMessageBytes);
    const kept = { ...facts, isInChunks: outcome.success && isInChunks(outcome.output) };
    // The delivery must exist before the result is in the spool: without it the chunks would count as lost.
    this.#running.delete(job);
    const delivery: Delivery = { chunks: job.chunks, sentAtMonotonicMs: null };
    const entry = spool.entryOf(kept, job.schedulerUrl, text);
    this.#deliveries.set(entry.file, delivery);
    const isHeld = job.isInteractive && text.length <= MAX_HELD_CHARACTERS;
    const { result, unsaved, evicted } = isHeld ? spool.hold(entry) : await spool.save(entry);
    for (const { file } of evicted) this.#deliveries.delete(file);
    if (unsaved !== null && !this.#isDiskFailing) this.#options.onUnsaved({ job_id: jobId, reason: unsaved });
    if (!isHeld) this.#isDiskFailing = unsaved !== null;
    this.#scheduleSave();
    if (this.#sendWhole(result, delivery, text)) delivery.sentAtMonotonicMs = clock.monotonicMs();
    this.#scheduleFlush();
    return result.bytes;
  }

  /** The scheduler assigned the attempt again, so it does not have the result. */
  resend(attempt: JobKey): void {
    for (const result of this.#pendingOfAttempt(attempt)) this.#deliveryOf(result).sentAtMonotonicMs = null;
    void this.#flush();
  }

  onAcknowledged(attempt: JobKey): void {
    for (const result of this.#pendingOfAttempt(attempt)) this.#forget(result);
  }

  #pendingOfAttempt(attempt: JobKey): readonly SpooledResult[] {
    return this.pending().filter((result) => isSameKey(result, attempt));
  }

  /** Sends chunks, then every result that was not sent or not acknowledged in time. */
  async #flush(): Promise<void> {
    if (this.#isFlushing || !this.#options.isConnected()) return;
    this.#isFlushing = true;
    for (const job of this.#running) this.#sendChunks(job);
    for (const result of this.pending()) if (!(await this.#deliver(result))) break;
    this.#isFlushing = false;
    this.#scheduleFlush();
  }

  /** False: the connection accepts no more data. A result that has been acknowledged is not sent. */
  async #deliver(result: SpooledResult): Promise<boolean> {
    const { clock, spool } = this.#options;
    if (!spool.has(result)) return true;
    const delivery = this.#deliveryOf(result);
    if (delivery.sentAtMonotonicMs !== null && clock.monotonicMs() - delivery.sentAtMonotonicMs < RESEND_AFTER_MS) return true;
    const text = await spool.textOf(result);
    if (!spool.has(result)) return true;
    if (text === null) {
      const lost = failed('result_lost', 'the result could not be read', true);
      this.#forget(result);
      return this.#sendFor(result, resultFrameText(result, lost));
    }
    if (!this.#sendWhole(result, delivery, text)) return false;
    delivery.sentAtMonotonicMs = clock.monotonicMs();
    return true;
  }

  #scheduleFlush(): void {
    this.#flushTimer?.cancel();
    const chunksWait = [...this.#running].some(({ chunks }) => chunks.hasUnsent);
    if (this.#schedulerUrl === null || (this.pending().length === 0 && !chunksWait)) return;
    this.#flushTimer = this.#options.clock.setTimer(FLUSH_INTERVAL_MS, () => void this.#flush());
  }

  /** Sends the chunks of a running job. False: some are unsent. A chunk that is too large for this scheduler ends the job. */
  #sendChunks(job: DeliveredJob): boolean {
    const flushed = this.#flushChunks(job.chunks, job);
    if (flushed.end === 'too_large') job.breakStream('chunk_too_large', { bytes: flushed.bytes, limit_bytes: this.#maxMessageBytes });
    return flushed.end !== 'blocked';
  }

  /** Sends the chunks, then the result or the failure that replaces it. False: something is unsent. */
  #sendWhole(result: SpooledResult, { chunks }: Delivery, text: string): boolean {
    const flushed = chunks === null ? null : this.#flushChunks(chunks, result);
    if (flushed?.end === 'blocked') return false;
    const toSend = {
      frameBytes: Buffer.byteLength(text),
      isInChunks: result.isInChunks,
      chunks: flushed === null ? 'lost' : flushed.end === 'too_large' ? { tooLargeBytes: flushed.bytes } : 'kept',
    } as const;
    const failure = undeliverableError(toSend, this.#maxMessageBytes);
    return this.#sendFor(result, failure === null ? text : resultFrameText(result, failure));
  }

  #flushChunks(chunks: ChunkOutbox, job: { readonly schedulerUrl: string }): Flushed {
    return chunks.flush((text) => this.#sendFor(job, text), this.#maxMessageBytes);
  }

  #scheduleSave(): void {
    if (this.#isClosed || this.#saveTimer !== null || !this.#options.spool.hasUnsaved) return;
    this.#saveTimer = this.#options.clock.setTimer(SAVE_RETRY_MS, () => void this.#retrySave());
  }

  async #retrySave(): Promise<void> {
    await this.#options.spool.saveUnsaved();
    this.#saveTimer = null;
    this.#scheduleSave();
  }

  /** Sends a frame only to the scheduler that assigned the job. */
  #sendFor(job: { readonly schedulerUrl: string }, text: string): boolean {
    return this.#schedulerUrl === job.schedulerUrl && this.#options.send(text);
  }

  #deliveryOf({ file }: SpooledResult): Delivery {
    const delivery = this.#deliveries.get(file) ?? { chunks: null, sentAtMonotonicMs: null };
    this.#deliveries.set(file, delivery);
    return delivery;
  }

  #forget(result: SpooledResult): void {
    this.#deliveries.delete(result.file);
    this.#options.spool.delete(result);
  }
}
