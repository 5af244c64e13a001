// A scheduler that listens, with the dashboard on the same port.
import { hostname, networkInterfaces } from 'node:os';
import path from 'node:path';
import type { AppInfo } from '../../shared/api/app-state';
import { ok, type Result } from '../../shared/result';
import { AppService } from '../app-api/app-service';
import type { AgentPort, SettingsPort } from '../contracts/ports';
import { lanHosts } from '../hosting/core/lan-urls';
import { examineOwnNetwork } from '../joining/network-doctor';
import { systemClock } from '../platform/clock';
import { platformName } from '../platform/platform-name';
import type { RecentLines } from '../platform/recent-lines';
import { CA_FILE } from '../trust/ca-file';
import { version as VERSION } from '../../../package.json';
import {
  type Listening,
  type OpenScheduler,
  openScheduler,
  type SchedulerFailure,
  type SchedulerOptions,
} from '../scheduler/open-scheduler';
import type { CliIo } from './command';
import { servedView } from './core/served-view';
import { headlessLogs } from './headless-logs';
import type { Settings } from './settings';

/** What the dashboard shows beside the pool. */
export interface DashboardParts {
  /** The agent in the same process; null when there is none. */
  readonly agent: AgentPort | null;
  readonly settings: SettingsPort;
  readonly recent: RecentLines;
}

export interface Served {
  readonly scheduler: OpenScheduler;
  readonly listening: Listening;
  stop(): Promise<void>;
}

/** Opens the scheduler and makes it listen. `options`: those that the settings do not have. */
export async function openServed(
  settings: Settings,
  io: CliIo,
  { agent, settings: live, recent }: DashboardParts,
  options: Pick<SchedulerOptions, 'logger' | 'ownerKey'> & Partial<SchedulerOptions>,
): Promise<Result<Served, SchedulerFailure>> {
  const { config, paths } = settings;
  const opened = await openScheduler({ config, databaseFile: paths.databaseFile, clock: systemClock, version: VERSION, ...options });
  if (!opened.ok) return opened;
  const scheduler = opened.value;
  const app = new AppService({
    info: headlessInfo(),
    served: servedHere(scheduler, settings),
    clock: systemClock,
    logger: options.logger,
    agent,
    settings: live,
    ...headlessLogs(recent, agent !== null, options.ownerKey),
    pool: scheduler.pool,
    trust: scheduler.trust,
    lanHosts: () => lanHosts(networkInterfaces()),
    examineNetwork: () => examineOwnNetwork(config.server, null),
  });
  const stop = async (): Promise<void> => {
    app.close();
    await scheduler.stop();
  };
  const listening = await scheduler.listen({ app, rendererDir: io.rendererDir });
  if (listening.ok) return ok({ scheduler, listening: listening.value, stop });
  await stop();
  return listening;
}

const servedHere =
  (scheduler: OpenScheduler, { config, paths }: Settings) =>
  () =>
    servedView(scheduler.address(), {
      server: config.server,
      lanHosts: lanHosts(networkInterfaces()),
      caFile: path.join(paths.dataDir, CA_FILE),
      caPem: scheduler.ca(),
    });

const headlessInfo = (): AppInfo => ({
  version: VERSION,
  mode: 'headless',
  platform: platformName(),
  hostname: hostname(),
  can_host: false,
  can_join: false,
  in_pool_at_start: false,
});
