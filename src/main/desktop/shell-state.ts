// What the services tell the shell around the window: its settings, language and theme of the window, and jobs that failed. The shell opens after
// the first page, so the newest values wait for it.
import type { AppDocument } from '../../shared/api/app-documents';
import type { WindowLook } from '../../shared/api/app-api';
import type { Language } from '../../shared/language';
import type { FailedJob } from '../agent/jobs/job-runner';
import type { DesktopPort } from '../contracts/desktop-port';
import type { Done } from '../contracts/ports';
import type { DesktopConfig } from '../platform/config/config';
import type { PackagedDocuments } from './packaged-documents';

export interface ShellListener {
  onConfig(config: DesktopConfig, before: DesktopConfig): void;
  onLook(): void;
  onJobFailed(job: FailedJob): void;
}

export class ShellState implements DesktopPort {
  readonly documents: PackagedDocuments;
  #config: DesktopConfig;
  #look: WindowLook;
  #listener: ShellListener | null = null;

  /** `language`: that of the system, until the window tells its own. */
  constructor(config: DesktopConfig, language: Language, documents: PackagedDocuments) {
    this.#config = config;
    this.documents = documents;
    this.#look = { language, theme: 'system' };
  }

  get config(): DesktopConfig {
    return this.#config;
  }

  get language(): Language {
    return this.#look.language;
  }

  get theme(): WindowLook['theme'] {
    return this.#look.theme;
  }

  configure(config: DesktopConfig): void {
    const before = this.#config;
    this.#config = config;
    this.#listener?.onConfig(config, before);
  }

  setLook(look: WindowLook): void {
    this.#look = look;
    this.#listener?.onLook();
  }

  openDocument(document: AppDocument): Promise<Done> {
    return this.documents.open(document, this.language);
  }

  jobFailed(job: FailedJob): void {
    this.#listener?.onJobFailed(job);
  }

  follow(listener: ShellListener): void {
    this.#listener = listener;
  }
}
