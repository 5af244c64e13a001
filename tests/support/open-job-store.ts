// The store of jobs in a file of the test.
import path from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { JOB_DATABASE } from '../../src/main/scheduler/database/migrations';
import { openDatabase } from '../../src/main/scheduler/database/open-database';
import type { JobInsert } from '../../src/main/scheduler/jobs/job-store';
import { SqliteJobStore } from '../../src/main/scheduler/jobs/sqlite-job-store';
import { temporaryDir } from './test-scheduler';

/** Closed and removed at the end of the test. */
export function openJobStore(inserts: readonly JobInsert[] = []): SqliteJobStore {
  const folder = temporaryDir();
  const opened = openDatabase(path.join(folder.dir, 'jobs.db'), JOB_DATABASE);
  if (!opened.ok) throw new Error(opened.error.code);
  const store = new SqliteJobStore(opened.value);
  onTestFinished(() => {
    store.close();
    folder.remove();
  });
  expect(store.commit({ inserts, changes: [] }).ok).toBe(true);
  return store;
}
