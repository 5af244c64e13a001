// Lines to a file descriptor, in order, in the background. Who reads may stall or be gone and the disk may be full: that costs
// lines, never memory nor the program. What could not be written is tried again, and a last time at the end.
import * as nodeFs from 'node:fs';

export interface LineWriterOptions {
  readonly fd: number;
  /** Of lines that wait; more are dropped. */
  readonly maxBytes: number;
  readonly fs?: Pick<typeof nodeFs, 'write' | 'writeSync'>;
}

const RETRY_MS = 500;
/** A reader that is only slow is waited for at the end, so long in all. */
const LAST_PATIENCE_MS = 500;
const LAST_PAUSE_MS = 10;

export class LineWriter {
  readonly #options: Required<LineWriterOptions>;
  #waiting: string[] = [];
  #waitingBytes = 0;
  /** What is being written, or waits for its next try. */
  #current: Buffer = Buffer.alloc(0);
  #isWriting = false;
  #isGone = false;

  constructor(options: LineWriterOptions) {
    this.#options = { fs: nodeFs, ...options };
  }

  write(line: string): void {
    const bytes = Buffer.byteLength(line);
    if (this.#isGone || this.#waitingBytes + bytes > this.#options.maxBytes) return;
    this.#waiting.push(line);
    this.#waitingBytes += bytes;
    if (this.#current.length === 0) this.#next();
  }

  /** At the end of the process: what waits is written at once, as far as it can be. What is on its way gets there by itself. */
  flushSync(): void {
    if (this.#isGone) return;
    const due = this.#isWriting ? [] : [this.#current];
    let rest = Buffer.concat([...due, Buffer.from(this.#waiting.join(''))]);
    const endMs = performance.now() + LAST_PATIENCE_MS;
    while (rest.length > 0) {
      try {
        rest = rest.subarray(this.#options.fs.writeSync(this.#options.fd, rest));
      } catch (error) {
        if (codeOf(error) !== 'EAGAIN' || performance.now() > endMs) return;
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, LAST_PAUSE_MS);
      }
    }
  }

  #next(): void {
    if (this.#waiting.length === 0) return;
    this.#current = Buffer.from(this.#waiting.join(''));
    this.#waiting = [];
    this.#waitingBytes = 0;
    this.#try();
  }

  #try(): void {
    this.#isWriting = true;
    this.#options.fs.write(this.#options.fd, this.#current, (error, written) => {
      this.#isWriting = false;
      if (error !== null) {
        this.#failed(error);
        return;
      }
      this.#current = this.#current.subarray(written);
      if (this.#current.length > 0) this.#try();
      else this.#next();
    });
  }

  #failed(error: NodeJS.ErrnoException): void {
    if (error.code === 'EPIPE') {
      this.#isGone = true;
      this.#waiting = [];
      return;
    }
    const retry = setTimeout(() => {
      this.#try();
    }, RETRY_MS);
    // A program that has nothing else to do ends.
    retry.unref();
  }
}

const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : null);
