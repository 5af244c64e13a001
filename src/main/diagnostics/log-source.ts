// The interface of a log that can be read in pieces, in both directions.
import type { LogSourceName } from '../../shared/api/logs';
import type { Position } from './core/cursor';

export interface RawLine {
  /** Of its first character. */
  readonly at: Position;
  /** Without the line break. */
  readonly text: string;
}

/** Lines before a position, the newest first. `next` null: there are no older ones. */
export interface OlderPiece {
  readonly lines: readonly RawLine[];
  readonly next: Position | null;
}

/** Lines from a position on, the oldest first, each with the position behind it. */
export interface NewerPiece {
  readonly lines: readonly (RawLine & { readonly end: Position })[];
  /** Behind the last whole line of the piece. */
  readonly next: Position;
  readonly hasMore: boolean;
}

export interface LogSource {
  readonly name: LogSourceName;
  /** Behind the last line. */
  end(): Promise<Position>;
  older(before: Position): Promise<OlderPiece>;
  newer(from: Position): Promise<NewerPiece>;
}

/** The bytes of one piece, and the longest line: a longer one is skipped. */
export const PIECE_BYTES = 65_536;
