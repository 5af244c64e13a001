// The chunks of one job on their way to the scheduler: numbered from 0 without gaps, kept within a limit, and all that is kept
// sent again over a new connection, since nobody acknowledges them; the scheduler drops what it has.
import { MAX_JSON_DEPTH } from '../../../shared/protocol/limits';
import { isTooDeep } from '../../../shared/protocol/decode';
import type { JobKey } from './assignment-mapping';

/** As characters of JSON. More waiting than this is not flowing. */
export const MAX_KEPT_CHUNK_CHARACTERS = 1024 * 1024;

interface Kept {
  readonly text: string;
  sent: boolean;
}

export class ChunkOutbox {
  private kept: Kept[] = [];
  private characters = 0;
  private nextSeq = 0;

  constructor(private readonly job: JobKey) {}

  /** Whether any was not sent yet. */
  get waits(): boolean {
    return this.kept.at(-1)?.sent === false;
  }

  /** False: it can be told neither now nor later, and the job's stream is broken. */
  add(data: unknown): boolean {
    const text = JSON.stringify({ type: 'job_chunk', job_id: this.job.jobId, attempt: this.job.attempt, seq: this.nextSeq, data });
    if (data === undefined || isTooDeep(text, MAX_JSON_DEPTH)) return false;
    this.nextSeq++;
    this.kept.push({ text, sent: false });
    this.characters += text.length;
    while (this.characters > MAX_KEPT_CHUNK_CHARACTERS && this.kept[0]?.sent === true) {
      this.characters -= this.kept[0].text.length;
      this.kept.shift();
    }
    return this.characters <= MAX_KEPT_CHUNK_CHARACTERS;
  }

  /** Sends what was not sent yet, in order; true when nothing is left. */
  flush(send: (text: string) => boolean): boolean {
    for (const chunk of this.kept) {
      if (!chunk.sent) chunk.sent = send(chunk.text);
      if (!chunk.sent) return false;
    }
    return true;
  }

  /** The connection is a new one: what the old one took may be lost. */
  rewind(): void {
    for (const chunk of this.kept) chunk.sent = false;
  }
}
