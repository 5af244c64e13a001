// Starts the app at login. Windows and macOS have a list of programs; on Linux it is a file in the autostart folder of the user.
import { mkdirSync, lstatSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { codeOfError } from '../../shared/errors';
import { writeFileAtomic } from '../platform/atomic-file';
import type { Logger } from '../platform/logger';
import { autostartEntry, isOwnEntry, isTurnedOff } from './core/autostart-entry';

const FILE = 'app.muster.desktop.desktop';
const MAX_BYTES = 65_536;

export interface LoginItemOptions {
  /** `$XDG_CONFIG_HOME/autostart`. */
  readonly folder: string;
  /** The program and its arguments. */
  readonly command: readonly string[];
  readonly stateFolder: string;
  readonly logger: Logger;
}

type Found = 'none' | 'own' | 'own_off' | 'foreign';

/** The autostart file of Linux. A file that another program or the user wrote stays as it is. */
export class AutostartFile {
  readonly #options: LoginItemOptions;
  readonly #file: string;

  constructor(options: LoginItemOptions) {
    this.#options = options;
    this.#file = path.join(options.folder, FILE);
  }

  /** `isNew`: the user has just changed the setting. Else an entry that the user turned off in the desktop stays off. */
  apply(isOn: boolean, isNew: boolean): void {
    const { logger } = this.#options;
    try {
      const found = this.#find();
      if (found === 'foreign') {
        if (isOn || isNew) logger.log('warn', 'login_item_kept', { file: this.#file });
      } else if (!isOn) {
        if (found !== 'none') rmSync(this.#file, { force: true });
      } else if (found !== 'own_off' || isNew) this.#write();
    } catch (error) {
      logger.log('warn', 'login_item_failed', { file: this.#file, reason: codeOfError(error) ?? 'unknown' });
    }
  }

  #write(): void {
    const entry = autostartEntry(this.#options);
    if (entry === null) {
      this.#options.logger.log('warn', 'login_item_failed', { file: this.#file, reason: 'command_not_expressible' });
      return;
    }
    mkdirSync(this.#options.folder, { recursive: true });
    writeFileAtomic(this.#file, entry);
  }

  #find(): Found {
    try {
      // Not the target of a link.
      const facts = lstatSync(this.#file);
      if (!facts.isFile() || facts.size > MAX_BYTES) return 'foreign';
      const text = readFileSync(this.#file, 'utf8');
      if (!isOwnEntry(text, this.#options.stateFolder)) return 'foreign';
      return isTurnedOff(text) ? 'own_off' : 'own';
    } catch (error) {
      if (codeOfError(error) === 'ENOENT') return 'none';
      throw error;
    }
  }
}
