// The table of all routes of a scheduler.
import type { Registry } from 'prom-client';
import type { AppApi } from '../../../shared/api/app-api';
import type { JoinRequests } from '../../contracts/ports';
import type { KeyTrust } from './member-keys';
import type { Clock } from '../../platform/clock';
import type { MusterConfig } from '../../platform/config/config';
import type { JobsPort } from '../jobs/jobs-port';
import type { AuditLog } from '../members/audit-log';
import type { KeyUsage } from '../members/key-usage';
import type { WrongTokens } from '../access/wrong-tokens';
import type { Members } from '../members/members';
import type { Pool } from '../pool/pool';
import type { SchedulerPool } from '../pool/pool-port';
import { appRoutes } from './app-routes';
import { backupRoute, type MakeBackup } from './backup-route';
import { clusterRoutes } from './cluster-routes';
import { historyRoutes } from './history-routes';
import { jobRoutes } from './job-routes';
import { joinRoutes } from './join-routes';
import { type MemberRouteOptions, memberRoutes } from './member-routes';
import type { OpenStreams } from './open-streams';
import { nodeRoutes } from './node-routes';
import type { ModelNames } from './client-apis/model-names';
import { messagesRoutes } from './client-apis/messages-routes';
import { responsesRoutes } from './client-apis/responses-routes';
import { ollamaRoutes } from './client-apis/ollama-routes';
import { openAiRoutes } from './openai/openai-routes';
import type { ResponseStreams } from './openai/response-streams';
import { openApiDocument } from './openapi';
import { poolRoutes } from './pool-routes';
import { proofRoute } from './proof-route';
import type { Route } from './route';
import { usageRoutes } from './usage-routes';
import { serverRoutes } from './server-routes';

export interface SchedulerRouteOptions {
  /** Null: this program has no app. */
  readonly app: AppApi | null;
  readonly config: MusterConfig;
  readonly clock: Clock;
  readonly version: string;
  readonly nodePool: Pool;
  /** The name for people. */
  readonly poolName: string;
  readonly pool: SchedulerPool;
  readonly jobs: JobsPort;
  readonly usage: KeyUsage;
  readonly members: Members;
  readonly trust: KeyTrust;
  readonly place: MemberRouteOptions['place'];
  readonly wrongTokens: Pick<WrongTokens, 'count'>;
  readonly joinRequests: JoinRequests;
  readonly audit: AuditLog;
  readonly streams: OpenStreams;
  readonly responses: ResponseStreams;
  readonly names: ModelNames;
  readonly metrics: Registry;
  readonly makeBackup: MakeBackup;
}

export function schedulerRoutes(options: SchedulerRouteOptions): readonly Route[] {
  const { app, config, clock, version, nodePool, jobs, usage, members, audit, streams, responses, names } = options;
  const { maxBodyBytes, ollamaPort } = config.server;
  const nodeOf: Members['nodeOf'] = (principal) => members.nodeOf(principal);
  const clientApis = { responses, names, usage, jobs, pool: nodePool.views, dispatcher: nodePool.dispatcher, clock, maxBodyBytes };
  let document: Promise<object> | null = null;
  const routes: readonly Route[] = [
    ...nodeRoutes({ nodePool, pool: options.pool, joinRequests: options.joinRequests, nodeOf, usage, streams, names }),
    ...jobRoutes({ jobs, pool: options.pool, nodeOf, usage, streams: streams.jobs, maxBodyBytes, names }),
    ...openAiRoutes(clientApis),
    ...messagesRoutes(clientApis),
    ...responsesRoutes(clientApis),
    ...ollamaRoutes(clientApis),
    ...(app === null ? [] : appRoutes({ app, usage, streams: streams.pool, audit, joinRequests: options.joinRequests })),
    ...joinRoutes(options.joinRequests),
    ...memberRoutes({ members, usage, trust: options.trust, poolName: options.poolName, place: options.place }),
    ...poolRoutes(options),
    ...historyRoutes(options.pool),
    ...usageRoutes({ pool: options.pool, nodeOf }),
    backupRoute(options.makeBackup),
    ...clusterRoutes(options.pool),
    proofRoute({ members, identities: nodePool.identities, wrongTokens: options.wrongTokens }),
    ...serverRoutes({
      version,
      clock,
      metrics: options.metrics,
      ollamaPort,
      openApi: () => (document ??= openApiDocument(routes, version)),
    }),
  ];
  return routes;
}
