// Whether the own pool is likelier than one of others, for the pages that offer both.
import { useState } from 'react';
import type { AppState } from '../../shared/api/app-state';
import { isInOtherPool } from '../../shared/api/own-host';
import { joinLinkOf } from '../../shared/api/opened-link';
import { useApp } from './Screen';

/**
 * The pages Pool, Setup and Overview have one primary action. It concerns the own pool where no other one is likelier: none is nearby, no
 * request to one runs, no link to one was opened, and this computer is in none.
 */
const isOwnFirst = (state: AppState): boolean => isJoinUnwanted(state) && (state.nearby?.pools ?? []).length === 0;

/** The same, whether or not a pool is nearby. */
const isJoinUnwanted = ({ app, agent, host, nearby, opened_link: opened }: AppState): boolean =>
  app.can_host && host !== null && !isInOtherPool({ agent, host }) && joinLinkOf(opened) === null && (nearby?.attempt ?? null) === null;

export interface OwnFirst {
  /** The own pool comes first on the page. */
  readonly isFirst: boolean;
  /** The primary action of the page concerns the own pool. */
  readonly isPrimary: boolean;
}

/** A pool that is found while the page is open moves no button: the user may be about to click one. */
export function useOwnFirst(): OwnFirst {
  const isNow = useApp(isOwnFirst);
  const isUnwanted = useApp(isJoinUnwanted);
  const [isFirst] = useState(isNow);
  return { isFirst, isPrimary: isNow || (isFirst && isUnwanted) };
}
