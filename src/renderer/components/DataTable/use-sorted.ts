// The rows in the order of the route.
import { useMemo } from 'react';
import { useLabels } from '../../i18n/use-labels';
import type { Sort } from '../../routes';
import type { Column } from './column';
import { createSort } from './sort-rows';

/** `sort`: null, or of a column that is not among `columns`: the order of `rows`. */
export function useSorted<Row extends object>(rows: readonly Row[], columns: readonly Column<Row>[], sort: Sort | null): readonly Row[] {
  const { language } = useLabels();
  const sortRows = useMemo(() => createSort<Row>(language), [language]);
  const sortBy = sort === null ? undefined : columns.find(({ key }) => key === sort.column)?.sortBy;
  return sort === null || sortBy === undefined ? rows : sortRows(rows, { sortBy, descending: sort.descending });
}
