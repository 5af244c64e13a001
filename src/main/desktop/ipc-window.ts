// Connects a window to AppApi. Subscriptions of a page end with the page.
import type { BrowserWindow } from 'electron';
import type { AppApi } from '../../shared/api/app-api';
import type { Logger } from '../platform/logger';
import type { HeldMessages } from './held-messages';
import { IpcAppApi } from './ipc-app-api';

/** `messages`: what the page asked before, and asks from now on. */
export function connectWindow(window: BrowserWindow, messages: HeldMessages, api: AppApi, logger: Logger): void {
  const { webContents } = window;
  const { id } = webContents;
  const server = new IpcAppApi({ ipc: messages, api, logger, isAppWindow: (webContentsId) => webContentsId === id });
  webContents.on('did-start-navigation', ({ isMainFrame, isSameDocument }) => {
    if (isMainFrame && !isSameDocument) server.unsubscribeAll(id);
  });
  webContents.on('render-process-gone', (_event, { reason }) => {
    logger.log('error', 'window_process_gone', { reason });
    server.unsubscribeAll(id);
  });
  webContents.on('destroyed', () => {
    server.unsubscribeAll(id);
  });
  messages.deliver();
}
