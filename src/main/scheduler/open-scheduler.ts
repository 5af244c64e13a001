// Builds the scheduler from its parts: database, pool, jobs, node socket, HTTP server and timers. The parts contain the behaviour.
import { hostname } from 'node:os';
import { isIP } from 'node:net';
import path from 'node:path';
import { Registry } from 'prom-client';
import type { AppApi } from '../../shared/api/app-api';
import { isLoopbackHost, localHostOf } from '../../shared/loopback';
import { fail, ok, type Result } from '../../shared/result';
import type { IssueCredential, PoolPort } from '../contracts/ports';
import type { Clock } from '../platform/clock';
import type { MusterConfig } from '../platform/config/config';
import type { Logger } from '../platform/logger';
import { NodeSession } from './node-socket/node-session';
import { type OpenJobs, openJobs } from './pool/open-jobs';
import type { JobsPort } from './jobs/jobs-port';
import { logPerformance } from './pool/performance-log';
import { dispatchPolicyOf, lifecyclePolicyOf } from './nodes/core/policies';
import { SchedulerPool } from './pool/pool-port';
import { Pool } from './pool/pool';
import { SchedulerStats } from './nodes/scheduler-stats';
import { type AccessPolicy, accessPolicyOf } from './access/access-policy';
import type { AccessTokens } from './access/bearer';
import { appRoutes } from './api/app-routes';
import { EventStreams } from './api/event-streams';
import { createHttpServer } from './api/http-server';
import { jobRoutes } from './api/job-routes';
import { joinRoutes } from './api/join-routes';
import type { ListenFailure } from './api/listen-failure';
import { addGauges, type OpenStreams } from './api/metrics';
import { NodeEndpoint } from './node-socket/node-endpoint';
import { nodeRoutes } from './api/node-routes';
import { ResponseStreams } from './api/openai/response-streams';
import { openAiRoutes } from './api/openai/openai-routes';
import { openApiDocument } from './api/openapi';
import type { Route } from './api/route';
import { serverRoutes } from './api/server-routes';
import { loadStaticFiles } from './api/static-files';
import type { DatabaseFailure } from './database/database-failure';
import { openDatabase } from './database/open-database';
import { SqliteNodeStore } from './nodes/sqlite-node-store';
import { Joining, joinTokenIssuer } from './open-joining';
import { type Listener, openListener } from './open-listener';
import { Sweeper } from './pool/sweeper';

export interface SchedulerOptions {
  readonly config: MusterConfig;
  readonly databaseFile: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly version: string;
  /** `join`: required of nodes; null: every node may join. The others are required of clients, unless the server is bound to loopback. */
  readonly tokens: AccessTokens & { readonly join: string | null };
  /** Creates the credentials of computers that join by digits. Default: the join token. */
  readonly issueCredential?: IssueCredential;
}

/** Why the scheduler did not start. The dashboard and the command line translate the code. */
export type SchedulerFailure = DatabaseFailure | ListenFailure;

export interface Listening {
  /** The address for clients on this machine. */
  readonly url: string;
  readonly host: string;
  readonly port: number;
  /** The pin of the CA, for clients on other computers. Null on loopback, and with a certificate of the owner. */
  readonly pin: string | null;
  /** Whether clients on other computers use TLS. */
  readonly secure: boolean;
}

export interface ListenOptions {
  /** Served to the renderer over HTTP; null: this program has no app. */
  readonly app: AppApi | null;
  /** The folder of the built renderer. Without a build, `/` answers how to make one. */
  readonly rendererDir: string | null;
}

export interface OpenScheduler {
  readonly pool: PoolPort;
  readonly jobs: JobsPort;
  /** Called once. Serves node sockets and HTTP on one port, and starts the deadlines. */
  listen(options: ListenOptions): Promise<Result<Listening, SchedulerFailure>>;
  /** Called before the nodes of this program disconnect. Waiting clients get an error, and new requests are refused. */
  stopSoon(): void;
  /** Disconnects nodes and clients, writes pending changes, and closes the database. */
  stop(): Promise<void>;
}

/** Opens the database and restores the nodes. A database that cannot be used is an error, and stays unchanged. */
export function openScheduler(options: SchedulerOptions): Promise<Result<OpenScheduler, SchedulerFailure>> {
  const { config, clock, logger, version, databaseFile } = options;
  const opened = openDatabase(databaseFile);
  if (!opened.ok) return Promise.resolve(opened);
  const store = new SqliteNodeStore(opened.value);
  const stored = store.load(databaseFile);
  if (!stored.ok) {
    store.close();
    return Promise.resolve(stored);
  }
  const metrics = new Registry();
  const stats = new SchedulerStats(metrics);
  const pool = new Pool({
    policy: lifecyclePolicyOf(config.scheduler),
    dispatchPolicy: dispatchPolicyOf(config),
    statusPushIntervalMs: config.scheduler.statusPushIntervalSeconds * 1000,
    maxMessageBytes: config.server.maxMessageBytes,
    store,
    clock,
    logger,
    version,
    stats,
  });
  for (const node of stored.value) pool.restore(node);
  const jobs = openJobs({ pool, config: config.scheduler, nodesFile: databaseFile, metrics, clock, logger });
  if (!jobs.ok) {
    store.close();
    return Promise.resolve(jobs);
  }
  return Promise.resolve(ok(new Service(options, { store, pool, jobs: jobs.value, metrics, stats })));
}

/** Streams to dashboards and to programs that watch the pool. */
const MAX_POOL_STREAMS = 64;
/** Streams of single jobs. They have a separate limit, so that they cannot exclude dashboards. */
const MAX_JOB_STREAMS = 256;

interface ServiceComponents {
  readonly store: SqliteNodeStore;
  readonly pool: Pool;
  readonly jobs: OpenJobs;
  readonly metrics: Registry;
  readonly stats: SchedulerStats;
}

class Service implements OpenScheduler {
  readonly pool: PoolPort;
  readonly jobs: JobsPort;
  readonly #options: SchedulerOptions;
  readonly #store: SqliteNodeStore;
  readonly #pool: Pool;
  readonly #openJobs: OpenJobs;
  readonly #metrics: Registry;
  readonly #stats: SchedulerStats;
  readonly #sweeper: Sweeper;
  readonly #streams: OpenStreams;
  readonly #responses: ResponseStreams;
  readonly #endpoint: NodeEndpoint;
  readonly #joining: Joining;
  #listener: Listener | null = null;
  #stopLog: () => void = () => undefined;

  constructor(options: SchedulerOptions, { store, pool, jobs, metrics, stats }: ServiceComponents) {
    this.#options = options;
    this.#store = store;
    this.#pool = pool;
    this.#stats = stats;
    this.#openJobs = jobs;
    this.jobs = jobs.jobs;
    this.#metrics = metrics;
    this.pool = new SchedulerPool(pool, jobs.jobs);
    const { config, clock, logger, tokens } = options;
    this.#sweeper = new Sweeper({
      pool,
      clock,
      logger,
      policy: lifecyclePolicyOf(config.scheduler),
      scanIntervalMs: config.scheduler.nodeHealth.periodicScanIntervalSeconds * 1000,
      pushesStatus: config.scheduler.statusPushIntervalSeconds > 0,
    });
    this.#streams = { pool: new EventStreams(clock, MAX_POOL_STREAMS), jobs: new EventStreams(clock, MAX_JOB_STREAMS) };
    this.#responses = new ResponseStreams({
      jobs: this.jobs,
      pool: pool.views,
      clock,
      busyTimeoutMs: config.scheduler.openai.busyTimeoutSeconds * 1000,
    });
    this.#endpoint = new NodeEndpoint({
      access: this.#accessPolicy(),
      joinToken: tokens.join,
      maxMessageBytes: config.server.maxMessageBytes,
      registrationTimeoutMs: config.server.registrationTimeoutSeconds * 1000,
      clock,
      logger,
      stats,
      openSession: (link) => new NodeSession({ pool, liveness: this.#sweeper, stats }, link),
    });
    this.#joining = new Joining({
      access: this.#accessPolicy(),
      isAnnounced: config.server.announce,
      issueCredential: options.issueCredential ?? joinTokenIssuer(tokens.join, logger),
      knownNames: () => pool.views.nodes().map(({ name }) => name),
      clock,
      logger,
    });
    addGauges(metrics, pool.views, this.#endpoint, this.#streams);
  }

  async listen({ app, rendererDir }: ListenOptions): Promise<Result<Listening, SchedulerFailure>> {
    const { config, clock, logger, tokens } = this.#options;
    const { host, allowOpenLan } = config.server;
    if (!this.#accessPolicy().isLoopback && tokens.join === null && !allowOpenLan)
      return fail({ code: 'JOIN_TOKEN_REQUIRED', details: { host } });
    const routes = this.#routes(app);
    const files = loadStaticFiles(rendererDir);
    const server = createHttpServer({ accessPolicy: this.#accessPolicy(), tokens, routes, files, logger });
    server.server.on('upgrade', this.#joining.upgradeOr(this.#endpoint.upgrade));
    const dataDir = path.dirname(this.#options.databaseFile);
    const listener = await openListener({ server, config: config.server, dataDir, clock, logger });
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
    logger.log('info', 'scheduler_listening', { ...listening, certificate_name: certificate?.publicName ?? null });
    listener.value.releaseLog();
    this.#openJobs.jobs.start();
    this.#sweeper.start();
    this.#endpoint.start();
    this.#joining.start(listening);
    this.#stopLog = logPerformance({ clock, logger, stats: this.#stats, countByStatus: () => this.#pool.views.countByStatus() });
    return ok(listening);
  }

  stopSoon(): void {
    this.#responses.stopSoon();
  }

  async stop(): Promise<void> {
    this.#stopLog();
    this.#sweeper.stop();
    // First, while the nodes are still connected and can cancel the jobs of open requests.
    const responsesStopped = this.#responses.stop();
    this.#openJobs.jobs.flush();
    this.#endpoint.stop();
    this.#pool.stopEvents();
    await Promise.all([responsesStopped, this.#joining.stop(), this.#streams.pool.stop(), this.#streams.jobs.stop()]);
    await this.#listener?.close();
    this.#openJobs.close();
    this.#pool.writeChanges({ all: true });
    this.#store.close();
  }

  #accessPolicy(): AccessPolicy {
    const { host, allowedHosts, plainHttpApi } = this.#options.config.server;
    return accessPolicyOf(host, hostname(), allowedHosts, { plainHttpApi });
  }

  #routes(app: AppApi | null): readonly Route[] {
    const { config, clock, version } = this.#options;
    const routes: readonly Route[] = [
      ...nodeRoutes(this.#pool, this.pool, this.#streams.pool),
      ...joinRoutes(this.#joining.requests),
      ...jobRoutes(this.jobs, this.#streams.jobs, config.server.maxBodyBytes),
      ...openAiRoutes({
        responses: this.#responses,
        jobs: this.jobs,
        pool: this.#pool.views,
        clock,
        maxBodyBytes: config.server.maxBodyBytes,
        queueTimeoutSeconds: config.scheduler.openai.queueTimeoutSeconds,
      }),
      ...(app === null ? [] : appRoutes(app, this.#streams.pool)),
      ...serverRoutes({ version, clock, metrics: this.#metrics, openApi: () => openApiDocument(routes, version) }),
    ];
    return routes;
  }
}

/** A server on all addresses is reached over loopback, where connections are plain. */
function urlOf(host: string, port: number, publicName: string | null): string {
  const local = localHostOf(host);
  if (isLoopbackHost(local)) return `http://${bracketed(local)}:${String(port)}`;
  return `https://${bracketed(publicName ?? local)}:${String(port)}`;
}

const bracketed = (host: string): string => (isIP(host) === 6 ? `[${host}]` : host);
