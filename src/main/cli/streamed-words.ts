// The words of a job that streams, printed as they are heard of. A chunk that came before the job was followed, or while its node was
// away for long, is not told again: what is missing then is taken from the result, where the node kept the stream with it.
import type { JobEvent } from '../../shared/api/job';
import { chunkWords } from '../../shared/api/job-content';
import type { CliIo } from './command';
import { harmless } from './job-text';

type Chunk = Extract<JobEvent, { type: 'chunk' }>;

export class StreamedWords {
  #attempt = 0;
  #nextSeq = 0;
  /** What was heard of this attempt, and whether it is printed: not when its beginning is missing. */
  #heard = '';
  #isHeld = false;
  #hasGap = false;

  /** `io` null: nothing is printed. */
  constructor(private readonly io: CliIo | null) {}

  /** Whether the job streamed anything. */
  get hasBegun(): boolean {
    return this.#attempt > 0;
  }

  take({ attempt, seq, data }: Chunk): void {
    if (attempt !== this.#attempt) this.#begin(attempt);
    if (seq !== this.#nextSeq) this.#miss(seq - this.#nextSeq);
    this.#nextSeq = seq + 1;
    const words = chunkWords(data);
    this.#heard += words;
    if (!this.#isHeld) this.#print(words);
  }

  /**
   * Prints what is still to be printed; false: a part of the answer was not heard, and is not to be had either. `whole`: the answer, where
   * it was kept; `chunks`: how many there were, where the node told.
   */
  end(whole: string | null, chunks: number | undefined): boolean {
    const printed = this.#isHeld ? '' : this.#heard;
    const hasAll = !this.#hasGap && (chunks ?? this.#nextSeq) === this.#nextSeq;
    const isMended = !hasAll && whole?.startsWith(printed) === true;
    this.#print(`${isMended ? whole.slice(printed.length) : this.#isHeld ? this.#heard : ''}\n`);
    return hasAll || isMended;
  }

  #begin(attempt: number): void {
    if (this.hasBegun) {
      if (this.#heard !== '' && !this.#isHeld) this.#print('\n');
      this.io?.err(`muster: attempt ${String(attempt)} begins anew\n`);
    }
    this.#attempt = attempt;
    this.#nextSeq = 0;
    this.#heard = '';
    this.#isHeld = false;
    this.#hasGap = false;
  }

  #miss(pieces: number): void {
    this.#hasGap = true;
    this.#isHeld ||= this.#heard === '';
    this.io?.err(`muster: ${String(pieces)} pieces were missed${this.#isHeld ? '; the words are printed at the end' : ''}\n`);
  }

  #print(words: string): void {
    if (words !== '') this.io?.out(this.io.outIsTerminal ? harmless(words) : words);
  }
}
