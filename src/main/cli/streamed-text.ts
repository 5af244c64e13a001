// The text of a streamed job, printed as its chunks arrive. The scheduler does not repeat chunks. Chunks that were sent before the command
// followed the job, or during a long disconnection of the node, are missing. The missing text comes from the result, if the node stored the
// stream there.
import type { JobEvent } from '../../shared/api/job';
import { chunkText } from '../../shared/api/job-content';
import type { CliIo } from './command';
import { printableLines } from './job-text';

type Chunk = Extract<JobEvent, { type: 'chunk' }>;

export class StreamedText {
  readonly #io: CliIo | null;
  #attempt = 0;
  #nextSeq = 0;
  /** The text received in this attempt. */
  #received = '';
  /** True when the beginning is missing: nothing is printed before the end. */
  #isHeld = false;
  #hasGap = false;

  /** `io` null: nothing is printed. */
  constructor(io: CliIo | null) {
    this.#io = io;
  }

  /** Whether the job streamed anything. */
  get hasBegun(): boolean {
    return this.#attempt > 0;
  }

  take({ attempt, seq, data }: Chunk): void {
    if (attempt !== this.#attempt) this.#begin(attempt);
    if (seq !== this.#nextSeq) this.#miss(seq - this.#nextSeq);
    this.#nextSeq = seq + 1;
    const text = chunkText(data);
    this.#received += text;
    if (!this.#isHeld) this.#print(text);
  }

  /**
   * Prints the rest. Returns false when part of the answer is missing for good. `whole`: the answer, if it was stored. `chunks`: the
   * number of all chunks, if the node reported it.
   */
  end(whole: string | null, chunks: number | undefined): boolean {
    const printed = this.#isHeld ? '' : this.#received;
    const isComplete = !this.#hasGap && (chunks ?? this.#nextSeq) === this.#nextSeq;
    const isCompleted = !isComplete && whole?.startsWith(printed) === true;
    this.#print(`${isCompleted ? whole.slice(printed.length) : this.#isHeld ? this.#received : ''}\n`);
    return isComplete || isCompleted;
  }

  #begin(attempt: number): void {
    if (this.hasBegun) {
      if (this.#received !== '' && !this.#isHeld) this.#print('\n');
      this.#io?.err(`muster: attempt ${String(attempt)} starts the answer again\n`);
    }
    this.#attempt = attempt;
    this.#nextSeq = 0;
    this.#received = '';
    this.#isHeld = false;
    this.#hasGap = false;
  }

  #miss(chunks: number): void {
    this.#hasGap = true;
    this.#isHeld ||= this.#received === '';
    this.#io?.err(`muster: ${String(chunks)} chunks missed${this.#isHeld ? '; the answer is printed at the end' : ''}\n`);
  }

  #print(text: string): void {
    if (text !== '') this.#io?.out(this.#io.outIsTerminal ? printableLines(text) : text);
  }
}
