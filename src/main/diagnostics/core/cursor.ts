// A cursor of the log: a position in each source. Pure.
import { LOG_SOURCES, type LogSourceName } from '../../../shared/api/logs';

/** `file`: the number of the file, or of the run of a program whose lines are in memory. `offset`: bytes of the file, or lines of the run. */
export interface Position {
  readonly file: number;
  readonly offset: number;
}

export type Cursor = ReadonlyMap<LogSourceName, Position>;

export const positionText = (source: LogSourceName, { file, offset }: Position): string => `${source}:${String(file)}:${String(offset)}`;

export const cursorText = (cursor: Cursor): string => Array.from(cursor, ([source, position]) => positionText(source, position)).join(',');

/** Unknown sources are left out. */
export function parseCursor(text: string): Cursor {
  return new Map(
    text.split(',').flatMap((part) => {
      const [name, file, offset] = part.split(':');
      const source = LOG_SOURCES.find((known) => known === name);
      return source === undefined ? [] : [[source, { file: Number(file), offset: Number(offset) }] as const];
    }),
  );
}
