// The chunks of one job on their way to the scheduler: numbered from 0 without gaps, kept within a limit, and all that is kept
// sent again over a new connection, since nobody acknowledges them; the scheduler drops what it has.
import { MAX_JSON_DEPTH } from '../../../shared/protocol/limits';
import { isTooDeep } from '../../../shared/protocol/decode';
import type { JobKey } from '../core/assignment';

/** As characters of JSON. More waiting than this is not flowing; beyond it what was sent is forgotten. */
export const MAX_KEPT_CHUNK_CHARACTERS = 1024 * 1024;

export type Flushed =
  | { readonly end: 'all_sent' }
  /** The connection takes no more now. */
  | { readonly end: 'waits' }
  /** The next chunk is larger than the scheduler takes, and nothing may overtake it. */
  | { readonly end: 'too_large'; readonly bytes: number };

export class ChunkOutbox {
  /** As frames, in order: the first `sent` of them are on their way. */
  private readonly kept: string[] = [];
  private sent = 0;
  /** Of all that is kept, and of that what is on its way. */
  private characters = 0;
  private sentCharacters = 0;
  private nextSeq = 0;
  private givenUp = false;

  constructor(private readonly job: JobKey) {}

  /** Whether any was not sent yet. */
  get waits(): boolean {
    return this.sent < this.kept.length;
  }

  /** Whether more waits than may. One chunk alone may be as large as it is: it waits for nothing but its turn. */
  get overflows(): boolean {
    return this.kept.length - this.sent > 1 && this.characters - this.sentCharacters > MAX_KEPT_CHUNK_CHARACTERS;
  }

  /** False: no frame can carry it, and the job's stream is broken. */
  add(data: unknown): boolean {
    const text = JSON.stringify({ type: 'job_chunk', job_id: this.job.jobId, attempt: this.job.attempt, seq: this.nextSeq, data });
    if (data === undefined || isTooDeep(text, MAX_JSON_DEPTH)) return false;
    this.nextSeq++;
    if (this.givenUp) return true;
    this.kept.push(text);
    this.characters += text.length;
    return true;
  }

  /** From now on none is kept or sent: the scheduler has those that it has. */
  giveUp(): void {
    this.givenUp = true;
    this.kept.length = 0;
    this.rewind();
    this.characters = 0;
  }

  /** Sends what was not sent yet, in order, up to the first that is larger than `maxBytes`. */
  flush(send: (text: string) => boolean, maxBytes: number): Flushed {
    for (let next = this.kept[this.sent]; next !== undefined; next = this.kept[this.sent]) {
      const bytes = Buffer.byteLength(next);
      if (bytes > maxBytes) return { end: 'too_large', bytes };
      if (!send(next)) return { end: 'waits' };
      this.sent++;
      this.sentCharacters += next.length;
      this.forgetOldest();
    }
    return { end: 'all_sent' };
  }

  /** The connection is a new one: what the old one took may be lost. */
  rewind(): void {
    this.sent = 0;
    this.sentCharacters = 0;
  }

  /** The last one stays, whatever its size: the end of a stream is lost most easily. */
  private forgetOldest(): void {
    while (this.characters > MAX_KEPT_CHUNK_CHARACTERS && this.sent > 0 && this.kept.length > 1) {
      const characters = this.kept.shift()?.length ?? 0;
      this.sent--;
      this.characters -= characters;
      this.sentCharacters -= characters;
    }
  }
}
