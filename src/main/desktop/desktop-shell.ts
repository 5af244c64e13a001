// The app around its window: tray, closing, login item, notifications. It follows the state of the app as the window does. The decisions are
// in core/.
import path from 'node:path';
import { app, type BrowserWindow, dialog, nativeTheme, Notification } from 'electron';
import type { AppApi } from '../../shared/api/app-api';
import { applyAppEvents, type AppState } from '../../shared/api/app-state';
import type { Clock } from '../platform/clock';
import type { Logger } from '../platform/logger';
import { CloseWindow } from './close-window';
import { closeQuestion } from './core/close-question';
import { helpHash } from './core/help-hash';
import type { HelpItem } from './core/menu-template';
import { noticesOf } from './core/notices';
import { START_PAGE } from './core/own-pages';
import { type FullPeriod, stepFull } from './core/pool-full';
import { type TrayAction, trayView } from './core/tray-view';
import type { LoginItem } from './login-start';
import { installMenu } from './menu';
import { Notifications } from './notifications';
import type { ShellState } from './shell-state';
import { performTrayAction } from './tray-actions';
import { TrayIcon } from './tray-icon';
import { bringToFront, type MainWindow } from './window';

/** The id of the installed app, by which desktops group its windows and notifications. */
const APP_ID = 'app.muster.desktop';

export interface DesktopShellOptions {
  readonly main: MainWindow;
  readonly api: AppApi;
  readonly follow: AppApi['subscribe'];
  readonly state: ShellState;
  readonly loginItem: LoginItem;
  readonly clock: Clock;
  readonly logger: Logger;
  /** The folder of the built programs. */
  readonly programFolder: string;
  readonly isQuitting: () => boolean;
}

export class DesktopShell {
  readonly #options: DesktopShellOptions;
  readonly #window: BrowserWindow;
  readonly #tray: TrayIcon;
  readonly #notifications: Notifications;
  readonly #unfollow: () => void;
  #app: AppState | null = null;
  #full: FullPeriod | null = null;

  constructor(options: DesktopShellOptions) {
    this.#options = options;
    const { main, state, clock, logger, loginItem, programFolder } = options;
    this.#window = main.window;
    if (process.platform === 'win32') app.setAppUserModelId(APP_ID);
    this.#notifications = new Notifications({
      create: (texts) => (Notification.isSupported() ? new Notification(texts) : null),
      clock,
      logger,
      wanted: () => state.config.notify,
      language: () => state.language,
      onClick: (hash) => {
        this.#open(hash);
      },
    });
    const onAction = (action: TrayAction): void =>
      void performTrayAction(action, {
        ...options,
        open: (hash) => {
          this.#open(hash);
        },
        quit: () => {
          app.quit();
        },
      });
    this.#tray = new TrayIcon({ folder: path.join(programFolder, '..', 'renderer'), onAction }, this.#trayView());
    this.#watchClosing();
    this.#showLook();
    loginItem.apply(state.config.startAtLogin, false);
    state.follow({
      onConfig: (config, before) => {
        if (config.startAtLogin !== before.startAtLogin) loginItem.apply(config.startAtLogin, true);
      },
      onLook: () => {
        this.#showLook();
        this.#tray.show(this.#trayView());
      },
      onJobFailed: ({ modelId, code }) => {
        this.#notifications.add([{ kind: 'job_failed', modelId, code }]);
      },
    });
    this.#unfollow = options.follow({
      onEvents: (events) => {
        this.#onState(applyAppEvents(this.#app, events));
      },
      onConnection: () => undefined,
    });
    // The dock of macOS.
    app.on('activate', () => {
      bringToFront(this.#window);
    });
  }

  close(): void {
    this.#unfollow();
    this.#notifications.close();
    this.#tray.close();
  }

  #onState(next: AppState | null): void {
    if (next === null) return;
    const shownHash = this.#window.isFocused() ? (/#.*/.exec(this.#window.webContents.getURL())?.[0] ?? '') : null;
    const notices = noticesOf(this.#app, next, shownHash);
    this.#app = next;
    const full = stepFull(this.#full, next, this.#options.clock.monotonicMs());
    this.#full = full.period;
    this.#notifications.add([...notices, ...full.notices]);
    this.#tray.show(this.#trayView());
  }

  #showLook(): void {
    const { state } = this.#options;
    nativeTheme.themeSource = state.theme;
    installMenu(state.language, { hasGuide: state.documents.list().includes('guide'), onItem: (item) => void this.#help(item) });
  }

  async #help(item: HelpItem): Promise<void> {
    const { state, logger } = this.#options;
    if (item !== 'guide') {
      this.#open(helpHash(item, this.#window.webContents.getURL()));
      return;
    }
    const opened = await state.openDocument('guide');
    if (!opened.ok) logger.log('warn', 'document_not_opened', { document: 'guide', code: opened.error.code });
  }

  #trayView(): ReturnType<typeof trayView> {
    const { clock, state } = this.#options;
    return trayView(this.#app, clock.wallMs(), state.language);
  }

  #watchClosing(): void {
    const { main, api, logger, state, isQuitting } = this.#options;
    new CloseWindow({
      window: this.#window,
      ask: (question) => dialog.showMessageBox(this.#window, question),
      api,
      logger,
      chosen: () => state.config.onClose,
      question: () => closeQuestion(this.#app ?? { agent: null, host: null }, state.language),
      isQuitting,
      quit: () => {
        app.quit();
      },
      onHide: () => {
        main.saveBounds();
      },
    });
  }

  #open(hash: string | null): void {
    if (this.#window.isDestroyed()) return;
    bringToFront(this.#window);
    if (hash === null) return;
    // The same document: the page follows the hash. A later navigation cancels this one.
    this.#window.loadURL(START_PAGE + hash).catch(() => undefined);
  }
}
