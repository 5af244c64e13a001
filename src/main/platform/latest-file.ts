// Keeps a file equal to the newest of several contents, in the background: one write after the other, without those in between.
import { replaceFile } from './atomic-file';

export class LatestFile {
  readonly #file: string;
  readonly #onWritten: (reason: string | null) => void;
  #next: string | null = null;
  #writing: Promise<void> | null = null;

  /** `onWritten`: null, or the reason why the disk refused, such as `ENOSPC`. */
  constructor(file: string, onWritten: (reason: string | null) => void = () => undefined) {
    this.#file = file;
    this.#onWritten = onWritten;
  }

  write(content: string): void {
    this.#next = content;
    this.#writing ??= this.#writeAll().finally(() => {
      this.#writing = null;
    });
  }

  /** Resolves when the newest content is on disk, or cannot be written. */
  async written(): Promise<void> {
    await this.#writing;
  }

  async #writeAll(): Promise<void> {
    while (this.#next !== null) {
      const content = this.#next;
      this.#next = null;
      this.#onWritten(await replaceFile(this.#file, content));
    }
  }
}
