// Opens a scheduler from the settings and makes it listen, with the dashboard on the same port.
import { networkInterfaces } from 'node:os';
import { httpUrlOf } from '../../shared/api/join-link';
import { fail, ok, type Result } from '../../shared/result';
import { lanHosts } from '../hosting/core/lan-urls';
import { systemClock } from '../platform/clock';
import type { Logger } from '../platform/logger';
import type { Listening, OpenScheduler } from '../scheduler/open-scheduler';
import { isEveryAddress, isLoopbackHost } from '../../shared/loopback';
import { caFingerprintOf } from '../trust/verify-chain';
import type { CliIo } from './command';
import type { StartFailure } from './daemon';
import { messageContextOf } from './core/message-context';
import { dashboardLinksOf, type StartedDashboard } from './dashboard-link';
import { inviteLinksOn } from './invite-link';
import { loadOwnerKey, removeOldTokens } from './owner-key';
import { type DashboardParts, openServed } from './open-served';
import { publishAddress } from './running-scheduler';
import type { Settings } from './settings';
import { type StartedScheduler, startFailure } from './started-scheduler';

/** `stop` aborts the wait for the database of a cluster. */
export async function startScheduler(
  settings: Settings,
  io: CliIo,
  logger: Logger,
  parts: DashboardParts,
  stop: AbortSignal,
): Promise<Result<StartedScheduler, StartFailure>> {
  const { config, paths } = settings;
  // Loaded on demand: a scheduler alone needs no driver of a database.
  if (config.cluster !== null)
    return (await import('./start-cluster-member')).startClusterMember(settings, config.cluster, { io, logger, parts }, stop);
  const owner = await loadOwnerKey(paths, systemClock);
  if (!owner.ok) return owner;
  const { logLines, current: ownerKey, follow: followOwnerKey, replacesJoinToken } = owner.value;
  const served = await openServed(settings, io, parts, { logger, ownerKey });
  if (!served.ok) return fail(startFailure(served.error));
  const { scheduler, listening } = served.value;
  const unpublish = await publishAddress(paths.dataDir, { host: config.server.host, port: listening.port });
  for (const [level, event, fields] of logLines) logger.log(level, event, fields);
  const { url } = listening;
  if (config.server.allowOpenLan) logger.log('warn', 'open_lan', { host: config.server.host });
  if (!isLoopbackHost(config.server.host)) {
    logReachable(logger, listening, { listeningHost: config.server.host, program: messageContextOf(io.env).program });
    if (replacesJoinToken) {
      await sayJoinAgain(scheduler, io, logger);
      removeOldTokens(paths);
    }
  }
  return ok({
    url,
    pin: url.startsWith('https:') ? listening.pin : null,
    ownerKey: ownerKey(),
    followOwnerKey,
    configure: scheduler.configure.bind(scheduler),
    dashboard: dashboardOf(scheduler, url),
    stopSoon: scheduler.stopSoon.bind(scheduler),
    stop: async () => {
      unpublish();
      await served.value.stop();
    },
  });
}

function dashboardOf(scheduler: OpenScheduler, baseUrl: string): StartedDashboard {
  const { secret, endsAtWallMs } = scheduler.members.issueCode(null);
  const [address, ca] = [scheduler.address(), scheduler.ca()];
  const caFingerprint = ca === null ? null : caFingerprintOf(ca);
  return { links: dashboardLinksOf({ baseUrl, address, caFingerprint, lanHosts: lanHosts(networkInterfaces()) }, secret), endsAtWallMs };
}

/** Said once: the shared join token of an earlier version is gone. Ids and history of the nodes stay. */
async function sayJoinAgain(scheduler: OpenScheduler, io: CliIo, logger: Logger): Promise<void> {
  const { program } = messageContextOf(io.env);
  logger.log('warn', 'nodes_must_join_again', { fix: `${program} invite, then ${program} join "LINK" on each computer` });
  const invite = await scheduler.members.invitations.create({
    name: null,
    roles: ['node'],
    models: null,
    expires_in_seconds: DAY_SECONDS,
    uses: MANY_NODES,
  });
  const address = scheduler.address();
  if (!invite.ok || address === null) return;
  const { link } = inviteLinksOn(address, invite.value.key);
  io.err(`The join token of the earlier version is no longer valid. Each computer joins again, with: ${program} join "${link}"\n`);
}

const DAY_SECONDS = 86_400;
const MANY_NODES = 1000;

/** Logs how another computer joins: the addresses of this computer and the command. */
function logReachable(
  logger: Logger,
  { port }: Listening,
  { listeningHost, program }: { readonly listeningHost: string; readonly program: string },
): void {
  const [first = 'HOST', ...others] = isEveryAddress(listeningHost) ? lanHosts(networkInterfaces()) : [listeningHost];
  const target = { port, secure: true, token: null, pin: null };
  logger.log('info', 'reachable_at', { urls: [first, ...others].map((host) => httpUrlOf({ ...target, host })), join: `${program} invite` });
}
