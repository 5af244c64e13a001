// The log of this program in memory, as a source. Positions count lines; the file number tells the runs of a program apart.
import type { LogSourceName } from '../../shared/api/logs';
import type { RecentLines } from '../platform/recent-lines';
import type { Position } from './core/cursor';
import { type LogSource, type NewerPiece, type OlderPiece, PIECE_BYTES, type RawLine } from './log-source';

export class RecentLinesSource implements LogSource {
  readonly name: LogSourceName;
  readonly #lines: RecentLines;
  readonly #run: number;

  /** `startedWallMs`: the start of this program. */
  constructor(name: LogSourceName, lines: RecentLines, startedWallMs: number) {
    this.name = name;
    this.#lines = lines;
    this.#run = Math.floor(startedWallMs / 1000);
  }

  end(): Promise<Position> {
    return Promise.resolve(this.#position(this.#lines.end()));
  }

  /** Of an earlier run: no lines. */
  older(before: Position): Promise<OlderPiece> {
    const lines: RawLine[] = [];
    // The cursor comes from the client.
    let number = before.file === this.#run ? Math.min(before.offset, this.#lines.end()) : 0;
    let bytes = 0;
    while (number > this.#lines.first() && bytes < PIECE_BYTES) {
      number -= 1;
      const text = this.#lines.at(number) ?? '';
      bytes += text.length;
      lines.push({ at: this.#position(number), text: text.trimEnd() });
    }
    return Promise.resolve({ lines, next: number > this.#lines.first() ? this.#position(number) : null });
  }

  /** From a position of an earlier run: all lines of this run. */
  newer(from: Position): Promise<NewerPiece> {
    const lines: NewerPiece['lines'][number][] = [];
    let number = Math.max(from.file === this.#run ? Math.min(from.offset, this.#lines.end()) : 0, this.#lines.first());
    let bytes = 0;
    while (number < this.#lines.end() && bytes < PIECE_BYTES) {
      const text = this.#lines.at(number) ?? '';
      bytes += text.length;
      lines.push({ at: this.#position(number), text: text.trimEnd(), end: this.#position(number + 1) });
      number += 1;
    }
    return Promise.resolve({ lines, next: this.#position(number), hasMore: number < this.#lines.end() });
  }

  #position(offset: number): Position {
    return { file: this.#run, offset };
  }
}
