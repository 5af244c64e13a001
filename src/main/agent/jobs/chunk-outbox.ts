// Sends the chunks of one job to the scheduler, numbered from 0 without gaps. Chunks are not acknowledged: the outbox keeps sent chunks
// up to a limit and sends them again over a new connection. The scheduler drops chunks that it already has.
import { MAX_JSON_COST, MAX_JSON_DEPTH } from '../../../shared/protocol/limits';
import { jsonFaultOf } from '../../../shared/protocol/json-structure';
import type { JobKey } from '../core/assignment';

const FRAME_BOUNDS = { maxDepth: MAX_JSON_DEPTH, maxCost: MAX_JSON_COST };

/**
 * In UTF-16 characters of the frames of one job. Above this limit the outbox drops sent chunks, the oldest first. When the unsent chunks
 * alone exceed the limit, the connection is too slow for the stream.
 */
export const MAX_KEPT_CHUNK_CHARACTERS = 1024 * 1024;

export type Flushed =
  | { readonly end: 'all_sent' }
  /** The connection accepts no more data. */
  | { readonly end: 'blocked' }
  /** The next chunk is larger than the scheduler accepts. Later chunks must not be sent before it. */
  | { readonly end: 'too_large'; readonly bytes: number };

export class ChunkOutbox {
  readonly #job: JobKey;
  /** Frames in order. The first `sent` of them were sent. */
  readonly #kept: string[] = [];
  #sent = 0;
  /** Characters of all kept frames, and of the sent frames. */
  #characters = 0;
  #sentCharacters = 0;
  #nextSeq = 0;
  #isDiscarded = false;

  constructor(job: JobKey) {
    this.#job = job;
  }

  /** Whether there is an unsent chunk. */
  get hasUnsent(): boolean {
    return this.#sent < this.#kept.length;
  }

  /** Whether too much is unsent. A single unsent chunk may have any size: it only waits for its turn. */
  get isOverflowing(): boolean {
    return this.#kept.length - this.#sent > 1 && this.#characters - this.#sentCharacters > MAX_KEPT_CHUNK_CHARACTERS;
  }

  /** False: no frame can contain the chunk, and the stream is broken. */
  add(data: unknown): boolean {
    const text = JSON.stringify({ type: 'job_chunk', job_id: this.#job.jobId, attempt: this.#job.attempt, seq: this.#nextSeq, data });
    if (data === undefined || jsonFaultOf(text, FRAME_BOUNDS) !== null) return false;
    this.#nextSeq++;
    if (this.#isDiscarded) return true;
    this.#kept.push(text);
    this.#characters += text.length;
    return true;
  }

  /** Drops all chunks, and every chunk that is added later. */
  discard(): void {
    this.#isDiscarded = true;
    this.#kept.length = 0;
    this.rewind();
    this.#characters = 0;
  }

  /** Sends the unsent chunks in order, up to the first that is larger than `maxBytes`. */
  flush(send: (text: string) => boolean, maxBytes: number): Flushed {
    for (let next = this.#kept[this.#sent]; next !== undefined; next = this.#kept[this.#sent]) {
      const bytes = Buffer.byteLength(next);
      if (bytes > maxBytes) return { end: 'too_large', bytes };
      if (!send(next)) return { end: 'blocked' };
      this.#sent++;
      this.#sentCharacters += next.length;
      this.#dropOldest();
    }
    return { end: 'all_sent' };
  }

  /** The connection is new: chunks sent over the old one may be lost. */
  rewind(): void {
    this.#sent = 0;
    this.#sentCharacters = 0;
  }

  /** Keeps the last chunk regardless of its size, because the end of a stream is lost most often. */
  #dropOldest(): void {
    while (this.#characters > MAX_KEPT_CHUNK_CHARACTERS && this.#sent > 0 && this.#kept.length > 1) {
      const characters = this.#kept.shift()?.length ?? 0;
      this.#sent--;
      this.#characters -= characters;
      this.#sentCharacters -= characters;
    }
  }
}
