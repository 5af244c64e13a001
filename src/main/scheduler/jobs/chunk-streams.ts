// The streams of the live attempts. Chunks that are held back share one limit of memory: a node may send large chunks without content on
// all its jobs. Above the limit the stream that holds the most is refused, so that one node cannot fail the streams of others.
import type { JobError, RowProgress } from '../../../shared/api/job';
import type { AttemptChunk } from './pool-listener';
import { jobError } from './machine/job-error';
import { begunStream, type Chunk, NO_CHUNKS, onChunk, type SeenChunks, type StreamCheck } from './machine/stream-check';
import { BYTES_PER_CHARACTER } from './task-texts';

export const MAX_HELD_BYTES = 64 * 1024 * 1024;

export interface HeldStream {
  readonly jobId: string;
  readonly heldBytes: number;
}

/** Why that stream is refused. */
export const tooLargeError = ({ heldBytes }: HeldStream): JobError =>
  jobError('unreadable_answer', 'the chunks without content are too large', {
    field: 'chunk',
    held_bytes: heldBytes,
    limit_bytes: MAX_HELD_BYTES,
  });

interface Stream {
  readonly check: StreamCheck;
  readonly heldBytes: number;
  /** When the first chunk of the attempt arrived, monotonic ms. */
  readonly sinceMonotonicMs: number;
}

export class ChunkStreams {
  readonly #maxHeldBytes: number;
  /** By job: the chunks of its live attempt. */
  readonly #streams = new Map<string, Stream>();
  #heldBytes = 0;

  constructor(maxHeldBytes = MAX_HELD_BYTES) {
    this.#maxHeldBytes = maxHeldBytes;
  }

  /** Bytes of all chunks that are held back. */
  get heldBytes(): number {
    return this.#heldBytes;
  }

  /**
   * `pass`: the chunks for the client. Null: a chunk is not one of this path. `tooLarge`: the stream that must end, because too much is held
   * back; it can be the stream of another job.
   */
  take(
    path: string | null,
    { jobId, attempt, seq, data }: AttemptChunk,
    nowMonotonicMs: number,
  ): { readonly pass: readonly Chunk[] | null; readonly tooLarge: HeldStream | null } {
    const before = this.#streams.get(jobId);
    const { check, pass } = onChunk(before?.check ?? null, path, attempt, { seq, data });
    const same = before?.check.attempt === attempt ? before : null;
    const [previous, heldBefore] = [same?.check.held.length ?? 0, same?.heldBytes ?? 0];
    const isHeld = check.held.length > previous;
    const heldBytes = check.held.length === 0 ? 0 : heldBefore + (isHeld ? BYTES_PER_CHARACTER * JSON.stringify(data).length : 0);
    this.#heldBytes += heldBytes - (before?.heldBytes ?? 0);
    this.#streams.set(jobId, { check, heldBytes, sinceMonotonicMs: same?.sinceMonotonicMs ?? nowMonotonicMs });
    return { pass, tooLarge: this.#heldBytes > this.#maxHeldBytes ? this.#largest() : null };
  }

  /** A replica has the chunks of the attempt, and has passed on so many. */
  count(jobId: string, attempt: number, count: number, nowMonotonicMs: number): void {
    const before = this.#streams.get(jobId);
    const same = before?.check.attempt === attempt ? before : null;
    if (same === null) this.forget(jobId);
    const check = { attempt, count, hasContent: true, held: [] };
    this.#streams.set(jobId, { check, heldBytes: 0, sinceMonotonicMs: same?.sinceMonotonicMs ?? nowMonotonicMs });
  }

  /** The client of the attempt has a part of its stream, from an earlier scheduler. */
  begun(jobId: string, attempt: number, nowMonotonicMs: number): void {
    if (this.#streams.has(jobId)) return;
    this.#streams.set(jobId, { check: begunStream(attempt), heldBytes: 0, sinceMonotonicMs: nowMonotonicMs });
  }

  /** The chunks of the attempt. An attempt without chunks may have sent some to an earlier scheduler. */
  seen(jobId: string, attempt: number): SeenChunks {
    const check = this.#streams.get(jobId)?.check;
    return check?.attempt === attempt ? check : NO_CHUNKS;
  }

  /** How far the answer of the live attempt is. Null: no chunk arrived, or chunks are missing. */
  progressOf(jobId: string, nowMonotonicMs: number): RowProgress | null {
    const stream = this.#streams.get(jobId);
    const tokens = stream?.check.count ?? null;
    if (stream === undefined || tokens === null) return null;
    const seconds = (nowMonotonicMs - stream.sinceMonotonicMs) / 1000;
    return { tokens, tokens_per_second: tokens > 1 && seconds > 0 ? (tokens - 1) / seconds : null };
  }

  /** The attempt has ended. */
  forget(jobId: string): void {
    this.#heldBytes -= this.#streams.get(jobId)?.heldBytes ?? 0;
    this.#streams.delete(jobId);
  }

  #largest(): HeldStream | null {
    let largest: HeldStream | null = null;
    for (const [jobId, { heldBytes }] of this.#streams)
      if (largest === null || heldBytes > largest.heldBytes) largest = { jobId, heldBytes };
    return largest;
  }
}
