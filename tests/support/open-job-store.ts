// The store of jobs in a file of the test.
import path from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { JOB_DATABASE } from '../../src/main/scheduler/database/migrations';
import { openDatabase } from '../../src/main/scheduler/database/open-database';
import { SqliteStore } from '../../src/main/scheduler/database/sqlite-store';
import type { JobInsert } from '../../src/main/scheduler/jobs/job-store';
import { StoredJobs } from '../../src/main/scheduler/jobs/stored-jobs';
import { temporaryDir } from './test-scheduler';

/** Closed and removed at the end of the test. */
export async function openJobStore(inserts: readonly JobInsert[] = []): Promise<StoredJobs> {
  const folder = temporaryDir();
  const opened = openDatabase(path.join(folder.dir, 'jobs.db'), JOB_DATABASE);
  if (!opened.ok) throw new Error(opened.error.code);
  const store = new SqliteStore(opened.value);
  onTestFinished(async () => {
    await store.close();
    folder.remove();
  });
  const jobs = new StoredJobs(store);
  expect(await jobs.commit({ inserts, changes: [] })).toEqual({ ok: true, value: null });
  return jobs;
}
