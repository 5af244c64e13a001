// What ended jobs have to tell, and what running ones stream, on its way to the scheduler: on disk first, sent in order, and sent
// again until it is acknowledged. What survives a crash is the spool's, which chunks are kept the outbox's.
import { DEFAULT_MAX_MESSAGE_BYTES } from '../../../shared/protocol/limits';
import type { Clock, Timer } from '../../platform/clock';
import { failed, type JobOutcome } from '../../runtimes/core/runtime-outcome';
import { isSameKey, type JobKey } from '../core/assignment';
import type { ChunkOutbox, Flushed } from './chunk-outbox';
import type { ResultSpool, SpooledResult } from './result-spool';
import { resultText } from './result-text';
import type { RunningJob } from './running-job';
import { failureInstead, isInChunks } from '../core/result-frame';

export interface ResultDeliveryOptions {
  readonly spool: ResultSpool;
  readonly clock: Clock;
  /** Whether there is a registered connection. */
  readonly isConnected: () => boolean;
  /** Sends one frame to the scheduler; false: there is no registered connection, or it takes no more now. */
  readonly send: (text: string) => boolean;
  /** A result could not be written, and the one before could: it is in memory alone. */
  readonly onUnsaved: (details: { readonly job_id: string; readonly reason: string }) => void;
}

/** A job as far as what it tells is concerned. */
export type TellingJob = Pick<RunningJob, keyof JobKey | 'schedulerUrl' | 'nodeId' | 'traceId' | 'chunks' | 'breakStream'>;

/** What the scheduler acknowledged: with whom this node is registered, as whom, and how large a frame may be. */
export interface Registration {
  readonly url: string;
  readonly nodeId: string;
  readonly maxMessageBytes: number;
}

/** What is not sent, or not acknowledged, is tried again after this. */
const FLUSH_INTERVAL_MS = 1000;
const RESEND_AFTER_MS = 30_000;
/** As often a disk that refused is tried again. */
const SAVE_AGAIN_AFTER_MS = 30_000;

/** How a result of this connection is doing. Chunks go before it; null: they are not here any more. */
interface Telling {
  readonly chunks: ChunkOutbox | null;
  sentAtMs: number | null;
}

export class ResultDelivery {
  private readonly running = new Set<TellingJob>();
  private readonly telling = new Map<string, Telling>();
  private schedulerUrl: string | null = null;
  /** Of the scheduler that this node was last registered with. */
  private maxMessageBytes = DEFAULT_MAX_MESSAGE_BYTES;
  private diskFails = false;
  private flushing = false;
  private timer: Timer | null = null;
  private saving: Timer | null = null;
  private closed = false;

  constructor(private readonly options: ResultDeliveryOptions) {}

  /** Results that wait for the acknowledgement of the present scheduler. */
  waiting(): readonly SpooledResult[] {
    return this.schedulerUrl === null ? [] : this.waitingFor(this.schedulerUrl);
  }

  waitingFor(schedulerUrl: string): readonly SpooledResult[] {
    return this.options.spool.of(schedulerUrl);
  }

  /** Whether one more result may be kept. */
  hasRoom(): boolean {
    return this.options.spool.hasRoom();
  }

  /** The scheduler acknowledged the registration. What was told over an earlier connection may be lost: it is told again. */
  registered({ url, nodeId, maxMessageBytes }: Registration): void {
    this.schedulerUrl = url;
    this.maxMessageBytes = maxMessageBytes;
    // A result counts for the node that ran it (protocol §2): of an id that was lost it is worth nothing.
    for (const result of this.waiting()) if (result.nodeId !== nodeId) this.forget(result);
    for (const job of this.running) job.chunks.rewind();
    for (const telling of this.telling.values()) {
      telling.chunks?.rewind();
      telling.sentAtMs = null;
    }
    void this.flush();
  }

  /** From now on nothing is told; finished results are kept for whom they are for. */
  left(): void {
    this.schedulerUrl = null;
  }

  /** Resolves when all that the disk takes is on it. */
  async close(): Promise<void> {
    this.closed = true;
    this.left();
    this.timer?.cancel();
    this.saving?.cancel();
    await this.options.spool.saveAgain();
  }

  /** The job began: what it streams is told until `add` or `drop`. */
  follow(job: TellingJob): void {
    this.running.add(job);
  }

  /** The job has a chunk more. */
  chunkCame(job: TellingJob): void {
    if (!this.sendChunks(job)) this.flushLater();
  }

  /** The job ended, and nobody wants to know how. */
  drop(job: TellingJob): void {
    this.running.delete(job);
  }

  /** The job ended: on disk first, then told. Resolves, when it is kept, to its size in bytes. */
  async add(job: TellingJob, outcome: JobOutcome, processingTimeMs: number): Promise<number> {
    const { spool, clock } = this.options;
    const { jobId, attempt, nodeId, traceId } = job;
    const facts = { jobId, attempt, nodeId, traceId, processingTimeMs };
    const text = resultText(facts, outcome, this.maxMessageBytes);
    const kept = { ...facts, isInChunks: outcome.success && isInChunks(outcome.output) };
    // Before the result is there to be told: without this its chunks would count as lost.
    this.running.delete(job);
    const telling: Telling = { chunks: job.chunks, sentAtMs: null };
    this.telling.set(spool.fileOf(job.schedulerUrl, job), telling);
    const { result, unsaved, dropped } = await spool.save(kept, job.schedulerUrl, text);
    for (const { file } of dropped) this.telling.delete(file);
    if (unsaved !== null && !this.diskFails) this.options.onUnsaved({ job_id: jobId, reason: unsaved });
    this.diskFails = unsaved !== null;
    this.saveLater();
    if (this.sendWhole(result, telling, text)) telling.sentAtMs = clock.monotonicMs();
    this.flushLater();
    return Buffer.byteLength(text);
  }

  /** The scheduler seems not to know how the attempt ended. */
  tellAgain(attempt: JobKey): void {
    for (const result of this.ofAttempt(attempt)) this.tellingOf(result).sentAtMs = null;
    void this.flush();
  }

  acknowledged(attempt: JobKey): void {
    for (const result of this.ofAttempt(attempt)) this.forget(result);
  }

  private ofAttempt(attempt: JobKey): readonly SpooledResult[] {
    return this.waiting().filter((result) => isSameKey(result, attempt));
  }

  /** Tells what is due: chunks, then results, those that were never sent and those that nobody acknowledged. `registered` begins it anew. */
  private async flush(): Promise<void> {
    if (this.flushing || !this.options.isConnected()) return;
    this.flushing = true;
    for (const job of this.running) this.sendChunks(job);
    for (const result of this.waiting()) if (!(await this.tell(result))) break;
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
      return this.sendFor(result, resultText(result, lost));
    }
    if (!this.sendWhole(result, telling, text)) return false;
    telling.sentAtMs = clock.monotonicMs();
    return true;
  }

  private flushLater(): void {
    this.timer?.cancel();
    const chunksWait = [...this.running].some(({ chunks }) => chunks.waits);
    if (this.schedulerUrl === null || (this.waiting().length === 0 && !chunksWait)) return;
    this.timer = this.options.clock.setTimer(FLUSH_INTERVAL_MS, () => void this.flush());
  }

  /** What is streamed, up to now. False: some of it waits. A chunk that no frame to this scheduler can hold ends the job. */
  private sendChunks(job: TellingJob): boolean {
    const flushed = this.flushChunks(job.chunks, job);
    if (flushed.end === 'too_large') job.breakStream('chunk_too_large', { bytes: flushed.bytes, limit_bytes: this.maxMessageBytes });
    return flushed.end !== 'waits';
  }

  /** The chunks, then the result, or the failure that takes its place. False: some of it waits. */
  private sendWhole(result: SpooledResult, { chunks }: Telling, text: string): boolean {
    const flushed = chunks === null ? null : this.flushChunks(chunks, result);
    if (flushed?.end === 'waits') return false;
    const telling = {
      frameBytes: Buffer.byteLength(text),
      isInChunks: result.isInChunks,
      chunks: flushed === null ? 'lost' : flushed.end === 'too_large' ? { tooLargeBytes: flushed.bytes } : 'kept',
    } as const;
    const failure = failureInstead(telling, this.maxMessageBytes);
    return this.sendFor(result, failure === null ? text : resultText(result, failure));
  }

  private flushChunks(chunks: ChunkOutbox, job: { readonly schedulerUrl: string }): Flushed {
    return chunks.flush((text) => this.sendFor(job, text), this.maxMessageBytes);
  }

  private saveLater(): void {
    if (this.closed || this.saving !== null || !this.options.spool.hasUnsaved) return;
    this.saving = this.options.clock.setTimer(SAVE_AGAIN_AFTER_MS, () => void this.saveAgain());
  }

  private async saveAgain(): Promise<void> {
    await this.options.spool.saveAgain();
    this.saving = null;
    this.saveLater();
  }

  /** Only to the scheduler that asked for the job. */
  private sendFor(job: { readonly schedulerUrl: string }, text: string): boolean {
    return this.schedulerUrl === job.schedulerUrl && this.options.send(text);
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
