// Writes lines to a file descriptor, in order, in the background. Lines that arrive within a few milliseconds are one write, because a
// write costs more than many lines. When the reader stalls or has ended, or the disk is full, lines are dropped: memory stays bounded and
// the program continues. Failed writes are retried, the last time when the process exits.
import * as nodeFs from 'node:fs';
import { codeOfError } from '../../shared/errors';

/** Gets the lines of a log, with their line breaks. */
export interface LineDestination {
  write(line: string): unknown;
}

export interface LineWriterOptions {
  readonly fd: number;
  /** Limit of the waiting lines. Further lines are dropped. */
  readonly maxBytes: number;
  readonly fs?: Pick<typeof nodeFs, 'write' | 'writeSync'>;
}

const GATHER_MS = 10;
const RETRY_MS = 500;
/** At exit, how long to wait for a slow reader in total. */
const EXIT_FLUSH_TIMEOUT_MS = 500;
const EXIT_RETRY_DELAY_MS = 10;

export class LineWriter {
  readonly #options: Required<LineWriterOptions>;
  #waiting: string[] = [];
  #waitingBytes = 0;
  /** The data that is being written or waits for its retry. */
  #current: Buffer = Buffer.alloc(0);
  #isWriting = false;
  #gathering: NodeJS.Timeout | null = null;
  #isReaderGone = false;

  constructor(options: LineWriterOptions) {
    this.#options = { fs: nodeFs, ...options };
  }

  write(line: string): void {
    const bytes = Buffer.byteLength(line);
    if (this.#isReaderGone || this.#waitingBytes + bytes > this.#options.maxBytes) return;
    this.#waiting.push(line);
    this.#waitingBytes += bytes;
    if (this.#current.length === 0) this.#gather();
  }

  /** Writes the waiting lines at exit, as far as possible. A write in progress finishes by itself. */
  flushSync(): void {
    if (this.#isReaderGone) return;
    const due = this.#isWriting ? [] : [this.#current];
    let rest = Buffer.concat([...due, Buffer.from(this.#waiting.join(''))]);
    this.#waiting = [];
    const endMonotonicMs = performance.now() + EXIT_FLUSH_TIMEOUT_MS;
    while (rest.length > 0) {
      try {
        rest = rest.subarray(this.#options.fs.writeSync(this.#options.fd, rest));
      } catch (error) {
        if (codeOfError(error) !== 'EAGAIN' || performance.now() > endMonotonicMs) return;
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, EXIT_RETRY_DELAY_MS);
      }
    }
  }

  #gather(): void {
    this.#gathering ??= setTimeout(() => {
      this.#gathering = null;
      this.#next();
    }, GATHER_MS);
    // Lines that wait at the exit are written by `flushSync`.
    this.#gathering.unref();
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
      else if (this.#waiting.length > 0) this.#gather();
    });
  }

  #failed(error: NodeJS.ErrnoException): void {
    if (error.code === 'EPIPE') {
      this.#isReaderGone = true;
      this.#waiting = [];
      return;
    }
    const retry = setTimeout(() => {
      this.#try();
    }, RETRY_MS);
    // The retry does not keep the process alive.
    retry.unref();
  }
}
