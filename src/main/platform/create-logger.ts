// The Logger of the command line: JSON lines on stdout or stderr, or a readable form on a terminal.
import { prettyFactory } from 'pino-pretty';
import { escapedJson, visibleJson } from './escape-line';
import { loggerOn, MAX_BUFFERED_BYTES } from './json-logger';
import { type LineDestination, LineWriter } from './line-writer';
import type { LevelLogger, LogLevel } from './logger';

export interface LoggerOptions {
  readonly level: LogLevel;
  readonly format: 'json' | 'pretty';
  /** A file descriptor, or another destination. */
  readonly destination: 1 | 2 | LineDestination;
  /** Gets each line as JSON, too. */
  readonly copyTo?: LineDestination;
  /** Use colours in the pretty format, unless NO_COLOR is set. */
  readonly colors?: boolean;
}

export function createLogger(options: LoggerOptions): LevelLogger {
  const { level, copyTo } = options;
  const destination = destinationOf(options);
  if (copyTo === undefined) return loggerOn(level, destination);
  return loggerOn(level, {
    write: (line) => {
      copyTo.write(escapedJson(line));
      destination.write(line);
    },
  });
}

/** Replaces the writer of pino: that writer ends the program on a full disk, and retries without end when the program exits. */
function writerOn(fd: 1 | 2): LineDestination {
  const writer = new LineWriter({ fd, maxBytes: MAX_BUFFERED_BYTES });
  process.once('exit', () => {
    writer.flushSync();
  });
  return writer;
}

function destinationOf({ format, destination, colors }: LoggerOptions): LineDestination {
  const lines = typeof destination === 'number' ? writerOn(destination) : destination;
  if (format === 'json') return { write: (line) => lines.write(escapedJson(line)) };
  const prettify = prettyFactory({
    colorize: (colors ?? false) && (process.env['NO_COLOR'] ?? '') === '',
    messageKey: 'event',
    translateTime: 'SYS:HH:MM:ss.l',
    singleLine: true,
    // An error is a field like any other: its text may be of a stranger, and must stay on the line.
    errorLikeObjectKeys: [],
  });
  return { write: (line) => lines.write(prettify(visibleJson(line))) };
}
