// `downloads.json` in the state folder: the downloads that the owner requested or paused.
import { readFileSync, statSync } from 'node:fs';
import { z } from 'zod';
import { codeOfError, messageOfError } from '../../../shared/errors';
import { parseJson } from '../../../shared/json';
import { modelIdSchema } from '../../../shared/protocol/node-messages';
import { LatestFile } from '../../platform/latest-file';
import type { Logger } from '../../platform/logger';
import { type Downloads, MAX_DOWNLOADS, NO_DOWNLOADS } from '../core/pulls/downloads';
import type { KeptDownloads } from './model-pulls';

const MAX_FILE_BYTES = 65_536;
/** A paused download may be one of the configuration, which has as many. */
const fileSchema = z.object({
  requested: z.array(modelIdSchema).max(MAX_DOWNLOADS),
  paused: z.array(modelIdSchema).max(2 * MAX_DOWNLOADS),
});

export class DownloadsFile implements KeptDownloads {
  readonly #file: string;
  readonly #logger: Logger;
  readonly #latest: LatestFile;

  constructor(file: string, logger: Logger) {
    this.#file = file;
    this.#logger = logger;
    this.#latest = new LatestFile(file, (reason) => {
      if (reason !== null) logger.log('warn', 'downloads_not_saved', { file, reason });
    });
  }

  /** A file that cannot be read is ignored, and logged: the owner requests the downloads again. */
  read(): Downloads {
    try {
      if (statSync(this.#file).size > MAX_FILE_BYTES) return this.#unreadable('too large');
      const parsed = fileSchema.safeParse(parseJson(readFileSync(this.#file, 'utf8')));
      return parsed.success ? parsed.data : this.#unreadable(parsed.error.issues[0]?.message ?? 'invalid');
    } catch (error) {
      return codeOfError(error) === 'ENOENT' ? NO_DOWNLOADS : this.#unreadable(messageOfError(error));
    }
  }

  write(downloads: Downloads): void {
    this.#latest.write(JSON.stringify(downloads));
  }

  written(): Promise<void> {
    return this.#latest.written();
  }

  #unreadable(reason: string): Downloads {
    this.#logger.log('warn', 'downloads_unreadable', { file: this.#file, reason });
    return NO_DOWNLOADS;
  }
}
