// The pool that this computer hosts, by the state of its scheduler. Pure.
import { isLoopbackUrlHost } from '../loopback';
import type { AppState, HostView } from './app-state';

/** Whether the scheduler runs on this computer. */
export const isOnThisComputer = (schedulerUrl: string): boolean =>
  URL.canParse(schedulerUrl) && isLoopbackUrlHost(new URL(schedulerUrl).hostname);

export type StoppedHost = HostView & { readonly state: 'failed' | 'restarting' };
/** Also one that starts, before this computer is in its pool. */
export type AwaitedHost = StoppedHost | (HostView & { readonly state: 'starting' });

type HostSource = Pick<AppState, 'agent' | 'host'>;

/** The scheduler that this computer hosts and whose pool it is in. Null: it hosts none, or is in the pool of another computer. */
export function ownHostOf({ agent, host }: HostSource): HostView | null {
  if (host === null || host.state === 'stopped') return null;
  if (agent === null || agent.link.state === 'idle') return host;
  return isOnThisComputer(agent.link.scheduler_url) ? host : null;
}

/** Whether this computer is in the pool of another one: to start its own pool is to leave that one. */
export const isInOtherPool = (app: HostSource): boolean => app.agent !== null && app.agent.link.state !== 'idle' && ownHostOf(app) === null;

/** The own scheduler while it does not run because of a fault or a restart. */
export function stoppedHostOf(app: HostSource): StoppedHost | null {
  const host = ownHostOf(app);
  return host !== null && isStopped(host) ? host : null;
}

/** The same, or the own scheduler that starts, while it is the cause of the missing link: the state of the link only follows from it. */
export function causeOfLoss(app: HostSource): AwaitedHost | null {
  const link = app.agent?.link.state ?? 'idle';
  if (link === 'connected' || link === 'refused') return null;
  return link === 'idle' && app.host !== null && isStarting(app.host) ? app.host : stoppedHostOf(app);
}

/**
 * This computer has a pool, but no state of it yet: the own scheduler does not run or has not answered, or the first connection is not
 * made.
 */
export const isPoolAwaited = (app: HostSource & Pick<AppState, 'pool'>): boolean =>
  app.pool === null && (ownHostOf(app) !== null || ['connecting', 'reconnecting'].includes(app.agent?.link.state ?? 'idle'));

const isStarting = (host: HostView): host is HostView & { readonly state: 'starting' } => host.state === 'starting';

const isStopped = (host: HostView): host is StoppedHost => host.state === 'failed' || host.state === 'restarting';

/** Whether the scheduler comes up: it was started, or starts again with other settings or after a fault. */
export const comesUp = ({ state }: Pick<HostView, 'state'>): boolean => state === 'starting' || state === 'restarting';
