// Replaces an AppImage in one step: after a crash or on a full disk its file is the old or the new one. The name stays, because menus, login
// items and docks have it. electron-updater deletes the old file first.
import { chmodSync, closeSync, copyFileSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs';
import { reasonOfError } from '../../shared/errors';

/** Null: replaced. Else the reason why the old file is still there. */
export function replaceAppImage(downloaded: string, appImage: string): string | null {
  const temporary = `${appImage}.new`;
  try {
    rmSync(temporary, { force: true });
    copyFileSync(downloaded, temporary);
    chmodSync(temporary, 0o755);
    const handle = openSync(temporary, 'r+');
    try {
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    renameSync(temporary, appImage);
    rmSync(downloaded, { force: true });
    return null;
  } catch (error) {
    rmSync(temporary, { force: true });
    return reasonOfError(error);
  }
}
