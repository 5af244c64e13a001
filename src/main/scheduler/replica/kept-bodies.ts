// The bodies of requests of client APIs, until the client has got a part of the answer: a request whose job is lost with its leader is sent to
// the next one. Above the limit no further bodies are kept.

/** Of all requests together: room for four of the largest, or for tens of thousands of chats. */
const MAX_KEPT_BYTES = 64 * 1024 * 1024;

export class KeptBodies {
  readonly #maxBytes: number;
  #bytes = 0;

  constructor(maxBytes = MAX_KEPT_BYTES) {
    this.#maxBytes = maxBytes;
  }

  get bytes(): number {
    return this.#bytes;
  }

  keep(): KeptBody {
    return new KeptBody((change) => {
      if (this.#bytes + change > this.#maxBytes) return false;
      this.#bytes += change;
      return true;
    });
  }
}

export class KeptBody {
  /** Null: released, or too large. */
  #pieces: Buffer[] | null = [];
  readonly #count: (change: number) => boolean;
  #bytes = 0;
  #isWhole = false;

  constructor(count: (change: number) => boolean) {
    this.#count = count;
  }

  /** The next part, as it goes to the leader. */
  add(piece: Buffer): void {
    if (this.#pieces === null) return;
    if (!this.#count(piece.length)) {
      this.release();
      return;
    }
    this.#bytes += piece.length;
    this.#pieces.push(piece);
  }

  end(): void {
    this.#isWhole = true;
  }

  /** Null: not all of it is here. */
  whole(): Buffer | null {
    return this.#isWhole && this.#pieces !== null ? Buffer.concat(this.#pieces) : null;
  }

  release(): void {
    this.#pieces = null;
    this.#count(-this.#bytes);
    this.#bytes = 0;
  }
}
