// Asks the user for a place and writes a file there.
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { app, type BrowserWindow, dialog } from 'electron';

/** `window` null: the question is a window of its own. Resolves to the path; null: cancelled. Rejects when the file cannot be written. */
export async function saveFile(window: BrowserWindow | null, name: string, bytes: Uint8Array): Promise<string | null> {
  const options = { defaultPath: path.join(app.getPath('documents'), name) };
  const { canceled, filePath } = await (window === null ? dialog.showSaveDialog(options) : dialog.showSaveDialog(window, options));
  if (canceled || filePath === '') return null;
  await writeFile(filePath, bytes);
  return filePath;
}
