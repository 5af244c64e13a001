// Opens a scheduler from the settings and makes it listen, with the dashboard on the same port.
import { networkInterfaces } from 'node:os';
import { assertNever } from '../../shared/assert-never';
import { httpUrlOf } from '../../shared/api/join-link';
import { fail, ok, type Result } from '../../shared/result';
import { lanHosts } from '../hosting/core/lan-urls';
import { systemClock } from '../platform/clock';
import type { Logger } from '../platform/logger';
import type { Listening, OpenScheduler, SchedulerFailure } from '../scheduler/open-scheduler';
import { isEveryAddress, isLoopbackHost } from '../../shared/loopback';
import type { CliIo } from './command';
import type { StartFailure } from './daemon';
import { messageContextOf } from './core/message-context';
import { EXIT } from './exit-code';
import { inviteLinksOn } from './invite-link';
import { dashboardLink } from './member-commands';
import { loadOwnerKey, type OwnerKey, removeOldTokens } from './owner-key';
import { type DashboardParts, openServed } from './open-served';
import { publishAddress } from './running-scheduler';
import type { Settings } from './settings';

export interface StartedScheduler {
  /** Address of the dashboard for a browser on this computer. */
  readonly url: string;
  /** Where the scheduler listens on an address of the network only; null: `url` is plain. */
  readonly pin: string | null;
  /** For the agent of the same process. */
  readonly ownerKey: string;
  /** Calls the listener with each new owner key. */
  readonly followOwnerKey: OwnerKey['follow'];
  readonly configure: OpenScheduler['configure'];
  /** A link that signs a browser in, once. */
  readonly dashboardLink: string;
  /** Announces the stop. Call it before the agent of the same process stops. */
  stopSoon(): void;
  stop(): Promise<void>;
}

export async function startScheduler(
  settings: Settings,
  io: CliIo,
  logger: Logger,
  parts: DashboardParts,
): Promise<Result<StartedScheduler, StartFailure>> {
  const { config, paths } = settings;
  // Loaded on demand: a scheduler alone needs no driver of a database.
  if (config.cluster !== null)
    return (await import('./start-cluster-member')).startClusterMember(settings, config.cluster, { io, logger, parts });
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
    dashboardLink: dashboardLink(url, scheduler.members.issueCode(null).secret),
    stopSoon: scheduler.stopSoon.bind(scheduler),
    stop: async () => {
      unpublish();
      await served.value.stop();
    },
  });
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

/** The message names the port or the file. */
export function startFailure({ code, details }: SchedulerFailure): StartFailure {
  return { exitCode: EXIT.failure, code, details, message: failureText({ code, details }) };
}

function failureText({ code, details }: SchedulerFailure): string {
  const address = `${String(details['host'])}:${String(details['port'])}`;
  const reason = details['reason'] === undefined ? '' : ` (${String(details['reason'])})`;
  switch (code) {
    case 'PORT_IN_USE':
      return `another program listens on ${address}; choose another port with --port or server.port`;
    case 'PORT_NOT_PERMITTED':
      return `this user may not listen on ${address}; choose a port above 1023 with --port or server.port`;
    case 'ADDRESS_NOT_AVAILABLE':
      return `this computer does not have the address ${String(details['host'])}`;
    case 'CERTIFICATE_UNUSABLE':
      return `the file ${String(details['file'])} cannot be used for TLS${reason}; the file was not changed`;
    case 'LISTEN_FAILED':
      return `cannot listen on ${address}${reason}`;
    case 'DATABASE_UNREADABLE':
      return `the database ${String(details['file'])} cannot be read${reason}; the file was not changed`;
    case 'DATABASE_TOO_NEW':
      return `the database ${String(details['file'])} was written by a newer version of Muster; the file was not changed`;
    case 'DATABASE_LOCKED':
      return `the database ${String(details['file'])} is in use, probably by another scheduler`;
    default:
      return assertNever(code);
  }
}
