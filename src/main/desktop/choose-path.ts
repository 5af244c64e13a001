// Asks the user for a folder or a file in the dialog of the system.
import { type BrowserWindow, dialog } from 'electron';
import type { PathKind } from '../settings/choose-path';

/** Resolves to the path; null: cancelled. Hidden ones are shown: keys are often in a hidden folder. */
export async function choosePath(window: BrowserWindow, kind: PathKind): Promise<string | null> {
  const { canceled, filePaths } = await dialog.showOpenDialog(window, {
    properties: [kind === 'folder' ? 'openDirectory' : 'openFile', 'showHiddenFiles'],
  });
  return canceled ? null : (filePaths[0] ?? null);
}
