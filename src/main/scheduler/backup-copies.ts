// Copies the databases of a running scheduler for `muster backup`. The copies lie in a new folder below the data folder: a caller names no
// path, and must be able to read the data folder to get them. The command takes its folder away.
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import type { BackupAnswer } from '../../shared/api/members';
import { messageOfError } from '../../shared/errors';
import { fail, ok, type Result } from '../../shared/result';
import type { Clock } from '../platform/clock';
import type { Logger } from '../platform/logger';

const FOLDER_PREFIX = 'backup-copies-';
/** No command reads its copies for so long. A command that was ended leaves older ones. */
const MAX_AGE_MS = 3_600_000;
/** Copies that are kept with a new one: each takes the space of the databases. The oldest are removed first. */
const MAX_KEPT = 7;

type BackupFault = 'backup_running' | 'database_server' | 'write_failed';

interface BackupCopiesOptions {
  readonly dataDir: string;
  readonly wallMs: () => number;
  readonly logger: Logger;
  /** The databases by the names of their files. Null: they are on a server, which has backups of its own. */
  readonly databases: Readonly<Record<string, (file: string) => Promise<void>>> | null;
  /** Writes what is in memory only. */
  readonly flush: () => Promise<void>;
}

interface BackedUp {
  readonly databaseFile: string;
  readonly clock: Pick<Clock, 'wallMs'>;
  readonly logger: Logger;
}

/** Those of a scheduler, beside its database file. */
export const backupsOf = (
  { databaseFile, clock, logger }: BackedUp,
  { copies }: { readonly copies: BackupCopiesOptions['databases'] },
  flush: () => Promise<void>,
): BackupCopies =>
  new BackupCopies({ dataDir: path.dirname(databaseFile), wallMs: () => clock.wallMs(), logger, databases: copies, flush });

export class BackupCopies {
  readonly #options: BackupCopiesOptions;
  #isRunning = false;

  constructor(options: BackupCopiesOptions) {
    this.#options = options;
  }

  readonly make = async (): Promise<Result<BackupAnswer, BackupFault>> => {
    if (this.#isRunning) return fail('backup_running');
    const { dataDir, databases, flush, logger } = this.#options;
    if (databases === null) return fail('database_server');
    this.#isRunning = true;
    let folder: string | null = null;
    try {
      this.#removeOld();
      folder = mkdtempSync(path.join(dataDir, FOLDER_PREFIX));
      await flush();
      for (const [name, copyTo] of Object.entries(databases)) await copyTo(path.join(folder, name));
      return ok({ folder: path.basename(folder), files: Object.keys(databases) });
    } catch (error) {
      logger.log('error', 'backup_failed', { reason: messageOfError(error) });
      if (folder !== null) rmSync(folder, { recursive: true, force: true });
      return fail('write_failed');
    } finally {
      this.#isRunning = false;
    }
  };

  /** The copies of commands that did not take them away. */
  #removeOld(): void {
    const { dataDir, wallMs } = this.#options;
    const copies = readdirSync(dataDir)
      .filter((name) => name.startsWith(FOLDER_PREFIX))
      .map((name) => path.join(dataDir, name))
      .map((folder) => ({ folder, changedWallMs: statSync(folder, { throwIfNoEntry: false })?.mtimeMs ?? -Infinity }))
      .sort((a, b) => b.changedWallMs - a.changedWallMs);
    for (const [newer, { folder, changedWallMs }] of copies.entries())
      if (newer >= MAX_KEPT || wallMs() - changedWallMs > MAX_AGE_MS) rmSync(folder, { recursive: true, force: true });
  }
}
