// Writes a state that changes often to its file: at most once a minute, in the background, and at the end. A kill loses at most a minute.
import type { Clock } from '../platform/clock';
import type { Logger } from '../platform/logger';
import { replaceFile } from '../platform/atomic-file';

const SAVE_INTERVAL_MS = 60_000;

export interface SavedStateOptions {
  readonly file: string;
  readonly clock: Clock;
  readonly logger: Logger;
  /** The present content of the file. */
  readonly content: () => string | Uint8Array;
}

export class SavedState {
  readonly #options: SavedStateOptions;
  #savedAtMonotonicMs: number;
  #isChanged = false;
  #isFailing = false;
  #writing: Promise<void> = Promise.resolve();
  #isWriting = false;
  #isClosed = false;

  constructor(options: SavedStateOptions) {
    this.#options = options;
    this.#savedAtMonotonicMs = options.clock.monotonicMs();
  }

  /** The state changed. Has no effect after `close`, because a reading may still be under way. Starts a write when the last one was a minute ago. */
  changed(): void {
    if (this.#isClosed) return;
    this.#isChanged = true;
    const nowMonotonicMs = this.#options.clock.monotonicMs();
    if (!this.#isWriting && nowMonotonicMs - this.#savedAtMonotonicMs >= SAVE_INTERVAL_MS) this.#write(nowMonotonicMs);
  }

  /** Resolves when the last change is on disk, or cannot be written. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#writing;
    if (this.#isChanged) this.#write(this.#options.clock.monotonicMs());
    await this.#writing;
  }

  #write(nowMonotonicMs: number): void {
    const { file, content, logger } = this.#options;
    this.#savedAtMonotonicMs = nowMonotonicMs;
    this.#isChanged = false;
    this.#isWriting = true;
    this.#writing = replaceFile(file, content()).then((reason) => {
      this.#isWriting = false;
      if (reason !== null && !this.#isFailing) logger.log('warn', 'owner_records_not_saved', { file, reason });
      this.#isFailing = reason !== null;
    });
  }
}
