// The column names. The first press on a name sorts by that column, the second reverses the order, the third restores the default order.
// Where rows can be selected, a checkbox selects all of them or none. On a phone one list has all columns and orders.
import { memo } from 'react';
import type { Sort } from '../../routes';
import { useIsPhone } from '../use-is-phone';
import type { Column } from './column';
import { AllBox } from './SelectBox';
import type { SelectedPart } from './selection';
import { SortList } from './SortList';
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

/** A changed row does not render the column names again. */
export const HeaderRow = memo(HeaderRowOf) as typeof HeaderRowOf;

function nextSort(column: string, current: Sort | null): Sort | null {
  if (current === null) return { column, descending: false };
  return current.descending ? null : { column, descending: true };
}
