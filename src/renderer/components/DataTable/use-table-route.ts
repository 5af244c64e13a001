// The search and the sort of a page's table are part of the route: they survive a reload, and links contain them.
import { useCallback } from 'react';
import type { PageName, Sort } from '../../routes';
import { goTo, useRoute } from '../../store/use-route';

export interface TableRoute {
  readonly search: string;
  readonly sort: Sort | null;
  readonly setSearch: (search: string) => void;
  readonly setSort: (sort: Sort | null) => void;
}

export function useTableRoute(page: PageName): TableRoute {
  const route = useRoute();
  const { search, sort } = route;
  return {
    search,
    sort,
    setSearch: useCallback((next: string) => goTo({ ...route, page, search: next }, { replace: true }), [route, page]),
    setSort: useCallback((next: Sort | null) => goTo({ ...route, page, sort: next }, { replace: true }), [route, page]),
  };
}
