// The Logger of the product: pino writes one JSON object per line (time, level, event, fields). Secrets are masked here for all callers.
import { pino } from 'pino';
import { redact } from '../../shared/redact';
import type { LineDestination } from './line-writer';
import type { LevelLogger, LogFields, LogLevel } from './logger';

/** When a reader stalls or a disk is full, further lines are dropped instead of buffered. */
export const MAX_BUFFERED_BYTES = 16 * 1024 * 1024;

/** A few milliseconds. A change of a whole pool logs thousands of lines at once. */
const LINES_PER_TURN = 200;
/** More lines are formatted in the same turn, so that they do not use up the memory when each turn logs more than it formats. */
const MAX_DUE_LINES = 20_000;

/** A line that is not formatted yet. */
interface DueLine {
  readonly level: LogLevel;
  readonly event: string;
  readonly fields: LogFields | undefined;
  readonly atWallMs: number;
}

/**
 * A logger that writes each JSON line of this level and above with one `write`. Lines are formatted after the turn of the event loop that
 * logged them, so that no message waits for its log line, and many of them in several turns. The exit of the program formats the rest.
 */
export function loggerOn(level: LogLevel, destination: LineDestination): LevelLogger & { readonly formatAll: () => void } {
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
  const due: DueLine[] = [];
  let isDue = false;
  const format = (most: number): void => {
    for (const line of due.splice(0, most)) {
      ({ atWallMs } = line);
      log[line.level]({ event: line.event, ...line.fields });
    }
  };
  const formatAll = (): void => {
    format(Infinity);
  };
  const formatInTurns = (): void => {
    format(Math.max(LINES_PER_TURN, due.length - MAX_DUE_LINES));
    if (due.length > 0) setImmediate(formatInTurns);
    else {
      isDue = false;
      process.removeListener('exit', formatAll);
    }
  };
  return {
    log: (at, event, fields) => {
      if (!log.isLevelEnabled(at)) return;
      due.push({ level: at, event, fields, atWallMs: Date.now() });
      if (isDue) return;
      isDue = true;
      setImmediate(formatInTurns);
      // Before the listener of the writer.
      process.prependListener('exit', formatAll);
    },
    formatAll,
    isEnabled: (at) => log.isLevelEnabled(at),
    setLevel: (next) => {
      // Lines of the level before are still to be formatted.
      formatAll();
      log.level = next;
    },
  };
}
