// The state of a page's table is part of the route: search, sort, filters, groups and columns survive a reload, and links contain them.
// The columns are remembered for the next visit, too.
import { useCallback, useMemo } from 'react';
import type { PageName, Route, RouteFilter, Sort } from '../../routes';
import { useScreenState } from '../../store/Screen';
import { goTo, useRoute } from '../../store/use-route';

export interface TableRoute {
  readonly search: string;
  readonly sort: Sort | null;
  readonly filters: readonly RouteFilter[];
  readonly group: string | null;
  /** Null: the columns of the page. */
  readonly columns: readonly string[] | null;
  readonly setSearch: (search: string) => void;
  readonly setSort: (sort: Sort | null) => void;
  readonly setFilters: (filters: readonly RouteFilter[]) => void;
  readonly setGroup: (group: string | null) => void;
  readonly setColumns: (columns: readonly string[] | null) => void;
}

export function useTableRoute(page: PageName): TableRoute {
  const route = useRoute();
  const remembered = useScreenState(({ preferences }) => preferences.columns);
  const setPreferences = useScreenState((state) => state.setPreferences);
  const change = useCallback((part: Partial<Route>) => goTo({ ...route, ...part, page }, { replace: true }), [route, page]);
  const setColumns = useCallback(
    (columns: readonly string[] | null) => {
      const { [page]: _replaced, ...others } = remembered;
      setPreferences({ columns: columns === null ? others : { ...others, [page]: columns } });
      change({ columns });
    },
    [remembered, page, setPreferences, change],
  );
  const setters = useMemo(
    () => ({
      setSearch: (search: string) => change({ search }),
      setSort: (sort: Sort | null) => change({ sort }),
      setFilters: (filters: readonly RouteFilter[]) => change({ filters }),
      setGroup: (group: string | null) => change({ group }),
    }),
    [change],
  );
  const { search, sort, filters, group } = route;
  return { search, sort, filters, group, columns: route.columns ?? remembered[page] ?? null, ...setters, setColumns };
}
