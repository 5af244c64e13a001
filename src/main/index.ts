// Electron entry: shows the window, and opens the program behind it. It imports little: the window appears after this file has run.
import path from 'node:path';
import { app, BrowserWindow, session } from 'electron';
import { serveApp, registerAppScheme } from './desktop/app-protocol';
import { parseDesktopFlags } from './desktop/desktop-flags';
import { guardSession, guardWebContents } from './desktop/guard-session';
import { followLinks } from './desktop/link-events';
import { holdPageMessages } from './desktop/ipc-held';
import { installMenu } from './desktop/menu';
import { OutsideLinks } from './desktop/outside-links';
import { quitInOrder, type Quit } from './desktop/quit';
import { refuseStart } from './desktop/refuse-start';
import { bringToFront, createWindow, type MainWindow } from './desktop/window';
import { musterPaths } from './platform/paths';

const here = import.meta.dirname;
const flags = parseDesktopFlags(process.argv);
const paths = musterPaths(flags.dataDir === null ? null : path.resolve(flags.dataDir));
/** Environment variables that only an unpacked app (in development and tests) reads. */
const unpackedEnv = (name: string): string | null => (app.isPackaged ? null : (process.env[name] ?? null));

registerAppScheme();
guardWebContents();
// Chromium's files are in the state folder, so that the single-instance lock holds per state folder.
app.setPath('userData', path.join(paths.stateDir, 'window'));
let main: MainWindow | null = null;
const links = new OutsideLinks(process.argv);
if (app.requestSingleInstanceLock()) {
  followLinks(links, () => {
    if (main !== null) bringToFront(main.window);
  });
  void app.whenReady().then(start);
} else app.exit(0);

async function start(): Promise<void> {
  const quit = quitInOrder({ app, signals: process, windows: () => BrowserWindow.getAllWindows() });
  try {
    await open(quit);
  } catch (error) {
    // A window that closes ends the load of its page with an error.
    if (!quit.isQuitting()) refuseStart('other', String(error));
  }
}

/** The program opens while the page is loaded. What the page asks until then waits. Rejects when the page cannot be loaded. */
async function open(quit: Quit): Promise<void> {
  guardSession(session.defaultSession);
  installMenu();
  const hasFiles = serveApp(session.defaultSession, path.join(here, '..', 'renderer'), unpackedEnv('ELECTRON_RENDERER_URL'));
  const messages = holdPageMessages();
  main = createWindow({
    preloadFile: path.join(here, '..', 'preload', 'index.cjs'),
    stateFile: path.join(paths.stateDir, 'window.json'),
    isShown: !flags.background,
  });
  const loadError = main.load().then(() => null, String);
  // The page runs its code on another core. Before that, all work of this process delays the page.
  await Promise.race([hasFiles, loadError]);
  const { openProgram } = await import('./desktop/program');
  await openProgram({ flags, paths, links, main, quit, loadError, messages, programFolder: here, unpackedEnv });
}
