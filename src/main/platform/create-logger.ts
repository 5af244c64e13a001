// The Logger of the product: pino writes one JSON object per line (time, level, event, fields), or a readable form on a terminal.
// Secrets are masked here for all callers.
import { pino } from 'pino';
import { prettyFactory } from 'pino-pretty';
import { escapedJson, visibleJson } from './escape-line';
import { type LineDestination, LineWriter } from './line-writer';
import type { LevelLogger, LogFields, LogLevel } from './logger';
import { redact } from '../../shared/redact';

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

/** When a reader stalls or a disk is full, further lines are dropped instead of buffered. */
export const MAX_BUFFERED_BYTES = 16 * 1024 * 1024;

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

/** A line that is not formatted yet. */
interface DueLine {
  readonly level: LogLevel;
  readonly event: string;
  readonly fields: LogFields | undefined;
  readonly atWallMs: number;
}

/**
 * A logger that writes each JSON line of this level and above with one `write`. Lines are formatted after the turn of the event loop that
 * logged them, so that no message waits for its log line. The exit of the program formats the rest.
 */
export function loggerOn(level: LogLevel, destination: LineDestination): LevelLogger {
  let atWallMs = 0;
  const log = pino(
    {
      level,
      base: null,
      timestamp: () => `,"time":"${new Date(atWallMs).toISOString()}"`,
      formatters: { level: (label) => ({ level: label }), log: (fields) => redact(fields) as Record<string, unknown> },
    },
    {
      write: (line: string) => {
        destination.write(line);
      },
    },
  );
  let due: DueLine[] = [];
  const format = () => {
    process.removeListener('exit', format);
    const lines = due;
    due = [];
    for (const line of lines) {
      ({ atWallMs } = line);
      log[line.level]({ event: line.event, ...line.fields });
    }
  };
  return {
    log: (at, event, fields) => {
      if (!log.isLevelEnabled(at)) return;
      due.push({ level: at, event, fields, atWallMs: Date.now() });
      if (due.length > 1) return;
      setImmediate(format);
      // Before the listener of the writer.
      process.prependListener('exit', format);
    },
    isEnabled: (at) => log.isLevelEnabled(at),
    setLevel: (next) => {
      // Lines of the level before are still to be formatted.
      format();
      log.level = next;
    },
  };
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
