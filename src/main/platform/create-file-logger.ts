// A log in files that do not grow for ever, for the desktop app, which has no terminal.
import { once } from 'node:events';
import roll from 'pino-roll';
import { loggerOn, MAX_BUFFERED_BYTES } from './create-logger';
import type { Logger, LogLevel } from './logger';

/** Logs JSON lines to numbered files beside `file`: 5 of 5 MB each, the oldest deleted. `close` resolves when all is written, or cannot be. */
export async function createFileLogger(level: LogLevel, file: string): Promise<{ readonly logger: Logger; close(): Promise<void> }> {
  const files = await roll({
    file,
    size: '5m',
    limit: { count: 4, removeOtherLogFiles: true },
    mkdir: true,
    sync: false,
    maxLength: MAX_BUFFERED_BYTES,
  });
  // A full disk costs lines, and nothing else: the next line tries again.
  files.on('error', () => undefined);
  const close = async () => {
    const closed = once(files, 'close');
    files.end();
    await closed.catch(() => {
      files.destroy();
    });
  };
  return { logger: loggerOn(level, files), close };
}
