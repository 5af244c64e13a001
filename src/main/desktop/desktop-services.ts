// Composes the services of the desktop app: the agent, the hosted scheduler, and AppApi over both. It contains no decisions.
import { hostname, networkInterfaces } from 'node:os';
import path from 'node:path';
import type { AppApi } from '../../shared/api/app-api';
import type { AppInfo, HostView } from '../../shared/api/app-state';
import { fail, ok, type Result } from '../../shared/result';
import { type Agent, openAgent } from '../agent/agent';
import type { AgentOpenError } from '../agent/agent-options';
import { agentSettings } from '../agent/agent-settings';
import { type AppChoice, ChoiceStore, firstChoice, settingsOf } from '../app-api/app-choice';
import { AppService } from '../app-api/app-service';
import { keptLine } from '../hosting/core/kept-line';
import { lanHosts } from '../hosting/core/lan-urls';
import { HostSupervisor } from '../hosting/host-supervisor';
import { NearbyJoiner } from '../joining/nearby-joiner';
import { examineOwnNetwork } from '../joining/network-doctor';
import { claimsOf } from '../joining/core/own-claims';
import { CA_FILE } from '../trust/ca-file';
import { followChosenPool } from '../app-api/chosen-pool';
import { OpenedLink } from '../app-api/opened-link';
import type { CreateInviteBody } from '../../shared/api/members';
import { JOIN_LINK_SECONDS, JOIN_LINK_USES } from '../../shared/api/own-pool';
import { RememberedPools } from '../app-api/remembered-pools';
import { poolSources } from '../app-api/pool-sources';
import { createConnectionTester } from '../scheduler-client/connection-test';
import { TrustClient } from '../scheduler-client/trust-client';
import { Membership } from '../app-api/membership';
import type { SaveFile } from '../contracts/saved-file';
import { desktopLogs } from './desktop-logs';
import { openDesktopSettings } from './desktop-settings';
import type { ShowPathDialog } from '../settings/choose-path';
import type { SpawnChild } from '../hosting/supervised-child';
import type { SpawnProbeChild } from '../hardware/probe/probe-child-process';
import { HardwareProber } from '../hardware/probe/prober';
import { parseSimulatedGpus, type SimulateGpuError } from '../hardware/decide/simulated';
import { systemClock } from '../platform/clock';
import type { ConfigSources, LoadedConfig } from '../platform/config/load-config';
import type { LineDestination } from '../platform/line-writer';
import type { LevelLogger } from '../platform/logger';
import type { MusterPaths } from '../platform/paths';
import { platformName } from '../platform/platform-name';
import { readToken } from '../platform/token-file';
import { version as VERSION } from '../../../package.json';
import type { LinkReceiver } from './outside-links';
import type { SystemSources } from './power';
import { openUpdates } from './open-updates';
import type { ShellState } from './shell-state';
import type { DesktopFlags } from './desktop-flags';

export interface DesktopServicesOptions {
  readonly loaded: LoadedConfig;
  readonly sources: ConfigSources;
  readonly paths: MusterPaths;
  readonly flags: DesktopFlags;
  readonly logger: LevelLogger;
  /** Keeps the output of the hosted scheduler. */
  readonly schedulerLog: LineDestination;
  /** Electron's `shell.openPath`. */
  readonly showFolder: (folder: string) => Promise<string>;
  readonly showPathDialog: ShowPathDialog;
  readonly saveFile: SaveFile;
  /** The tray, the notifications and the rest around the window. */
  readonly shell: ShellState;
  readonly spawnProbe: SpawnProbeChild;
  readonly system: SystemSources;
  /** Environment variables that only an unpacked app reads. */
  readonly unpackedEnv: (name: string) => string | null;
  readonly spawnScheduler: SpawnChild;
}

export interface DesktopServices {
  readonly api: AppApi;
  readonly agent: Agent;
  /** As `subscribe` of the API, without more frequent probes of the model servers. */
  readonly follow: AppApi['subscribe'];
  /** Shows a checked join link, which another program opened, or why a link is refused. */
  readonly linkReceiver: LinkReceiver;
  /** Probes the computer and applies the owner's choice of a pool. */
  readonly start: () => Promise<void>;
  /** Stops the agent with a graceful disconnect of at most `drainMs`, then the hosted scheduler. */
  readonly stop: (drainMs: number) => Promise<void>;
  /** After `stop`: installs the update for which the app quits. */
  readonly installUpdate: () => Promise<void>;
}

export type DesktopServicesError =
  | AgentOpenError
  | { readonly code: 'SIMULATE_GPU_INVALID'; readonly problem: SimulateGpuError['problem']; readonly item: string };

export async function openDesktopServices(options: DesktopServicesOptions): Promise<Result<DesktopServices, DesktopServicesError>> {
  const { paths, logger, loaded, shell } = options;
  const { config } = loaded;
  const opened = await openNode(options);
  if (!opened.ok) return opened;
  const { agent, prober } = opened.value;

  const readOwnerKey = (): Promise<string | null> => tokenIn(paths.adminTokenFile);
  const host = openHost(options, readOwnerKey);
  const { store, present, membership } = await openMembership(options, agent, host, readOwnerKey);
  const nearby = openNearby(agent, membership, logger);
  const openedLink = new OpenedLink();
  const updates = openUpdates(options);
  const settings = openDesktopSettings(options, agent, host, (desktop) => {
    shell.configure(desktop);
    updates.service.checkByItself(desktop.checkForUpdates);
  });
  const service = new AppService({
    info: appInfo(present, shell),
    clock: systemClock,
    logger,
    agent,
    host,
    membership,
    nearby,
    openedLink,
    update: updates.service,
    desktop: shell,
    settings: settings.service,
    ...desktopLogs({ paths, saveFile: options.saveFile, readOwnerKey }),
    saveFile: options.saveFile,
    lanHosts: () => lanHosts(networkInterfaces()),
    examineNetwork: async () => {
      const choice = await store.load();
      const joined = choice?.mode === 'joined_pool' ? choice.pool : null;
      return examineOwnNetwork(addressOf(host.view(), config.server.port), joined);
    },
  });
  const onName: Membership['named'] = (access, name) => {
    membership.named(access, name);
  };
  const stopFollowing = followChosenPool({
    agent,
    host,
    ...poolSources({ agent, readOwnerKey, onName, clock: systemClock, logger }),
    setPool: (source) => {
      service.show(source);
    },
  });

  return ok({
    api: service,
    agent,
    follow: (listener) => service.follow(listener),
    linkReceiver: openedLink,
    start: async () => {
      await Promise.all([settings.start(), agent.start(), membership.restore()]);
    },
    stop: async (drainMs) => {
      settings.stop();
      updates.service.close();
      await Promise.all([nearby.stop(), membership.stop()]);
      await agent.stop({ timeoutMs: drainMs });
      stopFollowing();
      service.close();
      await host.stop();
      prober.close();
    },
    installUpdate: updates.installIfDue,
  });
}

const openNearby = (agent: Agent, membership: Membership, logger: LevelLogger): NearbyJoiner =>
  new NearbyJoiner({
    claims: () => claimsOf(agent.view()),
    keep: (pool) => {
      membership.adopt(pool);
    },
    clock: systemClock,
    logger,
  });

/** The agent of this computer, with its hardware probe. */
async function openNode({
  loaded: { config },
  paths,
  spawnProbe,
  system,
  shell,
  logger,
}: DesktopServicesOptions): Promise<Result<{ readonly agent: Agent; readonly prober: HardwareProber }, DesktopServicesError>> {
  const simulated = config.agent.simulateGpu === null ? ok([]) : parseSimulatedGpus(config.agent.simulateGpu);
  if (!simulated.ok) return fail({ code: 'SIMULATE_GPU_INVALID', problem: simulated.error.problem, item: simulated.error.item });
  const prober = new HardwareProber({ spawnChild: spawnProbe, clock: systemClock, logger, simulated: simulated.value });
  const opened = await openAgent({
    ...agentSettings(config, paths),
    hardware: prober,
    ...system,
    clock: systemClock,
    logger,
    onJobFailed: (job) => {
      shell.jobFailed(job);
    },
  });
  return opened.ok ? ok({ agent: opened.value, prober }) : opened;
}

async function openMembership(
  { loaded: { config }, paths, logger }: DesktopServicesOptions,
  agent: Agent,
  host: HostSupervisor,
  readOwnerKey: () => Promise<string | null>,
): Promise<{ readonly store: ChoiceStore; readonly present: AppChoice; readonly membership: Membership }> {
  const store = new ChoiceStore(path.join(paths.stateDir, 'app.json'), logger);
  const configuredToken = config.agent.tokenFile === null ? null : await tokenIn(config.agent.tokenFile);
  const first = firstChoice(config.agent.schedulerUrl, configuredToken);
  const membership = new Membership({
    agent,
    others: config.agent.otherSchedulers,
    host,
    store,
    remembered: new RememberedPools(path.join(paths.stateDir, 'pools.json'), logger),
    first,
    readOwnerKey,
    testConnection: createConnectionTester(),
    clock: systemClock,
    logger,
  });
  const present = (await store.load()) ?? first;
  if (present.mode === 'host') host.expectStart(settingsOf(present));
  return { store, present, membership };
}

function openHost(options: DesktopServicesOptions, readOwnerKey: () => Promise<string | null>): HostSupervisor {
  const { paths, flags, logger } = options;
  const { config } = options.loaded;
  return new HostSupervisor({
    spawn: options.spawnScheduler,
    args: schedulerArgs(flags),
    configured: config.server,
    caFile: path.join(paths.dataDir, CA_FILE),
    clock: systemClock,
    logger,
    createInvitation: async (baseUrl) => {
      const created = await new TrustClient({ baseUrl, token: await readOwnerKey() }).createInvite(APP_INVITATION);
      return created.ok ? created.value.key : null;
    },
    interfaces: networkInterfaces,
    keepLine: (line) => {
      options.schedulerLog.write(keptLine(line, systemClock.wallMs()));
    },
  });
}

/** The child uses the same folders and the same configuration as this process. */
const schedulerArgs = ({ dataDir, configFile }: DesktopFlags): string[] => [
  ...(dataDir === null ? [] : ['--data-dir', dataDir]),
  ...(configFile === null ? [] : ['--config', configFile]),
];

const appInfo = (choice: AppChoice, { documents }: ShellState): AppInfo => ({
  version: VERSION,
  mode: 'desktop',
  platform: platformName(),
  hostname: hostname(),
  can_host: true,
  can_join: true,
  in_pool_at_start: choice.mode === 'host' ? choice.scope === 'lan' : choice.mode !== 'none',
  documents: [...documents.list()],
});

/** Where the hosted scheduler listens, or would listen: the scope is chosen in the app. */
const addressOf = ({ scope, url }: HostView, configuredPort: number) => ({
  host: scope === 'lan' ? '0.0.0.0' : '127.0.0.1',
  port: url === null ? configuredPort : Number(new URL(url).port),
});

/**
 * The join link of the app. The next start of the pool makes another one. Who shares a GPU with a pool
 * may use the pool, so the link permits both.
 */
const APP_INVITATION: CreateInviteBody = {
  name: null,
  roles: ['node', 'client'],
  models: null,
  uses: JOIN_LINK_USES,
  expires_in_seconds: JOIN_LINK_SECONDS,
};

async function tokenIn(file: string): Promise<string | null> {
  const token = await readToken(file);
  return token.ok ? token.value : null;
}
