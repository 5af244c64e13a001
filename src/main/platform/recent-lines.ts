// The last lines of a log in memory, up to a number of bytes. A program that logs to stdout has no other copy that it could read.
import type { LineDestination } from './line-writer';

export class RecentLines implements LineDestination {
  readonly #maxBytes: number;
  #lines: string[] = [];
  #bytes = 0;
  /** The number of the line at the start of `#lines`, counted from 0 at the start of the program. */
  #first = 0;
  /** Dropped lines at the start of `#lines`. They are removed together, since each removal moves all others. */
  #dropped = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  write(line: string): void {
    if (line.length > this.#maxBytes) return;
    this.#lines.push(line);
    this.#bytes += line.length;
    while (this.#bytes > this.#maxBytes) {
      this.#bytes -= this.#lines[this.#dropped]?.length ?? 0;
      this.#lines[this.#dropped] = '';
      this.#dropped += 1;
    }
    if (this.#dropped * 2 <= this.#lines.length) return;
    this.#lines = this.#lines.slice(this.#dropped);
    this.#first += this.#dropped;
    this.#dropped = 0;
  }

  /** The number of the oldest line. */
  first(): number {
    return this.#first + this.#dropped;
  }

  /** The number behind the newest line. */
  end(): number {
    return this.#first + this.#lines.length;
  }

  /** Undefined: dropped, or not written yet. */
  at(number: number): string | undefined {
    return number < this.first() ? undefined : this.#lines[number - this.#first];
  }
}
