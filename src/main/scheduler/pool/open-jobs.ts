// Opens the jobs of a pool: those that are stored, and the service.
import type { Registry } from 'prom-client';
import type { Result } from '../../../shared/result';
import type { Clock } from '../../platform/clock';
import type { SchedulerConfig } from '../../platform/config/config';
import { inTurns } from '../../platform/in-turns';
import type { Logger } from '../../platform/logger';
import { type DatabaseFailure, loadedFrom } from '../database/database-failure';
import type { SchedulerDatabases } from '../database/scheduler-databases';
import type { JobSettings } from '../jobs/job-settings';
import { JobService } from '../jobs/job-service';
import type { JobMeter } from '../jobs/job-meter';
import { JobStats } from '../jobs/job-stats';
import type { JobUsage } from '../jobs/job-usage';
import type { SubmitterNames } from '../jobs/jobs-port';
import type { NodePool } from '../jobs/node-pool';
import type { PoolListener } from '../jobs/pool-listener';
import { StoredJobs } from '../jobs/stored-jobs';
import type { WakeSender } from '../nodes/wake-sender';
import { TaskTexts } from '../jobs/task-texts';

/** Of the work in a turn of the event loop: a job takes some 10 µs. */
const PARTS_OF_JOB = 10;
const DAY_MS = 24 * 3_600_000;
const WEEK_MS = 7 * DAY_MS;
const BYTES_PER_MB = 1024 * 1024;
const MIN_KEEP_MS = 15_000;
/** Above this share of the storage budget, finished jobs are removed. */
const MAX_USED_SHARE = 0.9;

export interface OpenJobs {
  readonly jobs: JobService;
  readonly stats: JobStats;
  close(): Promise<void>;
}

export interface OpenJobsOptions {
  readonly pool: NodePool & { attachJobs(jobs: PoolListener): void };
  readonly config: SchedulerConfig;
  readonly databases: Pick<SchedulerDatabases, 'jobs' | 'jobsName'>;
  readonly metrics: Registry;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly wake: WakeSender;
  readonly submitters: SubmitterNames;
  readonly usage: JobUsage;
  readonly meter: JobMeter;
  readonly mayAssign?: (() => boolean) | undefined;
  /** Replicas hold the connections of clients. */
  readonly clientsReturn: boolean;
}

export function jobSettingsOf({ jobs, jobTimeoutSeconds, openai }: SchedulerConfig): JobSettings {
  const { maxQueued, retentionSeconds, maxFinished, maxStorageMb, keepAnswers } = jobs;
  const maxStorageBytes = maxStorageMb * BYTES_PER_MB;
  const keepMs = retentionSeconds * 1000;
  return {
    defaults: { timeoutMs: jobTimeoutSeconds * 1000, queueTimeoutMs: WEEK_MS, busyTimeoutMs: openai.busyTimeoutSeconds * 1000 },
    limits: { maxQueued, maxStorageBytes },
    retention: {
      keepMs,
      leastKeepMs: Math.min(keepMs, MIN_KEEP_MS),
      maxFinished,
      maxBytes: maxStorageBytes * MAX_USED_SHARE,
      keyMs: DAY_MS,
    },
    keepsAnswers: keepAnswers,
  };
}

/** The nodes must be restored before. Jobs do not change until `start` is called. */
export function openJobs(options: OpenJobsOptions): Promise<Result<OpenJobs, DatabaseFailure>> {
  const { jobs: database, jobsName } = options.databases;
  return loadedFrom(jobsName, () => restoredJobs(new StoredJobs(database), options));
}

async function restoredJobs(store: StoredJobs, options: OpenJobsOptions): Promise<OpenJobs> {
  const { pool, config, metrics, clock, logger } = options;
  const stats = new JobStats(metrics, () => store.countByStatus());
  await store.measure();
  const jobs = new JobService({
    ...options,
    ...jobSettingsOf(config),
    store,
    lastSeq: await store.lastSeq(),
    stats,
    texts: new TaskTexts(),
    graceMs: config.nodeHealth.heartbeatTimeoutSeconds * 1000,
    defer: setImmediate,
  });
  // When this write fails, the time without a scheduler counts as time in the queue. That is better than no scheduler.
  const postponed = await store.postponeAbsence(clock.wallMs());
  if (!postponed.ok) logger.log('error', 'job_store_write_failed', { reason: postponed.error.reason });
  await inTurns(await store.live(), (job) => {
    jobs.restore(job);
    return PARTS_OF_JOB;
  });
  pool.attachJobs(jobs);
  return { jobs, stats, close: () => jobs.stop() };
}
