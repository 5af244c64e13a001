// The pages of a program: no link leads to an empty page.
import type { AppState } from '../../shared/api/app-state';
import type { PageName } from '../routes';

export interface PageGroup {
  readonly group: 'this_machine' | 'the_pool' | 'tools';
  readonly pages: readonly PageName[];
}

/** Whether an agent runs in this program, and whether the program operates a pool. */
export interface Parts {
  readonly hasAgent: boolean;
  readonly hasPool: boolean;
}

export const partsOf = ({ agent, pool }: Pick<AppState, 'agent' | 'pool'>): Parts => ({ hasAgent: agent !== null, hasPool: pool !== null });

/** Pages in the order of the rail, in its groups. Never all empty: Settings is always there. */
export function pageGroups({ hasAgent, hasPool }: Parts): readonly PageGroup[] {
  const groups: readonly PageGroup[] = [
    // On a computer that operates no pool, the Jobs page links to the dashboard of the scheduler.
    { group: 'this_machine', pages: hasAgent ? ['overview', 'gpus', 'models', 'jobs'] : [] },
    { group: 'the_pool', pages: hasPool ? ['pool', 'nodes', 'members', ...(hasAgent ? [] : (['jobs'] as const)), 'dispatch'] : ['pool'] },
    { group: 'tools', pages: ['settings'] },
  ];
  return groups.filter(({ pages }) => pages.length > 0);
}

/** The wanted page, or the first that this program has. */
export function pageOf(wanted: PageName | null, parts: Parts): PageName {
  const pages = pageGroups(parts).flatMap(({ pages: some }) => some);
  const home: PageName = !parts.hasAgent && parts.hasPool ? 'nodes' : (pages[0] ?? 'settings');
  return pages.find((page) => page === wanted) ?? home;
}
