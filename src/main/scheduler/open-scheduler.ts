// Builds the scheduler from its parts: opens the databases and restores the nodes. The parts contain the behaviour.
import { Registry } from 'prom-client';
import { dayNumberOf } from '../../shared/api/usage';
import { ok, type Result } from '../../shared/result';
import { AbuseLog } from '../platform/abuse-log';
import type { Clock } from '../platform/clock';
import { inTurns } from '../platform/in-turns';
import { openJobs } from './pool/open-jobs';
import { dispatchPolicyOf, lifecyclePolicyOf } from './nodes/core/policies';
import { RegistrationLimits } from './pool/registration-limits';
import { Pool } from './pool/pool';
import { historySource } from './history/history-source';
import { HistoryTable } from './history/history-store';
import { NodeEventTable } from './history/node-event-store';
import { PoolHistory } from './history/pool-history';
import { loadHistory } from './history/stored-history';
import { SchedulerStats } from './nodes/scheduler-stats';
import { openMembers } from './members/open-members';
import { wakeSender } from './nodes/wake-sender';
import type { Members } from './members/members';
import { UsageStore } from './usage/usage-store';
import { UsageHistory, type UsageHistoryOptions } from './usage/usage-history';
import { loadedFrom } from './database/database-failure';
import { openFiles, type SchedulerDatabases } from './database/scheduler-databases';
import { NodeTable } from './nodes/node-table';
import type { OpenScheduler, SchedulerFailure, SchedulerOptions } from './scheduler';
import { SchedulerService } from './scheduler-service';

export type { Listening, ListenOptions, OpenScheduler, SchedulerFailure, SchedulerOptions } from './scheduler';

interface UsageParts extends Pick<SchedulerOptions, 'clock' | 'logger'> {
  readonly members: Pick<Members, 'nameOf'>;
  readonly pool: Pick<Pool, 'record'>;
}

/** What the node database has at the start. Rejects with an error of the database. */
async function load({ nodes: database, nodesName }: SchedulerDatabases, clock: Clock) {
  const [nodes, usage, history, nodeEvents] = [
    new NodeTable(database),
    new UsageStore(database),
    new HistoryTable(database),
    new NodeEventTable(database),
  ];
  const today = dayNumberOf(clock.wallMs());
  return {
    nodes: { store: nodes, stored: await nodes.load(nodesName) },
    usage: { store: usage, known: { day: today, places: await usage.placesOf(today) } },
    history: { store: history, nodeEvents, stored: await loadHistory(history, nodeEvents, clock.wallMs()) },
  };
}

function openUsage(loaded: Pick<UsageHistoryOptions, 'store' | 'known'>, { members, pool, clock, logger }: UsageParts): UsageHistory {
  const names = { key: (id: string) => members.nameOf(id), node: (id: string) => pool.record(id)?.profile.name ?? null };
  return new UsageHistory({ ...loaded, names, clock, logger });
}

/** Opens the database and restores the nodes. A database that cannot be used is an error, and stays unchanged. */
export async function openScheduler(options: SchedulerOptions): Promise<Result<OpenScheduler, SchedulerFailure>> {
  const opened = await (options.openDatabases ?? (() => openFiles(options.databaseFile)))();
  if (!opened.ok) return opened;
  const service = await openService(opened.value, options);
  if (!service.ok) await opened.value.close();
  return service;
}

async function openService(databases: SchedulerDatabases, options: SchedulerOptions): Promise<Result<OpenScheduler, SchedulerFailure>> {
  const { config, clock, logger, version } = options;
  const { nodes: database, nodesName } = databases;
  const loaded = await loadedFrom(nodesName, () => load(databases, options.clock));
  if (!loaded.ok) return loaded;
  const { nodes, usage: loadedUsage, history: loadedHistory } = loaded.value;
  if (!nodes.stored.ok) return nodes.stored;
  const metrics = new Registry();
  const stats = new SchedulerStats(metrics);
  const abuse = new AbuseLog({ clock, logger, counters: stats });
  const access = await openMembers({ database, file: nodesName, clock, logger, abuse, ownerKey: options.ownerKey });
  if (!access.ok) return access;
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
    store: nodes.store,
    clock,
    logger,
    version,
    stats,
    addresses: options.addresses,
    leaderEpoch: options.cluster?.epoch,
    isInCluster: options.cluster !== undefined,
  });
  await inTurns(nodes.stored.value, (node) => {
    pool.restore(node);
    return node.profile.installedModels.length;
  });
  const { members, meter } = access.value;
  const usage = openUsage(loadedUsage, { members, pool, clock, logger });
  const jobs = await openJobs({
    pool,
    config: config.scheduler,
    databases,
    metrics,
    clock,
    logger,
    wake: wakeSender(options.wakeTargets),
    mayAssign: options.cluster?.mayAssign,
    clientsReturn: options.cluster?.replicas !== undefined,
    submitters: members,
    usage,
    meter,
  });
  if (!jobs.ok) return jobs;
  const { stored, ...historyStores } = loadedHistory;
  const history = new PoolHistory({ source: historySource(pool, jobs.value), ...historyStores, stored: stored.periods, clock, logger });
  await history.restore(stored.nodeEvents);
  const components = { databases, ...access.value, pool, jobs: jobs.value, histories: { history, usage }, metrics, stats, abuse };
  return ok(new SchedulerService(options, components));
}
