// The window of the app: sandboxed, without Node, with the pages of the app only. It opens with its last size and position.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { BrowserWindow, nativeTheme, screen } from 'electron';
import icon from '../../../build/icons/128x128.png?asset';
import { writeFileAtomic } from '../platform/atomic-file';
import { START_PAGE } from './core/own-pages';
import { fitWindow, MIN_SIZE, parseWindowState, type WindowState } from './core/window-state';

export interface WindowOptions {
  readonly preloadFile: string;
  readonly stateFile: string;
  /** False: the window is made, and shown when the user asks for it. */
  readonly isShown: boolean;
}

export interface MainWindow {
  readonly window: BrowserWindow;
  /** Loads the first page, and shows the window when it has drawn something. Rejects when the page cannot be loaded. */
  load(): Promise<void>;
  /** Saves size and position for the next start, unless the window is destroyed. */
  saveBounds(): void;
}

export function createWindow({ preloadFile, stateFile, isShown }: WindowOptions): MainWindow {
  const { maximized, ...bounds } = fitWindow(readState(stateFile), workAreas());
  const window = new BrowserWindow({
    ...bounds,
    minWidth: MIN_SIZE.width,
    minHeight: MIN_SIZE.height,
    show: false,
    title: 'Muster',
    // Windows and macOS take it from the program.
    ...(process.platform === 'linux' ? { icon } : {}),
    backgroundColor: nativeTheme.shouldUseDarkColors ? '#14171a' : '#f7f8f8',
    webPreferences: {
      preload: path.resolve(preloadFile),
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webSecurity: true,
      webviewTag: false,
      spellcheck: false,
    },
  });
  window.once('ready-to-show', () => {
    if (!isShown) return;
    if (maximized) window.maximize();
    window.show();
  });
  if (maximized && !isShown) window.once('show', () => window.maximize());
  const saveBounds = (): void => {
    if (!window.isDestroyed()) writeState(stateFile, window);
  };
  window.on('close', saveBounds);
  return { window, saveBounds, load: () => window.loadURL(START_PAGE) };
}

/** Brings the window to the front. A second start of the app calls this. */
export function bringToFront(window: BrowserWindow): void {
  if (window.isMinimized()) window.restore();
  window.show();
  window.focus();
}

function readState(file: string): WindowState | null {
  try {
    return parseWindowState(readFileSync(file, 'utf8'));
  } catch {
    return null;
  }
}

/** A failed write is ignored: the user only has to move the window again. */
function writeState(file: string, window: BrowserWindow): void {
  const state: WindowState = { ...window.getNormalBounds(), maximized: window.isMaximized() };
  try {
    writeFileAtomic(file, `${JSON.stringify(state)}\n`);
  } catch {
    return;
  }
}

function workAreas(): Electron.Rectangle[] {
  const primary = screen.getPrimaryDisplay();
  const others = screen.getAllDisplays().filter(({ id }) => id !== primary.id);
  return [primary, ...others].map(({ workArea }) => workArea);
}
