// Builds the scheduler from its parts: opens the databases and restores the nodes. The parts contain the behaviour.
import type { DatabaseSync } from 'node:sqlite';
import { Registry } from 'prom-client';
import { ok, type Result } from '../../shared/result';
import { AbuseLog } from '../platform/abuse-log';
import { openJobs } from './pool/open-jobs';
import { dispatchPolicyOf, lifecyclePolicyOf } from './nodes/core/policies';
import { RegistrationLimits } from './pool/registration-limits';
import { Pool } from './pool/pool';
import { historySource } from './history/history-source';
import { SqliteHistoryStore } from './history/history-store';
import { SqliteNodeEventStore } from './history/node-event-store';
import { PoolHistory } from './history/pool-history';
import { SchedulerStats } from './nodes/scheduler-stats';
import { openMembers } from './members/open-members';
import { wakeSender } from './nodes/wake-sender';
import type { GroupCommit } from './database/group-commit';
import type { Members } from './members/members';
import { SqliteUsageStore } from './usage/usage-store';
import { UsageHistory } from './usage/usage-history';
import { openDatabase } from './database/open-database';
import { SqliteNodeStore } from './nodes/sqlite-node-store';
import type { OpenScheduler, SchedulerFailure, SchedulerOptions } from './scheduler';
import { SchedulerService } from './scheduler-service';

export type { Listening, ListenOptions, OpenScheduler, SchedulerFailure, SchedulerOptions } from './scheduler';

interface UsageParts extends Pick<SchedulerOptions, 'clock' | 'logger'> {
  readonly members: Pick<Members, 'nameOf'>;
  readonly pool: Pick<Pool, 'record'>;
}

function openUsage(database: DatabaseSync, writes: GroupCommit, { members, pool, clock, logger }: UsageParts): UsageHistory {
  const names = { key: (id: string) => members.nameOf(id), node: (id: string) => pool.record(id)?.profile.name ?? null };
  return new UsageHistory({ store: new SqliteUsageStore(database, writes), names, clock, logger });
}

/** Opens the database and restores the nodes. A database that cannot be used is an error, and stays unchanged. */
export function openScheduler(options: SchedulerOptions): Promise<Result<OpenScheduler, SchedulerFailure>> {
  const { config, clock, logger, version, databaseFile } = options;
  const opened = openDatabase(databaseFile);
  if (!opened.ok) return Promise.resolve(opened);
  const store = new SqliteNodeStore(opened.value);
  const failed = <Failure>(failure: Failure): Promise<Failure> => {
    store.close();
    return Promise.resolve(failure);
  };
  const stored = store.load(databaseFile);
  if (!stored.ok) return failed(stored);
  const metrics = new Registry();
  const stats = new SchedulerStats(metrics);
  const abuse = new AbuseLog({ clock, logger, counters: stats });
  const access = openMembers({ database: opened.value, file: databaseFile, clock, logger, abuse, ownerKey: options.ownerKey });
  if (!access.ok) return failed(access);
  const pool = new Pool({
    policy: lifecyclePolicyOf(config.scheduler),
    dispatchPolicy: dispatchPolicyOf(config),
    statusPushIntervalMs: config.scheduler.statusPushIntervalSeconds * 1000,
    maxMessageBytes: config.server.maxMessageBytes,
    limits: new RegistrationLimits({
      maxNodes: config.scheduler.maxNodes,
      maxProfileBytes: config.scheduler.maxProfileBytes,
      maxNewNodesPerMinute: config.server.maxNewNodesPerMinute,
      clock,
      abuse,
    }),
    store,
    clock,
    logger,
    version,
    stats,
    addresses: options.addresses,
  });
  for (const node of stored.value) pool.restore(node);
  const { members, writes } = access.value;
  const usage = openUsage(opened.value, writes, { members, pool, clock, logger });
  const jobs = openJobs({
    pool,
    config: config.scheduler,
    nodesFile: databaseFile,
    metrics,
    clock,
    logger,
    wake: wakeSender(options.wakeTargets),
    submitters: members,
    usage,
    meter: access.value.meter,
  });
  if (!jobs.ok) return failed(jobs);
  const history = new PoolHistory({
    source: historySource(pool, jobs.value),
    store: new SqliteHistoryStore(opened.value, writes),
    nodeEvents: new SqliteNodeEventStore(opened.value, writes),
    clock,
    logger,
  });
  const components = { store, ...access.value, pool, jobs: jobs.value, histories: { history, usage }, metrics, stats, abuse };
  return Promise.resolve(ok(new SchedulerService(options, components)));
}
