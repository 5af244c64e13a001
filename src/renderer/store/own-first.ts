// Whether the own pool is likelier than one of others, for the pages that offer both.
import type { AppState } from '../../shared/api/app-state';
import { isInOtherPool } from '../../shared/api/own-host';
import { joinLinkOf } from '../../shared/api/opened-link';

/**
 * The pages Pool, Setup and Overview have one primary action. It concerns the own pool where no other one is likelier: none is nearby, no
 * request to one runs, no link to one was opened, and this computer is in none.
 */
export const isOwnFirst = ({ app, agent, host, nearby, opened_link: opened }: AppState): boolean =>
  app.can_host &&
  host !== null &&
  !isInOtherPool({ agent, host }) &&
  joinLinkOf(opened) === null &&
  (nearby === null || (nearby.attempt === null && nearby.pools.length === 0));
