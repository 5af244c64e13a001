// The store of jobs on the database of an engine, for the contracts of jobs.
import { beforeEach } from 'vitest';
import type { Row, SqlValue, Store } from '../../../src/main/scheduler/database/store';
import { StoredJobs } from '../../../src/main/scheduler/jobs/stored-jobs';
import type { StoreEngine, TestDatabase } from './store-engine';
import { sql } from './things';

export interface UsedJobs {
  readonly database: TestDatabase;
  readonly store: Store;
  readonly jobs: StoredJobs;
  read(text: string, ...values: SqlValue[]): Promise<readonly Row[]>;
  /** Changes rows behind the back of the store of jobs. */
  change(text: string, ...values: SqlValue[]): Promise<void>;
  /** The jobs of the next program, on the same connection. */
  restart(): StoredJobs;
  /** The jobs of the next program, which opens the database again. */
  reopen(): Promise<void>;
  /** The sequence numbers of all jobs, newest first. */
  seqs(): Promise<readonly number[]>;
}

/** New for each test of the suite that calls it. */
export function useJobs({ open }: StoreEngine): UsedJobs {
  let opened: { readonly database: TestDatabase; readonly store: Store; readonly jobs: StoredJobs } | null = null;

  function present(): NonNullable<typeof opened> {
    if (opened === null) throw new Error('no test runs');
    return opened;
  }

  beforeEach(async () => {
    const database = await open();
    opened = { database, store: database.store, jobs: new StoredJobs(database.store) };
  });

  return {
    get database() {
      return present().database;
    },
    get store() {
      return present().store;
    },
    get jobs() {
      return present().jobs;
    },
    read: (text, ...values) => present().store.read({ text, values }),
    change: async (text, ...values) => {
      const written = await present().store.write([sql(text, ...values)]);
      if (!written.ok) throw new Error(written.error.reason);
    },
    restart: () => new StoredJobs(present().store),
    reopen: async () => {
      const { database, store } = present();
      await store.close();
      const again = await database.reopen();
      opened = { database, store: again, jobs: new StoredJobs(again) };
    },
    seqs: async () => (await present().jobs.list({ limit: 9, beforeSeq: null })).jobs.map(({ facts }) => facts.seq),
  };
}
