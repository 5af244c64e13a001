// Connects a window to AppApi. Subscriptions of a page end with the page.
import { type BrowserWindow, ipcMain } from 'electron';
import type { AppApi } from '../../shared/api/app-api';
import type { Logger } from '../platform/logger';
import { IpcAppApi } from './ipc-app-api';

/** Call this before the page is loaded. */
export function connectWindow(window: BrowserWindow, api: AppApi, logger: Logger): void {
  const { webContents } = window;
  const { id } = webContents;
  const server = new IpcAppApi({ ipc: ipcMain, api, logger, isOurWindow: (peerId) => peerId === id });
  webContents.on('did-start-navigation', ({ isMainFrame, isSameDocument }) => {
    if (isMainFrame && !isSameDocument) server.forget(id);
  });
  webContents.on('render-process-gone', (_event, { reason }) => {
    logger.log('error', 'window_process_gone', { reason });
    server.forget(id);
  });
  webContents.on('destroyed', () => {
    server.forget(id);
  });
}
