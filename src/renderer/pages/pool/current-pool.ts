import type { AppState } from '../../../shared/api/app-state';
import { joinLinkOf } from '../../../shared/api/opened-link';
import { isInOtherPool } from '../../../shared/api/own-host';

/** The pool that this computer is in. It stays until another one was joined. */
export type CurrentPool = 'none' | 'hosted' | 'member';

/**
 * The pages Pool and Setup have one primary action. It concerns the own pool where no other one is likelier: none is nearby, no request to
 * one runs, no link to one was opened, and this computer is in none.
 */
export const isOwnFirst = ({ app, agent, host, nearby, opened_link: opened }: AppState): boolean =>
  app.can_host &&
  host !== null &&
  !isInOtherPool({ agent, host }) &&
  joinLinkOf(opened) === null &&
  (nearby === null || (nearby.attempt === null && nearby.pools.length === 0));
