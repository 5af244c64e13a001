// The program behind the window: reads the settings, opens the services, connects the window to them, and stops everything in order.
import path from 'node:path';
import { app, shell } from 'electron';
import type { Language } from '../../shared/language';
import { configErrorText } from '../platform/config/config-error';
import { loadConfig } from '../platform/config/load-config';
import { createFileLogger, openLogFiles } from '../platform/create-file-logger';
import type { LevelLogger } from '../platform/logger';
import type { MusterPaths } from '../platform/paths';
import { childSpawners } from './child-spawners';
import { startRefusal } from './core/start-refusal';
import { choosePath } from './choose-path';
import type { DesktopFlags } from './desktop-flags';
import { type DesktopServices, openDesktopServices } from './desktop-services';
import type { HeldMessages } from './held-messages';
import { openShell } from './open-shell';
import { connectWindow } from './ipc-window';
import type { OutsideLinks } from './outside-links';
import { systemSources } from './power';
import { packagedCliProgram, packageFolder } from './packaged-cli';
import { PackagedDocuments } from './packaged-documents';
import type { Quit } from './quit';
import { endOnUnexpectedErrors, logUnexpectedError, refuseStart } from './refuse-start';
import { saveFile } from './save-file';
import { ShellState } from './shell-state';
import type { MainWindow } from './window';

/** The first page is drawn before the probes and the hosted scheduler take the processor. */
const START_AFTER_LOAD_MS = 250;

export interface ProgramOptions {
  readonly flags: DesktopFlags;
  readonly paths: MusterPaths;
  readonly links: OutsideLinks;
  readonly main: MainWindow;
  readonly quit: Quit;
  /** Resolves when the first page is loaded; to a text when it cannot be loaded. */
  readonly loadError: Promise<string | null>;
  /** What the page asks until the program is open. */
  readonly messages: HeldMessages;
  /** The folder of the built programs. */
  readonly programFolder: string;
  /** Environment variables that only an unpacked app reads. */
  readonly unpackedEnv: (name: string) => string | null;
}

/** Refuses the start with a dialog when the settings or the services do not permit it. Rejects when the page cannot be loaded. */
export async function openProgram(options: ProgramOptions): Promise<void> {
  const { flags, paths, main, programFolder, unpackedEnv } = options;
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
    return;
  }
  const { logger, close: closeLog } = await createFileLogger(loaded.value.config.log.level, path.join(paths.logsDir, 'desktop.log'));
  const schedulerLog = await openLogFiles(path.join(paths.logsDir, 'scheduler.log'));
  endOnUnexpectedErrors(logger);
  const documents = new PackagedDocuments({
    folder: app.isPackaged ? packageFolder(process.resourcesPath) : null,
    openFile: (file) => shell.openPath(file),
  });
  const state = new ShellState(loaded.value.config.desktop, systemLanguage(), documents);
  const services = await openDesktopServices({
    loaded: loaded.value,
    sources,
    paths,
    flags,
    logger,
    schedulerLog,
    system: systemSources(logger),
    unpackedEnv,
    shell: state,
    showFolder: (folder) => shell.openPath(folder),
    showPathDialog: (kind) => choosePath(main.window, kind),
    saveFile: (name, bytes) => saveFile(main.window, name, bytes),
    ...childSpawners({
      programDir: programFolder,
      nodeExec: unpackedEnv('MUSTER_NODE_EXEC'),
      cliProgram: app.isPackaged ? packagedCliProgram(process.resourcesPath) : null,
    }),
  });
  if (!services.ok) {
    const { kind, text } = startRefusal(services.error);
    refuseStart(kind, text);
    return;
  }
  await serveWindow(options, { services: services.value, state, logger, closeLogs: () => Promise.all([closeLog(), schedulerLog.close()]) });
}

interface Opened {
  readonly services: DesktopServices;
  readonly state: ShellState;
  readonly logger: LevelLogger;
  readonly closeLogs: () => Promise<unknown>;
}

/** Connects the window to the services, and starts them when the page is drawn. From here on, a quit stops them. */
async function serveWindow(options: ProgramOptions, { services, state, logger, closeLogs }: Opened): Promise<void> {
  const { flags, paths, links, main, quit, loadError, messages, programFolder } = options;
  const { api, follow, linkReceiver, start, stop, installUpdate } = services;
  links.deliverTo(linkReceiver, logger);

  let closeShell = (): void => undefined;
  quit.opened({
    stop: async (drainMs) => {
      main.saveBounds();
      closeShell();
      try {
        await stop(drainMs);
      } catch (error) {
        logUnexpectedError(logger, error);
        throw error;
      }
      logger.log('info', 'stopped');
    },
    install: installUpdate,
    closeLogs,
  });
  const { isQuitting, forShutdown } = quit;
  // The window is closed, and the quit stops what was opened.
  if (isQuitting()) return;

  connectWindow(main.window, messages, api, logger);
  const error = await loadError;
  // A window that closes ends the load of its page with an error.
  if (isQuitting()) return;
  if (error !== null) throw new Error(error);
  setTimeout(() => {
    if (isQuitting()) return;
    // A quit in the middle of the start closes what the start uses.
    const unlessQuitting = (error: unknown): void => {
      if (!isQuitting()) throw error;
    };
    start().catch(unlessQuitting);
    openShell({ main, api, follow, state, logger, programFolder, isQuitting, flags, paths, forShutdown })
      .then((close) => {
        closeShell = close;
        if (isQuitting()) close();
      })
      .catch(unlessQuitting);
  }, START_AFTER_LOAD_MS);
}

/** Until the window tells its language. */
const systemLanguage = (): Language => (/^zh\b/i.test(app.getPreferredSystemLanguages()[0] ?? '') ? 'zh' : 'en');
