import type { AppState } from '../../../shared/api/app-state';
import { isInOtherPool } from '../../labels/own-host';

/** The pool that this computer is in. It stays until another one was joined. */
export type CurrentPool = 'none' | 'hosted' | 'member';

/**
 * The page has one primary action. It starts the own pool where no other pool is likelier: none is nearby, no request to one runs, and this
 * computer is in none.
 */
export const isStartFirst = ({ app, agent, host, nearby }: AppState): boolean =>
  app.can_host &&
  (host?.state === 'stopped' || host?.state === 'failed') &&
  !isInOtherPool({ agent, host }) &&
  (nearby === null || (nearby.attempt === null && nearby.pools.length === 0));
