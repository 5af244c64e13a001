// Jobs as the scheduler opens them: their database beside that of the nodes, and what was in it.
import path from 'node:path';
import type { Registry } from 'prom-client';
import { fail, ok, type Result } from '../../../shared/result';
import type { SchedulerConfig } from '../../platform/config/config';
import type { Scheduler } from './pool';
import type { DatabaseFailure } from '../database/database-failure';
import { JOB_DATABASE } from '../database/migrations';
import { openDatabase } from '../database/open-database';
import { JobService } from '../jobs/job-service';
import { JobStats } from '../jobs/job-stats';
import { SqliteJobStore } from '../jobs/sqlite-job-store';
import { TaskTexts } from '../jobs/task-texts';

const DAY_MS = 24 * 3_600_000;
const WEEK_MS = 7 * DAY_MS;
const BYTES_PER_MB = 1024 * 1024;
const LEAST_KEEP_MS = 15_000;
/** Where more than this share of the room is used, finished jobs give way to new ones. */
const FILLED_SHARE = 0.9;

export interface OpenJobs {
  readonly jobs: JobService;
  close(): void;
}

/** `scheduler.db` -> `scheduler-jobs.db`, beside it. */
export function jobsFileOf(nodesFile: string): string {
  const { dir, name, ext } = path.parse(nodesFile);
  return path.join(dir, `${name}-jobs${ext}`);
}

/** The nodes must be restored before. Nothing happens to the jobs until they are started. */
export function openJobs(
  scheduler: Scheduler,
  config: SchedulerConfig,
  nodesFile: string,
  metrics: Registry,
): Result<OpenJobs, DatabaseFailure> {
  const file = jobsFileOf(nodesFile);
  const opened = openDatabase(file, JOB_DATABASE);
  if (!opened.ok) return opened;
  const store = new SqliteJobStore(opened.value);
  const { clock, logger } = scheduler.parts;
  const { maxQueued, retentionSeconds, maxFinished, maxStorageMb } = config.jobs;
  const maxStorageBytes = maxStorageMb * BYTES_PER_MB;
  const keepMs = retentionSeconds * 1000;
  try {
    const jobs = new JobService({
      store,
      lastSeq: store.lastSeq(),
      pool: scheduler,
      clock,
      logger,
      stats: new JobStats(metrics, () => store.countByStatus()),
      defaults: { timeoutMs: config.jobTimeoutSeconds * 1000, queueTimeoutMs: WEEK_MS },
      limits: { maxQueued, maxStorageBytes },
      retention: {
        keepMs,
        leastKeepMs: Math.min(keepMs, LEAST_KEEP_MS),
        maxFinished,
        maxBytes: maxStorageBytes * FILLED_SHARE,
        keyMs: DAY_MS,
      },
      texts: new TaskTexts(),
      graceMs: config.nodeHealth.heartbeatTimeoutSeconds * 1000,
      defer: setImmediate,
    });
    // Where the disk takes nothing, the time without a scheduler counts: that is better than no scheduler.
    const postponed = store.postponeAbsence(clock.wallMs());
    if (!postponed.ok) logger.log('error', 'job_store_write_failed', { reason: postponed.error.reason });
    jobs.restore(store.live());
    scheduler.join(jobs);
    return ok({
      jobs,
      close: () => {
        jobs.stop();
        store.close();
      },
    });
  } catch (error) {
    store.close();
    return fail({
      code: 'DATABASE_UNREADABLE',
      details: { file, reason: (error instanceof Error ? error.message : String(error)).slice(0, 512) },
    });
  }
}
