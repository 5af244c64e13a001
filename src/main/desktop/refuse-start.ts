// Says why the app does not start or cannot go on, where its owner sees it: in a box of the system, and on stderr for who started
// it there.
import { app, dialog } from 'electron';
import type { Logger } from '../platform/logger';

/** Ends the app. `configuration`: exit code 3, as the command line's (api §3). */
export function refuseStart(kind: 'configuration' | 'other', text: string): void {
  process.stderr.write(`muster: ${text}\n`);
  // A box waits for a click: without a person at the screen it would hang the program that started us.
  if (process.env['MUSTER_NO_DIALOGS'] !== '1') dialog.showErrorBox('Muster', text);
  app.exit(kind === 'configuration' ? 3 : 1);
}

/** A bug that nobody handled: the state is unknown, so the app says why and ends, where Electron would go on behind a box. */
export function endOnUnexpectedErrors(logger: Logger): void {
  const end = (error: unknown): void => {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    logger.log('error', 'unexpected_error', { error: text });
    refuseStart('other', text);
  };
  process.on('uncaughtException', end);
  process.on('unhandledRejection', end);
}
