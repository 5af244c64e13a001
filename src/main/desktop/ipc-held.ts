// The messages of the page, held until the program is open. It imports little, as the entry does.
import { ipcMain } from 'electron';
import { type HeldMessages, holdMessages } from './held-messages';

/** Call this before the page is loaded. */
export const holdPageMessages = (): HeldMessages => holdMessages(ipcMain);
