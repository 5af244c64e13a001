// The output of an Electron child process, read to its end. Electron emits `exit` and removes every listener of the streams while
// the last lines may still be in the pipes, and those contain the reason why the process ended.
import { createInterface } from 'node:readline';
import { PassThrough } from 'node:stream';
import type { Clock } from '../platform/clock';

export interface ExitingChild {
  once(event: 'exit', listener: (code: number) => void): unknown;
}

type Source = Pick<NodeJS.ReadableStream, 'on' | 'listenerCount'>;

/** A process that the child started may hold a pipe open. After this time the exit is reported with the lines read so far. */
const OUTPUT_LIMIT_MS = 2000;

export class ChildOutput {
  readonly #child: ExitingChild;
  readonly #clock: Pick<Clock, 'setTimer'>;
  readonly #pipes: readonly Pipe[];

  /** Create this before the child can exit. */
  constructor(child: ExitingChild, sources: readonly (Source | null)[], clock: Pick<Clock, 'setTimer'>) {
    this.#child = child;
    this.#clock = clock;
    this.#pipes = sources.filter((source) => source !== null).map((source) => new Pipe(source));
  }

  onLine(listener: (line: string) => void): void {
    for (const { output } of this.#pipes) createInterface({ input: output }).on('line', listener);
  }

  /** Called once, after the last line, or `OUTPUT_LIMIT_MS` after the exit. */
  onExit(listener: (code: number) => void): void {
    this.#child.once('exit', (code) => {
      // Electron removes the listeners after this call.
      queueMicrotask(() => {
        for (const pipe of this.#pipes) pipe.attach();
      });
      const read = Promise.all(this.#pipes.map(({ ended }) => ended));
      const limit = new Promise((resolve) => {
        const timer = this.#clock.setTimer(OUTPUT_LIMIT_MS, () => {
          resolve(null);
        });
        void read.then(() => {
          timer.cancel();
        });
      });
      void Promise.race([read, limit]).then(() => {
        listener(code);
      });
    });
  }
}

/** Copies `source` to `output`, also after the listeners of `source` were removed once. */
class Pipe {
  readonly output = new PassThrough();
  readonly ended: Promise<void>;
  readonly #source: Source;

  constructor(source: Source) {
    this.#source = source;
    // `close` follows `end`. At `end` the line reader has emitted the last line.
    this.ended = new Promise((resolve) => {
      this.output.once('close', resolve);
    });
    this.attach();
  }

  attach(): void {
    if (this.#source.listenerCount('data') > 0) return;
    this.#source.on('data', (bytes: Buffer | string) => {
      this.output.write(bytes);
    });
    this.#source.on('end', () => {
      this.output.end();
    });
  }
}
