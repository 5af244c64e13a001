// Starts the app again when this process ends, with the arguments of before.
import { spawn } from 'node:child_process';
import { app } from 'electron';
import { argumentsBeforeLink } from './core/outside-link';

/** `appImage`: the file to start. The old one is still mounted for this process, and Electron's own restart would run from it. */
export function restartApp(appImage: string | null): void {
  // A link of before was opened already.
  const args = [...argumentsBeforeLink(process.argv.slice(1))];
  if (appImage === null) {
    app.relaunch({ args });
    return;
  }
  app.releaseSingleInstanceLock();
  spawn(appImage, args, { detached: true, stdio: 'ignore' })
    .on('error', () => undefined)
    .unref();
}
