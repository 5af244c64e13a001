// Connects a window to AppApi: its calls are served, and what it listens to ends with its page.
import { type BrowserWindow, ipcMain } from 'electron';
import type { AppApi } from '../../shared/api/app-api';
import type { Logger } from '../platform/logger';
import { IpcAppApi } from './ipc-app-api';

/** Before the page is loaded. */
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
