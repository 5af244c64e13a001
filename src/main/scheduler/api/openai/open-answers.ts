// The answers that are being written. When the program stops, each open request gets an error first.
import type { ServerResponse } from 'node:http';
import type { Clock } from '../../../platform/clock';
import { flushed } from '../responses';
import type { ResponseStream } from './response-stream';

export class OpenAnswers {
  readonly #clock: Clock;
  readonly #open = new Map<ServerResponse, ResponseStream>();
  #isStopping = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Starts the stream. */
  start(stream: ResponseStream, response: ServerResponse): void {
    if (!response.destroyed) {
      this.#open.set(response, stream);
      response.on('close', () => {
        this.#open.delete(response);
      });
    }
    stream.start();
    if (this.#isStopping) stream.stop();
  }

  /** Another answer is written instead, and nothing was sent. */
  release(stream: ResponseStream, response: ServerResponse): void {
    stream.detach();
    if (this.#open.get(response) === stream) this.#open.delete(response);
  }

  /** The scheduler will stop soon: see `ResponseStream.stopSoon`. */
  stopSoon(): void {
    this.#isStopping = true;
    for (const stream of [...this.#open.values()]) stream.stopSoon();
  }

  /** Resolves when all clients have received their errors. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    for (const stream of [...this.#open.values()]) stream.stop();
    await flushed(this.#open.keys(), this.#clock);
  }
}
