// Shows why the app does not start or cannot continue: in a system dialog, and on stderr for a start from a terminal.
import { app, dialog } from 'electron';
import type { Logger } from '../platform/logger';

/** Exits the app. `configuration`: with exit code 3, as the command line does (api §3). */
export function refuseStart(kind: 'configuration' | 'other', text: string): void {
  process.stderr.write(`muster: ${text}\n`);
  // A dialog waits for a click. Without a user at the screen it would block the program that started the app.
  if (process.env['MUSTER_NO_DIALOGS'] !== '1') dialog.showErrorBox('Muster', text);
  app.exit(kind === 'configuration' ? 3 : 1);
}

/** After an unhandled error the state is unknown: the app shows the error and exits. Electron by itself would continue. */
export function endOnUnexpectedErrors(logger: Logger): void {
  const end = (error: unknown): void => {
    refuseStart('other', logUnexpectedError(logger, error));
  };
  process.on('uncaughtException', end);
  process.on('unhandledRejection', end);
}

/** Returns the text of the error. */
export function logUnexpectedError(logger: Logger, error: unknown): string {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  logger.log('error', 'unexpected_error', { error: text });
  return text;
}
