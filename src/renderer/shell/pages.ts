// Which pages exist for a program: nothing leads to a page that would be empty by nature.
import type { AppState } from '../../shared/api/app-state';

export const PAGES = ['overview', 'gpus', 'models', 'jobs', 'pool', 'nodes', 'dispatch', 'settings'] as const;
export type PageName = (typeof PAGES)[number];

export interface PageGroup {
  readonly group: 'this_machine' | 'the_pool' | 'tools';
  readonly pages: readonly PageName[];
}

/** Pages in the order of the rail, in its groups. Never all empty: Settings is always there. */
export function pageGroups(app: AppState): readonly PageGroup[] {
  const isAlone = app.agent === null;
  const groups: readonly PageGroup[] = [
    // On a machine that only contributes, Jobs says where they are seen.
    { group: 'this_machine', pages: isAlone ? [] : ['overview', 'gpus', 'models', 'jobs'] },
    { group: 'the_pool', pages: app.pool === null ? ['pool'] : ['pool', 'nodes', ...(isAlone ? (['jobs'] as const) : []), 'dispatch'] },
    { group: 'tools', pages: ['settings'] },
  ];
  return groups.filter(({ pages }) => pages.length > 0);
}

/** The page of a location hash, or the first that this program has. */
export function pageOf(hash: string, app: AppState): PageName {
  const pages = pageGroups(app).flatMap(({ pages: some }) => some);
  const home: PageName = app.agent === null && app.pool !== null ? 'nodes' : (pages[0] ?? 'settings');
  const wanted = /^#\/([a-z]+)/.exec(hash)?.[1];
  return pages.find((page) => page === wanted) ?? home;
}
