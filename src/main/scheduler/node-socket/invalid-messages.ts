// Counts the invalid messages of a connection within the window (protocol §1).
import { INVALID_MESSAGE_WINDOW_MS, MAX_INVALID_MESSAGES } from '../../../shared/protocol/limits';

export class InvalidMessages {
  #atMonotonicMs: number[] = [];

  /** True: one more is too many. */
  add(nowMonotonicMs: number): boolean {
    this.#atMonotonicMs = this.#atMonotonicMs.filter((atMonotonicMs) => nowMonotonicMs - atMonotonicMs < INVALID_MESSAGE_WINDOW_MS);
    this.#atMonotonicMs.push(nowMonotonicMs);
    return this.#atMonotonicMs.length >= MAX_INVALID_MESSAGES;
  }
}
