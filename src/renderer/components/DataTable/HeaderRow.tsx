// The column names. The first press on a name sorts by that column, the second reverses the order, the third restores the default order.
// Where rows can be selected, a checkbox selects all of them or none. On a phone one list has all columns and orders.
import { NativeSelect } from '@mantine/core';
import { memo } from 'react';
import { useLabels } from '../../i18n/use-labels';
import { parseSort, type Sort, sortText } from '../../routes';
import { useIsPhone } from '../use-is-phone';
import type { Column } from './column';
import { AllBox } from './SelectBox';
import type { SelectedPart } from './selection';
import table from './DataTable.module.css';
import classes from './HeaderRow.module.css';

export interface HeaderRowProps<Row> {
  readonly columns: readonly Column<Row>[];
  readonly sort: Sort | null;
  readonly onSort: ((sort: Sort | null) => void) | undefined;
  readonly rowIndex: number | undefined;
  /** Null: rows cannot be selected. */
  readonly selectedPart: SelectedPart | null;
  readonly onSelectAll: (all: boolean) => void;
}

function HeaderRowOf<Row>({ columns, sort, onSort, rowIndex, selectedPart, onSelectAll }: HeaderRowProps<Row>) {
  const isPhone = useIsPhone();
  return (
    <tr aria-rowindex={rowIndex}>
      {selectedPart !== null && (
        <th scope="col" className={table['select']}>
          <AllBox part={selectedPart} onSelectAll={onSelectAll} />
        </th>
      )}
      {isPhone && onSort !== undefined && (
        <th scope="col" data-list="">
          <SortList columns={columns} sort={sort} onSort={onSort} />
        </th>
      )}
      {columns.map((column) => {
        const current = sort?.column === column.key ? sort : null;
        if (isPhone || onSort === undefined || column.sortBy === undefined)
          return (
            <th key={column.key} scope="col" data-align={column.align} title={column.help}>
              {column.title}
            </th>
          );
        const order = current === null ? 'none' : current.descending ? 'descending' : 'ascending';
        return (
          <th key={column.key} scope="col" aria-sort={order} data-align={column.align} title={column.help}>
            <button type="button" className={classes['sort']} data-order={order} onClick={() => onSort(nextSort(column.key, current))}>
              {column.title}
            </button>
          </th>
        );
      })}
    </tr>
  );
}

interface SortListProps<Row> {
  readonly columns: readonly Column<Row>[];
  readonly sort: Sort | null;
  readonly onSort: (sort: Sort | null) => void;
}

/** The value of an order is the text of the sort in a route. */
function SortList<Row>({ columns, sort, onSort }: SortListProps<Row>) {
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

/** A changed row does not render the column names again. */
export const HeaderRow = memo(HeaderRowOf) as typeof HeaderRowOf;

function nextSort(column: string, current: Sort | null): Sort | null {
  if (current === null) return { column, descending: false };
  return current.descending ? null : { column, descending: true };
}
