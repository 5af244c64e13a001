// In a phone window, which has no column names to press: the order of the rows, as a field.
import { NativeSelect } from '@mantine/core';
import { useLabels } from '../../i18n/use-labels';
import { parseSort, type Sort, sortText } from '../../routes';
import type { Column } from './column';

interface SortListProps<Row> {
  readonly columns: readonly Column<Row>[];
  readonly sort: Sort | null;
  readonly onSort: (sort: Sort | null) => void;
}

/** The value of an order is the text of the sort in a route. */
export function SortList<Row>({ columns, sort, onSort }: SortListProps<Row>) {
  const { t } = useLabels();
  const orders = columns
    .filter(({ sortBy }) => sortBy !== undefined)
    .flatMap(({ key, title }) => [
      { value: sortText({ column: key, descending: false }), label: t('table.ascending', { column: title }) },
      { value: sortText({ column: key, descending: true }), label: t('table.descending', { column: title }) },
    ]);
  return (
    <NativeSelect
      size="xs"
      aria-label={t('table.sort_by')}
      data={[{ value: '', label: t('table.default_order') }, ...orders]}
      value={sort === null ? '' : sortText(sort)}
      onChange={(event) => onSort(parseSort(event.currentTarget.value))}
    />
  );
}
