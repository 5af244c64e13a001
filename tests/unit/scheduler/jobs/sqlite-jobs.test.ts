// The jobs in an SQLite file: syncs, checkpoints and versions.
import { statSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { JOB_DATABASE, NODE_DATABASE } from '../../../../src/main/scheduler/database/migrations';
import { openDatabase } from '../../../../src/main/scheduler/database/open-database';
import { SqliteStore } from '../../../../src/main/scheduler/database/sqlite-store';
import type { JobInsert } from '../../../../src/main/scheduler/jobs/job-store';
import { toStoredJob } from '../../../../src/main/scheduler/jobs/machine/stored-job';
import { StoredJobs } from '../../../../src/main/scheduler/jobs/stored-jobs';
import { finished, insert, TASK } from '../../../support/stored-job-builders';
import { temporaryDir } from '../../../support/test-scheduler';
import { at } from '../lifecycle/records';
import { played } from './job-records';

const RETENTION = { keepMs: 1000, leastKeepMs: 0, maxFinished: 100, maxBytes: 1_000_000_000, keyMs: 86_400_000 };

let folder: ReturnType<typeof temporaryDir>;
let file: string;
let database: DatabaseSync;
let store: SqliteStore;
let jobs: StoredJobs;

beforeEach(() => {
  folder = temporaryDir();
  file = path.join(folder.dir, 'jobs.db');
  const opened = openDatabase(file, JOB_DATABASE);
  if (!opened.ok) throw new Error(opened.error.code);
  database = opened.value;
  store = new SqliteStore(database);
  jobs = new StoredJobs(store);
});
afterEach(async () => {
  await store.close();
  folder.remove();
});

it('jobs in SQLite: large result -> the next commit makes the checkpoint, so that no turn writes it twice', async () => {
  await jobs.commit({ inserts: [1, 2, 3, 4].map((seq) => insert(seq)), changes: [] });
  const megabytes: number[] = [];
  for (const [i, size] of [5, 0, 5, 5].entries()) {
    await jobs.commit({ inserts: [], changes: [finished(i + 1, 10, 'x'.repeat(size * 1_000_000))] });
    megabytes.push(Math.round(statSync(file).size / 1_000_000));
  }
  expect(megabytes).toEqual([0, 5, 5, 15]);
});

it('jobs in SQLite: large task -> the next commit makes the checkpoint', async () => {
  const commit = async (seq: number, task: string): Promise<number> => {
    await jobs.commit({ inserts: [{ ...insert(seq), task }], changes: [] });
    return statSync(file).size;
  };
  expect(await commit(1, 'x'.repeat(5_000_000))).toBeLessThan(1_000_000);
  expect(await commit(2, TASK)).toBeGreaterThan(5_000_000);
});

it('jobs in SQLite: interactive jobs alone -> not synced; with another job -> synced', async () => {
  const [FULL, NORMAL] = [2, 1];
  const interactive: JobInsert = { job: toStoredJob(played([], { jobId: 'job-2', seq: 2, interactive: true })), task: TASK, key: null };
  const synchronous = () => database.prepare('PRAGMA synchronous').get()?.['synchronous'];
  await jobs.commit({ inserts: [interactive], changes: [] });
  expect([synchronous(), (await jobs.job('job-2'))?.state.status]).toEqual([NORMAL, 'queued']);
  await jobs.commit({ inserts: [insert(1)], changes: [{ job: interactive.job, result: null }] });
  expect(synchronous()).toBe(FULL);
  await jobs.commit({ inserts: [], changes: [{ job: interactive.job, result: null }] });
  expect(synchronous()).toBe(NORMAL);
  await jobs.prune(RETENTION, at(0).wallMs, 1);
  expect(synchronous()).toBe(FULL);
});

it('jobs in SQLite: commit -> in the database in the same turn, before its promise resolves', () => {
  void jobs.commit({ inserts: [insert(1)], changes: [] });
  expect(database.prepare('SELECT count(*) AS count FROM jobs').get()).toEqual({ count: 1 });
});

it('jobs in SQLite: nodes database or newer version -> refused', async () => {
  const nodes = path.join(folder.dir, 'nodes.db');
  const opened = openDatabase(nodes, NODE_DATABASE);
  if (opened.ok) opened.value.close();
  expect(openDatabase(nodes, JOB_DATABASE)).toMatchObject({ ok: false, error: { code: 'DATABASE_UNREADABLE' } });
  database.exec('PRAGMA user_version = 99');
  await store.close();
  expect(openDatabase(file, JOB_DATABASE)).toMatchObject({ ok: false, error: { code: 'DATABASE_TOO_NEW' } });
});
