// The real Logger: pino writing one JSON object per line (time, level, event, fields), or the same for eyes on a terminal.
// Secrets are masked here once for everybody. What is logged is the caller's choice.
import { pino } from 'pino';
import { prettyFactory } from 'pino-pretty';
import { LineWriter } from './line-writer';
import type { Logger, LogLevel } from './logger';
import { redact } from './redact';

export interface LineDestination {
  write(line: string): unknown;
}

export interface LoggerOptions {
  readonly level: LogLevel;
  readonly format: 'json' | 'pretty';
  /** File descriptor, or where lines go instead. */
  readonly destination: 1 | 2 | LineDestination;
  /** Colours in the pretty format; never where NO_COLOR is set. */
  readonly colors?: boolean;
}

/** A reader that stalls, or a disk that is full, costs lines, not memory. */
export const MAX_BUFFERED_BYTES = 16 * 1024 * 1024;

export function createLogger(options: LoggerOptions): Logger {
  return loggerOn(options.level, destinationOf(options));
}

/** The JSON lines of this level and above, one `write` each. */
export function loggerOn(level: LogLevel, destination: LineDestination): Logger {
  const log = pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }), log: (fields) => redact(fields) as Record<string, unknown> },
    },
    {
      write: (line: string) => {
        destination.write(line);
      },
    },
  );
  return {
    log: (at, event, fields) => {
      log[at]({ event, ...fields });
    },
    isEnabled: (at) => log.isLevelEnabled(at),
  };
}

/** Not pino's own: at the first line that a full disk refuses it ends the program, and at the end it tries for ever. */
function writerOn(fd: 1 | 2): LineDestination {
  const writer = new LineWriter({ fd, maxBytes: MAX_BUFFERED_BYTES });
  process.once('exit', () => {
    writer.flushSync();
  });
  return writer;
}

function destinationOf({ format, destination, colors }: LoggerOptions): LineDestination {
  const lines = typeof destination === 'number' ? writerOn(destination) : destination;
  if (format === 'json') return lines;
  const prettify = prettyFactory({
    colorize: (colors ?? false) && (process.env['NO_COLOR'] ?? '') === '',
    messageKey: 'event',
    translateTime: 'SYS:HH:MM:ss.l',
    singleLine: true,
  });
  return { write: (line) => lines.write(prettify(line)) };
}
