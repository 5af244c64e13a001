// Logs in files of limited size, for the desktop app, which has no terminal.
import { once } from 'node:events';
import roll from 'pino-roll';
import { loggerOn, MAX_BUFFERED_BYTES } from './json-logger';
import type { LineDestination } from './line-writer';
import type { LevelLogger, LogLevel } from './logger';

/** Numbered files that get lines. */
export interface LogFiles extends LineDestination {
  /** Resolves when all lines are written or have failed. */
  close(): Promise<void>;
}

/** Writes lines to numbered files beside `file`: 5 of 5 MB each. */
export async function openLogFiles(file: string): Promise<LogFiles> {
  const files = await roll({
    file,
    size: '5m',
    limit: { count: 4, removeOtherLogFiles: true },
    mkdir: true,
    sync: false,
    maxLength: MAX_BUFFERED_BYTES,
  });
  // On a full disk only lines are lost. The next line is written again when there is space.
  files.on('error', () => undefined);
  return {
    write: (line) => files.write(line),
    close: async () => {
      const closed = once(files, 'close');
      files.end();
      await closed.catch(() => {
        files.destroy();
      });
    },
  };
}

/** Logs JSON lines to numbered files beside `file`. */
export async function createFileLogger(
  level: LogLevel,
  file: string,
): Promise<{ readonly logger: LevelLogger; readonly close: () => Promise<void> }> {
  const files = await openLogFiles(file);
  const logger = loggerOn(level, files);
  const close = async () => {
    logger.formatAll();
    await files.close();
  };
  return { logger, close };
}
