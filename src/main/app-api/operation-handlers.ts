// The operations of AppApi as one table: the service that each one calls. The params are decoded already.
import type { JoinStep, OperationName, Outcome } from '../../shared/api/app-api';
import { MAX_LISTED_MODELS } from '../../shared/api/pool-models';
import type { RememberedPoolView } from '../../shared/api/remembered-pools';
import { ok } from '../../shared/result';
import { notAvailableHere } from '../contracts/app-errors';
import { appFailuresOf } from './core/job-views';
import type { ConnectionTester } from '../scheduler-client/connection-test';
import type { NetworkReport } from '../../shared/api/network-report';
import type { DesktopPort } from '../contracts/desktop-port';
import type { AgentPort, Done, HostSettings, NearbyPort, OpenedLinkPort, PoolPort, SettingsPort } from '../contracts/ports';
import type { UpdatePort } from '../contracts/update-port';
import { agentHandlers } from './agent-handlers';
import { diagnosticsHandlers, type DiagnosticsHandlersOptions } from './diagnostics-handlers';
import { gpuHandlers } from './gpu-handlers';
import { jobHandlers, type JobHandlersOptions } from './job-handlers';
import type { OperationHandlers } from './operation-types';
import { EMPTY, emptied, mapped } from './outcomes';
import { ownModelHandlers } from './own-model-handlers';
import { settingWriter } from './setting-writer';
import { settingsHandlers } from './settings-handlers';
import { usageHandlers } from './usage-handlers';
import { updateHandlers } from './update-handlers';
import { trustHandlers, type TrustHandlersOptions } from './trust-handlers';

/** The pool of this computer: hosted, joined or none (`membership.ts`). */
export interface MembershipPort {
  host(settings: HostSettings): Promise<Done>;
  restartHost(): Promise<Done>;
  stopHosting(): Promise<Done>;
  join(address: { readonly address: string; readonly token?: string | undefined }): Promise<Done>;
  leave(): Done;
  pools(): readonly RememberedPoolView[];
  testPool(id: string): Promise<Outcome<readonly JoinStep[]>>;
  switchTo(id: string): Promise<Done>;
  forget(id: string): Done;
  /** Whether this computer is in a pool of others, or tries one. */
  isOfOthers(): boolean;
}

export interface OperationHandlersOptions extends TrustHandlersOptions, DiagnosticsHandlersOptions, JobHandlersOptions {
  readonly agent: AgentPort | null;
  readonly membership: MembershipPort | null;
  readonly canHost: boolean;
  readonly canJoin: boolean;
  readonly testConnection: ConnectionTester;
  /** Null: this program cannot join a pool of the network. */
  readonly nearby: NearbyPort | null;
  /** Null: no other program can open a link with this one. */
  readonly openedLink: OpenedLinkPort | null;
  /** Null: this program has no tray. */
  readonly desktop: DesktopPort | null;
  readonly examineNetwork: (() => Promise<NetworkReport>) | null;
  /** Null: this program is not the desktop app. */
  readonly update: UpdatePort | null;
  /** Null: this program has no settings of its own. */
  readonly settings: SettingsPort | null;
  /** The current pool. It changes while the program runs. */
  pool(): PoolPort | null;
}

export function operationHandlers(options: OperationHandlersOptions): OperationHandlers {
  const host = options.canHost ? options.membership : null;
  const join = options.canJoin ? options.membership : null;
  const { agent, membership, openedLink } = options;
  const write = settingWriter(agent, options.settings);
  return {
    ...agentHandlers(agent, () => membership?.isOfOthers() === true),
    ...gpuHandlers(agent, write),
    ...ownModelHandlers(agent, write),
    'host.start': async ({ scope, plain_http_api: plainHttpApi, announce }) => emptied(await host?.host({ scope, plainHttpApi, announce })),
    'host.restart': async () => emptied(await host?.restartHost()),
    'host.stop': async () => emptied(await host?.stopHosting()),
    'join.test': async (address) => (join === null ? notAvailableHere() : ok({ steps: await options.testConnection(address) })),
    'join.connect': async (address) => {
      const outcome = await join?.join(address);
      if (outcome?.ok === true) openedLink?.discard();
      return emptied(outcome);
    },
    'join.discard_link': () => {
      if (openedLink === null) return notAvailableHere();
      openedLink.discard();
      return EMPTY;
    },
    'desktop.set_look': (look) => {
      if (options.desktop === null) return notAvailableHere();
      options.desktop.setLook(look);
      return EMPTY;
    },
    'desktop.open_document': async ({ document }) => emptied(await options.desktop?.openDocument(document)),
    'join.leave': () => emptied(join?.leave()),
    'pools.list': () => (join === null ? notAvailableHere() : ok({ pools: [...join.pools()] })),
    'pools.test': async ({ pool_id }) => mapped(await join?.testPool(pool_id), (steps) => ({ steps: [...steps] })),
    'pools.switch': async ({ pool_id }) => emptied(await join?.switchTo(pool_id)),
    'pools.forget': ({ pool_id }) => emptied(join?.forget(pool_id)),
    ...nearbyHandlers(options),
    ...trustHandlers(options),
    ...settingsHandlers(options.settings),
    ...diagnosticsHandlers(options),
    ...updateHandlers(options.update),
    'pool.drain': ({ node_id, ...request }) => options.pool()?.drain(node_id, request) ?? notAvailableHere(),
    'pool.resume': ({ node_id }) => options.pool()?.resume(node_id) ?? notAvailableHere(),
    'pool.quarantine': ({ node_id, ...request }) => options.pool()?.quarantine(node_id, request) ?? notAvailableHere(),
    'pool.release': ({ node_id }) => options.pool()?.release(node_id) ?? notAvailableHere(),
    'pool.tag_node': ({ node_id, tags }) => options.pool()?.setTags(node_id, tags) ?? notAvailableHere(),
    'pool.remove': async ({ node_id }) => emptied(await options.pool()?.remove(node_id)),
    'pool.control_model': (act) => options.pool()?.controlModel(act) ?? notAvailableHere(),
    'pool.node': ({ node_id }) => options.pool()?.node(node_id) ?? notAvailableHere(),
    'pool.node_history': ({ node_id, range }) => options.pool()?.nodeHistory(node_id, range) ?? notAvailableHere(),
    'pool.models': async () => mapped(await options.pool()?.models(), (models) => ({ models: models.slice(0, MAX_LISTED_MODELS) })),
    'pool.nodes_with_model': ({ model }) => options.pool()?.nodesWithModel(model) ?? notAvailableHere(),
    'pool.explain': (requirements) => options.pool()?.explain(requirements) ?? notAvailableHere(),
    'pool.exclusions': () => options.pool()?.exclusions() ?? notAvailableHere(),
    'pool.reset_exclusions': async () => emptied(await options.pool()?.resetExclusions()),
    ...jobHandlers(options),
    'pool.totals': () => options.pool()?.totals() ?? notAvailableHere(),
    'pool.history': ({ range }) => options.pool()?.history(range) ?? notAvailableHere(),
    'pool.failures': async ({ limit }) => mapped(await options.pool()?.failures(limit), appFailuresOf),
    'pool.missing_models': () => options.pool()?.missingModels() ?? notAvailableHere(),
    ...usageHandlers(options),
    'pool.cluster': () => options.pool()?.cluster() ?? notAvailableHere(),
    'pool.step_down': async () => emptied(await options.pool()?.stepDown()),
  };
}

const nearbyHandlers = ({
  nearby,
  examineNetwork,
}: OperationHandlersOptions): Pick<OperationHandlers, Extract<OperationName, `nearby.${string}` | 'doctor.network'>> => ({
  'nearby.browse': () => {
    if (nearby === null) return notAvailableHere();
    nearby.browse();
    return EMPTY;
  },
  'nearby.join': ({ pool_id }) => emptied(nearby?.join(pool_id)),
  'nearby.confirm': ({ same }) => emptied(nearby?.confirm(same)),
  'nearby.cancel': () => {
    if (nearby === null) return notAvailableHere();
    nearby.cancel();
    return EMPTY;
  },
  'doctor.network': async () => (examineNetwork === null ? notAvailableHere() : ok(await examineNetwork())),
});
