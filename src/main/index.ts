// Electron entry: reads the settings, opens the services, shows the window, and stops everything in order.
import path from 'node:path';
import { app, session, shell } from 'electron';
import { serveApp, registerAppScheme } from './desktop/app-protocol';
import { childSpawners } from './desktop/child-spawners';
import { parseDesktopFlags } from './desktop/desktop-flags';
import { openDesktopServices } from './desktop/desktop-services';
import { guardSession, guardWebContents } from './desktop/guard-session';
import { connectWindow } from './desktop/ipc-window';
import { followLinks } from './desktop/link-events';
import { installMenu } from './desktop/menu';
import { saveFile } from './desktop/save-file';
import { OutsideLinks } from './desktop/outside-links';
import { systemSources } from './desktop/power';
import { quitInOrder } from './desktop/quit';
import { endOnUnexpectedErrors, refuseStart } from './desktop/refuse-start';
import { startRefusal } from './desktop/core/start-refusal';
import { bringToFront, createWindow, type MainWindow } from './desktop/window';
import { configErrorText } from './platform/config/config-error';
import { loadConfig } from './platform/config/load-config';
import { createFileLogger, openLogFiles } from './platform/create-file-logger';
import { musterPaths } from './platform/paths';

/** The first page is drawn before the probes and the hosted scheduler take the processor. */
const START_AFTER_LOAD_MS = 250;
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
let starting: ReturnType<typeof setTimeout> | undefined;
let isQuitting = (): boolean => false;
const links = new OutsideLinks(process.argv);
if (app.requestSingleInstanceLock()) {
  followLinks(links, () => {
    if (main !== null) bringToFront(main.window);
  });
  app
    .whenReady()
    .then(open)
    .catch((error: unknown) => {
      refuseStart('other', String(error));
    });
} else app.exit(0);

/** Chromium starts the process of the window while the services open, and gets the page when they are open. */
async function open(): Promise<void> {
  guardSession(session.defaultSession);
  installMenu();
  let connect = (): void => undefined;
  const connected = new Promise<void>((resolve) => {
    connect = resolve;
  });
  serveApp(session.defaultSession, path.join(here, '..', 'renderer'), unpackedEnv('ELECTRON_RENDERER_URL'), connected);
  main = await createWindow({
    preloadFile: path.join(here, '..', 'preload', 'index.cjs'),
    stateFile: path.join(paths.stateDir, 'window.json'),
  });
  // A refused start, and a quit in the middle of the load, end the load with an error of its own.
  const [start, loadError] = await Promise.all([openServices(main, connect), main.load().then(() => null, String)]);
  if (start === null || isQuitting()) return;
  if (loadError !== null) throw new Error(loadError);
  starting = setTimeout(() => void start(), START_AFTER_LOAD_MS);
}

/** Calls `connect` when the window has its API. Returns the start of the services; null when the app does not start. */
async function openServices(own: MainWindow, connect: () => void): Promise<(() => Promise<void>) | null> {
  const configFile = flags.configFile ?? paths.configFile;
  const sources = {
    flags: flags.simulateGpu === null ? {} : { 'simulate-gpu': flags.simulateGpu },
    env: process.env,
    configFile,
    explicitFile: flags.configFile !== null,
  };
  const loaded = await loadConfig(sources);
  if (!loaded.ok) {
    refuseStart('configuration', configErrorText(loaded.error));
    return null;
  }
  const { logger, close: closeLog } = await createFileLogger(loaded.value.config.log.level, path.join(paths.logsDir, 'desktop.log'));
  const schedulerLog = await openLogFiles(path.join(paths.logsDir, 'scheduler.log'));
  endOnUnexpectedErrors(logger);
  const services = await openDesktopServices({
    loaded: loaded.value,
    sources,
    paths,
    flags,
    logger,
    schedulerLog,
    system: systemSources(logger),
    showFolder: (folder) => shell.openPath(folder),
    saveFile: (name, bytes) => saveFile(own.window, name, bytes),
    ...childSpawners(here, unpackedEnv('MUSTER_NODE_EXEC')),
  });
  if (!services.ok) {
    const { kind, text } = startRefusal(services.error);
    refuseStart(kind, text);
    return null;
  }
  const { api, openLink, start, stop } = services.value;
  links.deliverTo(openLink, logger);

  isQuitting = quitInOrder(async () => {
    clearTimeout(starting);
    own.saveBounds();
    await stop();
    logger.log('info', 'stopped');
    await Promise.all([closeLog(), schedulerLog.close()]);
  });

  connectWindow(own.window, api, logger);
  connect();
  return start;
}
