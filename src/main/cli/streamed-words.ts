// The words of a job that streams, as they are heard of: what is printed of them, and whether any was missed. A chunk that came before
// the job was followed, or while its node was away for long, is not told again.
import type { JobEvent } from '../../shared/api/job';
import { chunkWords } from '../../shared/api/job-content';
import { harmless } from './job-text';
import type { CliIo } from './command';

type Chunk = Extract<JobEvent, { type: 'chunk' }>;

export class StreamedWords {
  #attempt = 0;
  #nextSeq = 0;
  #isWhole = true;
  #hasText = false;

  /** `io` null: nothing is printed. */
  constructor(private readonly io: CliIo | null) {}

  get hasText(): boolean {
    return this.#hasText;
  }

  take({ attempt, seq, data }: Chunk): void {
    if (attempt !== this.#attempt) this.#begin(attempt);
    if (seq !== this.#nextSeq) {
      this.#isWhole = false;
      this.io?.err(`muster: ${String(seq - this.#nextSeq)} pieces are missing here\n`);
    }
    this.#nextSeq = seq + 1;
    const words = chunkWords(data);
    if (words === '' || this.io === null) return;
    this.#hasText = true;
    this.io.out(this.io.outIsTerminal ? harmless(words) : words);
  }

  /** Whether all was heard of what was streamed. `chunks`: how many there were, where the node told. */
  heardAll(chunks: number | undefined): boolean {
    return this.#attempt === 0 || (this.#isWhole && (chunks ?? this.#nextSeq) === this.#nextSeq);
  }

  #begin(attempt: number): void {
    if (this.#hasText) this.io?.out('\n');
    if (this.#attempt > 0) this.io?.err(`muster: attempt ${String(attempt)} begins anew\n`);
    this.#attempt = attempt;
    this.#nextSeq = 0;
    this.#isWhole = true;
  }
}
