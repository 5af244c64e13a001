// The CA of a joined pool as a file of its own, which the owner names to other programs of this computer. identity.json stays the
// source: the file is written again when it is missing or differs.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { messageOfError } from '../../shared/errors';
import { writeFileAtomic } from '../platform/atomic-file';
import type { Logger } from '../platform/logger';

/** A pin is a part of the name of the file. */
const PIN = /^sha256-[\w-]{43}$/;
/** A certificate is not secret. */
const MODE = 0o644;

export class AuthorityFiles {
  readonly #folder: string;
  readonly #logger: Logger;
  /** The last one, which is checked once. */
  #last: { readonly pin: string; readonly ca: string; readonly file: string | null } | null = null;

  constructor(folder: string, logger: Logger) {
    this.#folder = folder;
    this.#logger = logger;
  }

  /** Null: the file cannot be written. */
  fileOf(pin: string, ca: string): string | null {
    if (this.#last?.pin === pin && this.#last.ca === ca) return this.#last.file;
    const file = PIN.test(pin) ? this.#write(path.join(this.#folder, `ca-${pin}.pem`), ca) : null;
    this.#last = { pin, ca, file };
    return file;
  }

  #write(file: string, ca: string): string | null {
    try {
      if (textOf(file) !== ca) writeFileAtomic(file, ca, { mode: MODE });
      return file;
    } catch (error) {
      this.#logger.log('warn', 'ca_file_not_written', { file, reason: messageOfError(error) });
      return null;
    }
  }
}

function textOf(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}
