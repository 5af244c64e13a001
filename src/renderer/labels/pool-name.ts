// The name of the pool that this computer is in: as the pool calls itself, else the host, else the address.
import type { AppState } from '../../shared/api/app-state';
import { addressOf } from './link-labels';
import { ownHostOf } from '../../shared/api/own-host';

/** Null: no pool. */
export function poolNameOf({ app, agent, host, pool }: Pick<AppState, 'app' | 'agent' | 'host' | 'pool'>): string | null {
  if (pool !== null) return pool.name ?? (pool.access === 'host' ? app.hostname : joinedAddressOf(agent));
  return ownHostOf({ agent, host }) === null ? joinedAddressOf(agent) : app.hostname;
}

const joinedAddressOf = (agent: AppState['agent']): string | null =>
  agent === null || agent.link.state === 'idle' ? null : addressOf(agent.link.scheduler_url);
