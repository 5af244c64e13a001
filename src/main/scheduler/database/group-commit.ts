// Group commit: all changes of one turn of the event loop are one transaction, so many changes at the same time cost few disk syncs.
import type { DatabaseSync } from 'node:sqlite';
import { messageOfError } from '../../../shared/errors';
import { fail, ok, type Result } from '../../../shared/result';

/** The write failed, and nothing of the change is stored. `reason` is for the log. */
export interface WriteFailure {
  readonly reason: string;
}
export type Written = Promise<Result<null, WriteFailure>>;

/** Counts wait so long, so that those of many requests are one write. A kill of the process loses them. */
export const COUNTS_WRITE_DELAY_MS = 5000;

interface PendingWrite {
  readonly run: () => void;
  readonly resolve: (written: Result<null, WriteFailure>) => void;
}

export class GroupCommit {
  readonly #database: DatabaseSync;
  #pending: PendingWrite[] = [];
  #isClosed = false;

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /** Resolves when the change is durable. */
  write(run: () => void): Written {
    if (this.#isClosed) return Promise.resolve(fail({ reason: 'the store is closed' }));
    return new Promise((resolve) => {
      if (this.#pending.push({ run, resolve }) === 1)
        setImmediate(() => {
          this.#flush();
        });
    });
  }

  /** Writes pending changes. Later changes are refused. False: it was closed before. */
  close(): boolean {
    if (this.#isClosed) return false;
    this.#flush();
    this.#isClosed = true;
    return true;
  }

  /** All or nothing: when one write fails, all writes of the turn fail, and every caller gets the failure. */
  #flush(): void {
    const writes = this.#pending;
    if (writes.length === 0) return;
    this.#pending = [];
    const written = this.#commit(writes);
    for (const write of writes) write.resolve(written);
  }

  #commit(writes: readonly PendingWrite[]): Result<null, WriteFailure> {
    try {
      this.#database.exec('BEGIN IMMEDIATE');
      for (const write of writes) write.run();
      this.#database.exec('COMMIT');
      return ok(null);
    } catch (error) {
      if (this.#database.isOpen && this.#database.isTransaction) this.#database.exec('ROLLBACK');
      return fail({ reason: messageOfError(error) });
    }
  }
}
