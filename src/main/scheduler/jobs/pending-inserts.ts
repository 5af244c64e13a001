// New jobs whose callers wait until the store has them, or has refused them.
import type { Result } from '../../../shared/result';
import type { IdempotencyKey, JobInsert, StoreFailure } from './job-store';
import type { JobRecord } from './machine/job-record';
import { toStoredJob } from './machine/stored-job';

export interface PendingInsert {
  readonly insert: JobInsert;
  readonly resolve: (written: Result<null, StoreFailure>) => void;
}

export class PendingInserts {
  #pending: PendingInsert[] = [];
  /** Those of the batch that is being written, too. */
  readonly #undecided = new Set<string>();

  add(record: JobRecord, task: string, key: IdempotencyKey | null): Promise<Result<null, StoreFailure>> {
    this.#undecided.add(record.facts.jobId);
    return new Promise((resolve) => {
      this.#pending.push({ insert: { job: toStoredJob(record), task, key }, resolve });
    });
  }

  isUndecided(jobId: string): boolean {
    return this.#undecided.has(jobId);
  }

  /** For the next batch. */
  take(): readonly PendingInsert[] {
    const taken = this.#pending;
    this.#pending = [];
    return taken;
  }

  decide(inserts: readonly PendingInsert[], outcome: Result<null, StoreFailure>): void {
    for (const { insert, resolve } of inserts) {
      this.#undecided.delete(insert.job.facts.jobId);
      resolve(outcome);
    }
  }
}
