// The databases of a scheduler: two SQLite files in its data folder, or one PostgreSQL database of a cluster.
import path from 'node:path';
import { ok, type Result } from '../../../shared/result';
import type { DatabaseFailure } from './database-failure';
import { JOB_DATABASE } from './migrations';
import { openDatabase } from './open-database';
import { SqliteStore } from './sqlite-store';
import type { Store } from './store';

export interface SchedulerDatabases {
  /** Nodes, members, keys, usage and history. */
  readonly nodes: Store;
  readonly jobs: Store;
  /** For failures: the files, or the address of the database. */
  readonly nodesName: string;
  readonly jobsName: string;
  /** Copies each database to a new file, by the names of the files. Null: they are not files, and have backups of their own. */
  readonly copies: Readonly<Record<string, (file: string) => Promise<void>>> | null;
  close(): Promise<void>;
}

/** `scheduler.db` -> `scheduler-jobs.db`, beside it. */
export function jobsFileOf(nodesFile: string): string {
  const { dir, name, ext } = path.parse(nodesFile);
  return path.join(dir, `${name}-jobs${ext}`);
}

/** For this process alone. A file that cannot be used is an error, and stays unchanged. */
export async function openFiles(nodesFile: string): Promise<Result<SchedulerDatabases, DatabaseFailure>> {
  const jobsFile = jobsFileOf(nodesFile);
  const openedNodes = openDatabase(nodesFile);
  if (!openedNodes.ok) return openedNodes;
  const nodes = new SqliteStore(openedNodes.value);
  const openedJobs = openDatabase(jobsFile, JOB_DATABASE);
  if (!openedJobs.ok) {
    await nodes.close();
    return openedJobs;
  }
  const jobs = new SqliteStore(openedJobs.value);
  return ok({
    nodes,
    jobs,
    nodesName: nodesFile,
    jobsName: jobsFile,
    copies: {
      [path.basename(nodesFile)]: (file) => nodes.copyTo(file),
      [path.basename(jobsFile)]: (file) => jobs.copyTo(file),
    },
    async close() {
      await nodes.close();
      await jobs.close();
    },
  });
}
