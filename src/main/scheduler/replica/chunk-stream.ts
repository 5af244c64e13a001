// The stream of the chunks of one attempt, to the replica of the client. What the bus does not take at once waits here, as it does for a client
// that reads slowly.
import type { Clock } from '../../platform/clock';
import type { Bus } from '../cluster/bus/bus';
import { StreamSender } from '../cluster/bus/stream-sender';
import { jsonBytes } from '../cluster/channel/core/record';
import type { Chunk } from '../jobs/machine/stream-check';
import { CHUNK_STREAM_LIMITS } from './core/answer-records';

/** More ends the stream, as a client ends that does not read. */
const MAX_WAITING_BYTES = 8 * 1024 * 1024;

export class ChunkStream {
  /** The replica of the client reads no more, or has read all. */
  readonly ended: Promise<unknown>;
  readonly #sender: StreamSender;
  #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  #isDraining = false;
  #isEnding = false;

  constructor(bus: Bus, clock: Clock, id: string) {
    this.#sender = new StreamSender(bus, clock, id, CHUNK_STREAM_LIMITS);
    this.ended = this.#sender.ended;
  }

  /** After the end it has no effect: the node sends on until it learns of the end. */
  write({ seq, data }: Chunk): void {
    if (this.#isEnding) return;
    const bytes = jsonBytes({ seq, data });
    if (!this.#isDraining) {
      if (!this.#sender.write(bytes)) void this.#drain();
      return;
    }
    this.#waiting.push(bytes);
    this.#waitingBytes += bytes.length;
    if (this.#waitingBytes > MAX_WAITING_BYTES) this.fail('overflow');
  }

  /** After all that was written. */
  end(): void {
    this.#isEnding = true;
    if (!this.#isDraining) this.#sender.end();
  }

  /** What waits is dropped. Has no effect after `end`. */
  fail(code: string): void {
    if (this.#isEnding) return;
    this.#isEnding = true;
    this.#waiting = [];
    this.#waitingBytes = 0;
    this.#sender.fail(code);
  }

  async #drain(): Promise<void> {
    this.#isDraining = true;
    for (;;) {
      await this.#sender.whenDrained();
      const next = this.#waiting.shift();
      if (next === undefined) break;
      this.#waitingBytes -= next.length;
      this.#sender.write(next);
    }
    this.#isDraining = false;
    if (this.#isEnding) this.#sender.end();
  }
}
