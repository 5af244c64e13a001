// Closing the window: the app stays in the tray or quits, as the owner chose. The first time it asks.
import type { BrowserWindow, MessageBoxOptions, MessageBoxReturnValue } from 'electron';
import type { AppApi } from '../../shared/api/app-api';
import type { CloseAction } from '../platform/config/desktop-keys';
import type { Logger } from '../platform/logger';
import type { CloseQuestion } from './core/close-question';

export interface CloseWindowOptions {
  readonly window: Pick<BrowserWindow, 'on' | 'hide'>;
  /** Shows a dialog of the window. */
  readonly ask: (question: MessageBoxOptions) => Promise<MessageBoxReturnValue>;
  readonly api: Pick<AppApi, 'call'>;
  readonly logger: Logger;
  readonly chosen: () => CloseAction;
  readonly question: () => CloseQuestion;
  /** Windows of an app that quits close. */
  readonly isQuitting: () => boolean;
  readonly quit: () => void;
  /** Called before the window is hidden. */
  readonly onHide: () => void;
}

/** In the order of the buttons. */
const ANSWERS = ['tray', 'quit', 'cancel'] as const;

export class CloseWindow {
  readonly #options: CloseWindowOptions;
  /** The answer, also when the settings cannot keep it. */
  #answer: CloseAction | null = null;
  #isAsking = false;

  constructor(options: CloseWindowOptions) {
    this.#options = options;
    options.window.on('close', (event) => {
      if (options.isQuitting()) return;
      const action = this.#action();
      if (action === 'quit') return;
      event.preventDefault();
      if (action === 'tray') this.#hide();
      else void this.#ask();
    });
  }

  /** A dialog waits for a click. Where no dialog may be shown, the window closes as it did before there was a tray. */
  #action(): CloseAction {
    const chosen = this.#options.chosen();
    if (chosen !== 'ask') return chosen;
    return this.#answer ?? (process.env['MUSTER_NO_DIALOGS'] === '1' ? 'quit' : 'ask');
  }

  #hide(): void {
    this.#options.onHide();
    this.#options.window.hide();
  }

  async #ask(): Promise<void> {
    if (this.#isAsking) return;
    this.#isAsking = true;
    const { ask, question, quit } = this.#options;
    const { message, detail, startAtLogin, buttons } = question();
    const { response, checkboxChecked } = await ask({
      type: 'question',
      title: 'Muster',
      message,
      detail,
      checkboxLabel: startAtLogin,
      buttons: [buttons.stay, buttons.quit, buttons.cancel],
      defaultId: 0,
      cancelId: 2,
      noLink: true,
    });
    this.#isAsking = false;
    const answer = ANSWERS[response] ?? 'cancel';
    if (answer === 'cancel') return;
    this.#answer = answer;
    if (answer === 'tray') this.#hide();
    await this.#keep(answer, answer === 'tray' && checkboxChecked);
    if (answer === 'quit') quit();
  }

  async #keep(answer: CloseAction, startsAtLogin: boolean): Promise<void> {
    const { api, logger } = this.#options;
    const kept = await api.call('settings.set', {
      key: 'desktop.on_close',
      value: answer,
      with: startsAtLogin ? [{ key: 'desktop.start_at_login', value: true }] : [],
    });
    if (!kept.ok) logger.log('warn', 'close_choice_not_kept', { code: kept.error.code });
  }
}
