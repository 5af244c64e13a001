// What the services tell the shell around the window: its settings, the language of the window, and jobs that failed. The shell opens after
// the first page, so the newest values wait for it.
import type { Language } from '../../shared/language';
import type { FailedJob } from '../agent/jobs/job-runner';
import type { DesktopPort } from '../contracts/desktop-port';
import type { DesktopConfig } from '../platform/config/config';

export interface ShellListener {
  onConfig(config: DesktopConfig, before: DesktopConfig): void;
  onLanguage(): void;
  onJobFailed(job: FailedJob): void;
}

export class ShellState implements DesktopPort {
  #config: DesktopConfig;
  #language: Language;
  #listener: ShellListener | null = null;

  /** `language`: that of the system, until the window tells its own. */
  constructor(config: DesktopConfig, language: Language) {
    this.#config = config;
    this.#language = language;
  }

  get config(): DesktopConfig {
    return this.#config;
  }

  get language(): Language {
    return this.#language;
  }

  configure(config: DesktopConfig): void {
    const before = this.#config;
    this.#config = config;
    this.#listener?.onConfig(config, before);
  }

  setLanguage(language: Language): void {
    this.#language = language;
    this.#listener?.onLanguage();
  }

  jobFailed(job: FailedJob): void {
    this.#listener?.onJobFailed(job);
  }

  follow(listener: ShellListener): void {
    this.#listener = listener;
  }
}
