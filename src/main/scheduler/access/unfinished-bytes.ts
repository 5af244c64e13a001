// One budget for the bytes of all requests and messages that have begun and have not ended. They stay in memory
// also when the sender sends no more. Over the budget, the sender with the most bytes loses its largest message: other senders are not
// affected.

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
    while (this.#bytes > this.#maxBytes) {
      const largest = this.#largest();
      if (largest === null) return;
      this.#release(largest);
      this.#onDropped(largest.from);
      largest.drop();
    }
  }

  #release(held: Held): void {
    if (this.#held.delete(held)) this.#bytes -= held.bytes;
  }

  /** The largest message of the sender with the most bytes. */
  #largest(): Held | null {
    const bytesFrom = new Map<string, number>();
    for (const { from, bytes } of this.#held) bytesFrom.set(from, (bytesFrom.get(from) ?? 0) + bytes);
    const most = Math.max(...bytesFrom.values());
    let largest: Held | null = null;
    for (const held of this.#held)
      if (bytesFrom.get(held.from) === most && (largest === null || held.bytes > largest.bytes)) largest = held;
    return largest;
  }
}
