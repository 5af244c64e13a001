// Copies the databases of a running scheduler for `muster backup`. The copies lie in a folder of the data folder: a caller names no path,
// and must be able to read the data folder to get them.
import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { messageOfError } from '../../shared/errors';
import { fail, ok, type Result } from '../../shared/result';
import type { Logger } from '../platform/logger';

/** In the data folder. The command moves the copies away. */
export const COPIES_FOLDER = 'backup-copies';

export type BackupFault = 'backup_running' | 'write_failed';

interface BackupCopiesOptions {
  readonly dataDir: string;
  readonly logger: Logger;
  /** The databases by the names of their files. */
  readonly databases: Readonly<Record<string, (file: string) => Promise<void>>>;
  /** Writes what is in memory only. */
  readonly flush: () => void;
}

export class BackupCopies {
  readonly #options: BackupCopiesOptions;
  #isRunning = false;

  constructor(options: BackupCopiesOptions) {
    this.#options = options;
  }

  /** Resolves to the names of the files. Copies of an earlier call are removed. */
  async make(): Promise<Result<readonly string[], BackupFault>> {
    if (this.#isRunning) return fail('backup_running');
    this.#isRunning = true;
    const { dataDir, databases, flush, logger } = this.#options;
    const folder = path.join(dataDir, COPIES_FOLDER);
    try {
      rmSync(folder, { recursive: true, force: true });
      mkdirSync(folder, { mode: 0o700 });
      flush();
      for (const [name, copyTo] of Object.entries(databases)) await copyTo(path.join(folder, name));
      return ok(Object.keys(databases));
    } catch (error) {
      logger.log('error', 'backup_failed', { reason: messageOfError(error) });
      rmSync(folder, { recursive: true, force: true });
      return fail('write_failed');
    } finally {
      this.#isRunning = false;
    }
  }
}
