// What was given to the NATS client and may still wait in this process: the client does not say how much that is. A server that confirms a
// flush has everything of before. Without this bound, memory would grow while a server hangs, until the pings find it.

/** One flush for this much. */
const CONFIRM_BYTES = 256 * 1024;
/** More is not sent. */
const MAX_BYTES = 16 * 1024 * 1024;

export class Unconfirmed {
  #bytes = 0;
  /** Bytes since the last flush began. */
  #recent = 0;
  /** Answers of an earlier connection do not count. */
  #generation = 0;

  get bytes(): number {
    return this.#bytes;
  }

  /** False: too much waits already. */
  add(bytes: number, flush: () => Promise<void>): boolean {
    if (this.#bytes + bytes > MAX_BYTES) return false;
    this.#bytes += bytes;
    this.#recent += bytes;
    if (this.#recent >= CONFIRM_BYTES) this.#confirm(flush);
    return true;
  }

  clear(): void {
    this.#generation += 1;
    this.#bytes = 0;
    this.#recent = 0;
  }

  #confirm(flush: () => Promise<void>): void {
    const generation = this.#generation;
    const before = this.#recent;
    this.#recent = 0;
    void flush().then(
      () => {
        if (generation === this.#generation) this.#bytes -= before;
      },
      () => undefined,
    );
  }
}
