// Numbered log files (`app.1.log`, `app.2.log`, ...) as one source, read in pieces. The writer creates and removes the files meanwhile: a
// file that is gone ends the way to older lines, and is skipped on the way to newer ones.
import { open, readdir } from 'node:fs/promises';
import path from 'node:path';
import type { LogSourceName } from '../../shared/api/logs';
import type { Position } from './core/cursor';
import { LINE_BREAK, newerLinesIn, olderLinesIn } from './core/lines-in';
import { type LogSource, type NewerPiece, type OlderPiece, PIECE_BYTES } from './log-source';

/** The log files of the desktop app and of the scheduler that it hosts, in the folder of the logs. */
export const appLogSources = (logsDir: string): readonly LogFilesSource[] => [
  new LogFilesSource('app', logsDir, 'desktop'),
  new LogFilesSource('scheduler', logsDir, 'scheduler'),
];

export class LogFilesSource implements LogSource {
  readonly name: LogSourceName;
  readonly #folder: string;
  readonly #base: string;

  /** `base`: the name before the number. */
  constructor(name: LogSourceName, folder: string, base: string) {
    this.name = name;
    this.#folder = folder;
    this.#base = base;
  }

  /** Behind the last whole line: its writer may not have finished the one after it. */
  async end(): Promise<Position> {
    const file = (await this.#numbers()).at(-1) ?? 0;
    const size = await this.#sizeOf(file);
    const from = Math.max(0, size - PIECE_BYTES);
    const bytes = await this.#read(file, from, size - from);
    return { file, offset: from + (bytes?.lastIndexOf(LINE_BREAK) ?? -1) + 1 };
  }

  async older({ file, offset }: Position): Promise<OlderPiece> {
    // The cursor comes from the client. A page would read empty pieces from its offset down to the end of the file.
    const end = Math.min(offset, await this.#sizeOf(file));
    const from = Math.max(0, end - PIECE_BYTES);
    const bytes = await this.#read(file, from, end - from);
    if (bytes === null) return { lines: [], next: null };
    const { lines, next } = olderLinesIn(bytes, from);
    const at = (start: number): Position => ({ file, offset: start });
    return {
      lines: lines.map(({ start, text }) => ({ at: at(start), text })),
      next: next > 0 ? at(next) : await this.#endBefore(file),
    };
  }

  async newer({ file, offset }: Position): Promise<NewerPiece> {
    const bytes = await this.#read(file, offset, PIECE_BYTES);
    if (bytes === null) return this.#startAfter({ file: -1, offset });
    const { lines, next } = newerLinesIn(bytes, offset, PIECE_BYTES);
    const at = (start: number): Position => ({ file, offset: start });
    const found = lines.map(({ start, end, text }) => ({ at: at(start), end: at(end), text }));
    if (next > offset) return { lines: found, next: at(next), hasMore: bytes.length === PIECE_BYTES };
    return this.#startAfter({ file, offset });
  }

  /** The next file, when this one has no further whole line, or is gone: then the oldest file. */
  async #startAfter(position: Position): Promise<NewerPiece> {
    const following = (await this.#numbers()).find((number) => number > position.file);
    if (following === undefined) return { lines: [], next: { ...position, file: Math.max(0, position.file) }, hasMore: false };
    return { lines: [], next: { file: following, offset: 0 }, hasMore: true };
  }

  async #endBefore(file: number): Promise<Position | null> {
    const earlier = (await this.#numbers()).filter((number) => number < file).at(-1);
    return earlier === undefined ? null : { file: earlier, offset: await this.#sizeOf(earlier) };
  }

  /** In ascending order. Empty without the folder. */
  async #numbers(): Promise<readonly number[]> {
    const names = await readdir(this.#folder).catch(() => []);
    const pattern = /^(\d{1,9})\.log$/;
    return names
      .flatMap((name) => (name.startsWith(`${this.#base}.`) ? (pattern.exec(name.slice(this.#base.length + 1))?.[1] ?? []) : []))
      .map(Number)
      .sort((one, other) => one - other);
  }

  async #sizeOf(file: number): Promise<number> {
    const handle = await this.#open(file);
    if (handle === null) return 0;
    try {
      return (await handle.stat()).size;
    } finally {
      await handle.close();
    }
  }

  /** Null: the file does not exist or cannot be read. */
  async #read(file: number, offset: number, length: number): Promise<Uint8Array | null> {
    const handle = await this.#open(file);
    if (handle === null) return null;
    try {
      const { buffer, bytesRead } = await handle.read(new Uint8Array(length), 0, length, offset);
      return buffer.subarray(0, bytesRead);
    } catch {
      return null;
    } finally {
      await handle.close();
    }
  }

  async #open(file: number) {
    return open(path.join(this.#folder, `${this.#base}.${String(file)}.log`), 'r').catch(() => null);
  }
}
