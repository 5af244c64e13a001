// One budget for the bytes of all requests and messages that have begun and have not ended. They stay in memory also when the sender
// sends no more.
import { overBudget } from './over-budget';

/** The bytes of one request or message. */
export interface Holding {
  set(bytes: number): void;
  release(): void;
}

interface Held {
  readonly from: string;
  readonly drop: () => void;
  bytes: number;
}

export const MAX_UNFINISHED_BYTES = 256 * 1024 * 1024;

export class UnfinishedBytes {
  readonly #maxBytes: number;
  readonly #onDropped: (from: string) => void;
  readonly #held = new Set<Held>();
  #bytes = 0;

  constructor(maxBytes: number, onDropped: (from: string) => void) {
    this.#maxBytes = maxBytes;
    this.#onDropped = onDropped;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** `from`: the source of the connection. `drop` ends the request or the connection. It is called at most once, after the release. */
  hold(from: string, drop: () => void): Holding {
    const held: Held = { from, drop, bytes: 0 };
    this.#held.add(held);
    return {
      set: (bytes) => {
        this.#set(held, bytes);
      },
      release: () => {
        this.#release(held);
      },
    };
  }

  #set(held: Held, bytes: number): void {
    if (!this.#held.has(held)) return;
    this.#bytes += bytes - held.bytes;
    held.bytes = bytes;
    if (this.#bytes <= this.#maxBytes) return;
    for (const largest of overBudget(this.#held, this.#maxBytes)) {
      this.#release(largest);
      this.#onDropped(largest.from);
      largest.drop();
    }
  }

  #release(held: Held): void {
    if (this.#held.delete(held)) this.#bytes -= held.bytes;
  }
}
