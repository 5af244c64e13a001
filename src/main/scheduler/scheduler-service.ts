// The running scheduler: pool, jobs, node socket, HTTP server and timers, from its options and its opened parts.
import { hostname } from 'node:os';
import path from 'node:path';
import type { Registry } from 'prom-client';
import type { AppApi } from '../../shared/api/app-api';
import type { PoolAddress } from '../../shared/api/members';
import { ok, type Result } from '../../shared/result';
import type { AbuseLog } from '../platform/abuse-log';
import type { MusterConfig } from '../platform/config/config';
import { ownTurn } from '../platform/own-turn';
import { jobSettingsOf, type OpenJobs } from './pool/open-jobs';
import { backupsOf } from './backup-copies';
import type { JobsPort } from './jobs/jobs-port';
import { logPerformance } from './pool/performance-log';
import { dispatchSettingsOf, sweepSettingsOf } from './nodes/core/policies';
import { type NameModels, SchedulerPool } from './pool/pool-port';
import type { Pool } from './pool/pool';
import type { Histories } from './histories';
import type { SchedulerStats } from './nodes/scheduler-stats';
import { namedExplanation, OWN_CALLER } from './api/job-names';
import { loopbackPolicyOf } from './members/core/principal';
import { KeyUsage } from './members/key-usage';
import type { Members } from './members/members';
import type { OpenMembers } from './members/open-members';
import { type AccessPolicy, accessPolicyOf } from './access/access-policy';
import { WrongTokens } from './access/wrong-tokens';
import { ModelNames } from './api/client-apis/model-names';
import { HolderConnections } from './api/end-access';
import { createHttpServer } from './api/http-server';
import { clusterOperations } from './cluster/cluster-operations';
import { addGauges } from './api/metrics';
import { type OpenStreams, openStreams, stopStreams, usageSettingsOf } from './api/open-streams';
import { MAX_UNFINISHED_BYTES, UnfinishedBytes } from './access/unfinished-bytes';
import { ResponseStreams } from './api/openai/response-streams';
import { retryWithinLimits } from './api/retry-within-limits';
import type { Route } from './api/route';
import { schedulerRoutes } from './api/scheduler-routes';
import { loadStaticFiles } from './api/static-files';
import type { SchedulerDatabases } from './database/scheduler-databases';
import { announcedOffer } from './announced-offer';
import { Joining, newcomerCredentials } from './open-joining';
import { openForwarding, sharedResponses } from './open-forwarding';
import { FollowedJobs } from './forwarded/followed-jobs';
import type { ReplicaLinks } from './cluster/channel/replica-links';
import { type NodeSockets, openNodeSockets } from './open-node-sockets';
import { type Listener, openListener, openOllamaPort, urlOf } from './open-listener';
import type { Listening, ListenOptions, OpenScheduler, SchedulerFailure, SchedulerOptions } from './scheduler';
import { SchedulerTrust } from './scheduler-trust';
import { Sweeper } from './pool/sweeper';

export interface ServiceComponents extends OpenMembers {
  readonly databases: SchedulerDatabases;
  readonly pool: Pool;
  readonly jobs: OpenJobs;
  readonly histories: Histories;
  readonly metrics: Registry;
  readonly stats: SchedulerStats;
  readonly abuse: AbuseLog;
}

export class SchedulerService implements OpenScheduler {
  readonly pool: SchedulerPool;
  readonly jobs: JobsPort;
  readonly members: Members;
  readonly trust: SchedulerTrust;
  readonly ca = (): string | null => this.#listener?.certificate?.ca ?? null;
  readonly #options: SchedulerOptions;
  readonly #components: ServiceComponents;
  readonly #usage: KeyUsage;
  readonly #pool: Pool;
  readonly #openJobs: OpenJobs;
  readonly #wrongTokens: WrongTokens;
  readonly #sweeper: Sweeper;
  readonly #streams: OpenStreams;
  readonly #connections: HolderConnections;
  readonly #names: ModelNames;
  readonly #responses: ResponseStreams;
  readonly #unfinished: UnfinishedBytes;
  readonly #nodes: NodeSockets;
  readonly #joining: Joining;
  #listener: Listener | null = null;
  #address: PoolAddress | null = null;
  readonly #followed: FollowedJobs;
  #replicas: ReplicaLinks | null = null;
  #stopLog: () => void = () => undefined;

  constructor(options: SchedulerOptions, components: ServiceComponents) {
    const { members, meter, pool, jobs, histories, metrics, stats, abuse } = components;
    this.#options = options;
    this.#components = components;
    this.members = members;
    this.#pool = pool;
    this.#wrongTokens = new WrongTokens({ clock: options.clock, abuse });
    this.#openJobs = jobs;
    this.jobs = jobs.jobs;
    const { config, clock, logger } = options;
    this.#usage = new KeyUsage({
      ...{ clock, abuse, meter, refusals: histories.usage },
      ...usageSettingsOf(config.scheduler),
      hasOtherSubmitters: (id) => members.hasOtherSubmitters(id),
    });
    this.#sweeper = new Sweeper({ pool, clock, logger, ...sweepSettingsOf(config.scheduler) });
    this.#streams = openStreams(clock);
    this.#names = new ModelNames({ pool: pool.views, clock, ...config.scheduler.openai });
    const shared = sharedResponses(options.cluster);
    this.#responses = new ResponseStreams({ jobs: this.jobs, pool: pool.views, clock, settings: config.scheduler.openai, shared });
    this.#unfinished = new UnfinishedBytes(MAX_UNFINISHED_BYTES, (from) => {
      abuse.limitReached('unfinished_bytes', from);
    });
    this.#nodes = openNodeSockets({
      ...{ server: config.server, access: this.#accessPolicy(), pool, members, sweeper: this.#sweeper },
      ...{ wrongTokens: this.#wrongTokens, unfinished: this.#unfinished, abuse, clock, logger, stats },
      leads: options.cluster?.mayAssign,
    });
    this.#followed = new FollowedJobs({
      ...{ jobs: jobs.jobs, clients: jobs.jobs.restart, pool: pool.views, clock },
      busyTimeoutMs: () => this.#responses.busyTimeoutMs,
      isValid: (holder) => members.maySendJobs(holder),
      keep: (...response) => this.#responses.stored.keepRead(...response),
    });
    this.#responses.attachReplicas(this.#followed.handOver);
    this.#connections = new HolderConnections({ nodes: this.#nodes, streams: this.#streams, answers: [this.#responses, this.#followed] });
    this.#joining = this.#openJoining();
    const retry = retryWithinLimits({ jobs: this.jobs, usage: this.#usage, members });
    const modelAliases = () => this.#names.aliases;
    const { requests: joinRequests } = this.#joining;
    const nameModels: NameModels = (asked) => namedExplanation(this.#names, asked, OWN_CALLER);
    const address = () => this.#address ?? config.server;
    const channels = () => this.#replicas?.count ?? 0;
    const cluster = clusterOperations({ ...options, port: options.cluster?.port, address, channels });
    this.pool = new SchedulerPool({ pool, jobs: this.jobs, retry, joinRequests, cluster, modelAliases, nameModels, ...histories });
    this.trust = this.#openTrust();
    members.attachConnections(this.#connections);
    addGauges(metrics, pool.views, this.#nodes, this.#streams);
  }

  async listen({ app, rendererDir }: ListenOptions): Promise<Result<Listening, SchedulerFailure>> {
    const { config, clock, logger, databaseFile } = this.#options;
    const { host, maxConnectionsPerAddress } = config.server;
    const { abuse } = this.#components;
    // In turns of the event loop: a member that begins to lead has connections already.
    const files = loadStaticFiles(rendererDir);
    await ownTurn();
    const routes = this.#routes(app);
    await ownTurn();
    const server = createHttpServer({
      accessPolicy: this.#accessPolicy(),
      loopback: loopbackPolicyOf(config.server),
      members: this.members,
      usage: this.#usage,
      wrongTokens: this.#wrongTokens,
      audit: this.#components.audit,
      routes,
      files,
      logger,
      limits: { maxConnectionsPerAddress, unfinished: this.#unfinished, abuse },
    });
    server.server.on('upgrade', this.#joining.upgradeOr(this.#nodes.endpoint.upgrade));
    await ownTurn();
    const listener = await (this.#options.cluster?.openListener ?? openListener)({
      server,
      config: config.server,
      dataDir: path.dirname(databaseFile),
      ...{ clock, logger, abuse },
    });
    if (!listener.ok) return listener;
    this.#listener = listener.value;
    const { port, certificate } = listener.value;
    const listening = {
      url: urlOf(host, port, certificate?.publicName ?? null),
      host,
      port,
      pin: certificate?.pin ?? null,
      secure: certificate !== null,
    };
    // Clients verify the name of a certificate of the owner.
    this.#address = { host: certificate?.publicName ?? host, port, secure: listening.secure, pin: listening.pin };
    logger.log('info', 'scheduler_listening', { ...listening, certificate_name: certificate?.publicName ?? null });
    listener.value.releaseLog();
    await openOllamaPort(listener.value, config.server, logger);
    this.#openJobs.jobs.start();
    this.#sweeper.start();
    this.#components.histories.history.start();
    this.members.owner.watch();
    this.#nodes.endpoint.start();
    this.#joining.start(listening);
    const leaderBus = this.#options.cluster?.replicas;
    if (leaderBus !== undefined) {
      this.#replicas = await openForwarding(leaderBus, {
        server: server.server,
        nodes: this.#nodes.forwarded,
        joining: this.#joining.open,
        followed: this.#followed,
        jobs: this.#openJobs.jobs,
        stats: this.#components.stats,
        background: { responses: this.#responses, usage: this.#usage, clock, pool: this.#pool.views, members: this.members },
      });
    }
    this.#stopLog = logPerformance({ clock, logger, stats: this.#components.stats, countByStatus: () => this.#pool.views.countByStatus() });
    return ok(listening);
  }

  configure({ scheduler }: MusterConfig): void {
    this.#pool.configure(dispatchSettingsOf(scheduler));
    this.#openJobs.jobs.configure(jobSettingsOf(scheduler));
    this.#usage.configure(usageSettingsOf(scheduler));
    this.#names.configure(scheduler.openai.modelAliases);
    this.#responses.configure(scheduler.openai);
  }

  address(): PoolAddress | null {
    return this.#address;
  }

  stopSoon(): void {
    this.#responses.stopSoon();
  }

  async stop(): Promise<void> {
    this.#stopLog();
    this.#components.abuse.stop();
    this.#sweeper.stop();
    this.members.owner.stop();
    // First, while the nodes are still connected and can cancel the jobs of open requests.
    const responsesStopped = this.#responses.stop();
    await this.#openJobs.jobs.flush();
    const nodesStopped = this.#nodes.endpoint.stop();
    this.#pool.stopEvents();
    await Promise.all([responsesStopped, nodesStopped, this.#joining.stop(), stopStreams(this.#streams)]);
    this.#followed.stop();
    this.#replicas?.stop();
    await this.#listener?.close();
    await this.#openJobs.close();
    await this.#pool.writeAllChanges();
    await this.#components.histories.history.stop();
    this.#components.histories.usage.stop();
    this.#components.meter.stop();
    await this.#components.databases.close();
  }

  #openJoining(): Joining {
    return new Joining({
      ...this.#options,
      abuse: this.#components.abuse,
      access: this.#accessPolicy(),
      host: this.#options.config.server.host,
      isAnnounced: this.#options.config.server.announce,
      credentials: newcomerCredentials(this.members.admissions),
      offer: announcedOffer(this.#pool.views, this.#options.clock),
      knownNames: () => this.#pool.views.nodes().map(({ name }) => name),
    });
  }

  #openTrust(): SchedulerTrust {
    return new SchedulerTrust({
      members: this.members,
      meter: this.#components.meter,
      audit: this.#components.audit,
      joinRequests: this.#joining.requests,
      pool: this.pool,
      address: () => this.#address,
      access: { connections: this.#connections, jobs: this.jobs },
    });
  }

  async #flushAll(): Promise<void> {
    await this.#pool.writeAllChanges();
    await this.#openJobs.jobs.flush();
    // Resolves after the changes, which were written before.
    await this.#components.databases.nodes.write([]);
  }

  #accessPolicy(): AccessPolicy {
    const { server } = this.#options.config;
    return accessPolicyOf(server.host, hostname(), server.allowedHosts, server);
  }

  #routes(app: AppApi | null): readonly Route[] {
    return schedulerRoutes({
      ...this.#options,
      ...{ app, nodePool: this.#pool, poolName: hostname(), place: this },
      pool: this.pool,
      jobs: this.jobs,
      usage: this.#usage,
      members: this.members,
      trust: this.trust,
      wrongTokens: this.#wrongTokens,
      joinRequests: this.#joining.requests,
      audit: this.#components.audit,
      streams: this.#streams,
      responses: this.#responses,
      names: this.#names,
      metrics: this.#components.metrics,
      makeBackup: backupsOf(this.#options, this.#components.databases, this.#flushAll.bind(this)).make,
    });
  }
}
