// A table from columns and rows. A row is rendered again only when it changes. All ages use one subscription to the clock. Only the rows
// in view of a long table are in the document. The table scrolls sideways inside itself, not with the page. In narrow windows each row is
// a block. Rows may be in groups, each below a row with its title: the rows are sorted within their group.
import { useMemo, useState } from 'react';
import { SharedNow } from '../../clock/Clock';
import { useLabels } from '../../i18n/use-labels';
import type { Sort } from '../../routes';
import { ScrollRegion } from '../ScrollRegion';
import type { Column } from './column';
import { type Entry, entriesOf, type Grouping } from './entries';
import { EntryRow } from './EntryRow';
import { HeaderRow } from './HeaderRow';
import { createSort } from './sort-rows';
import { VirtualRows } from './VirtualRows';
import classes from './DataTable.module.css';

/** Up to this many rows the whole table is in the document, so that the browser can search and print all of it. */
export const VIRTUAL_FROM_ROWS = 200;

export interface DataTableProps<Row> {
  readonly label: string;
  /** Pass the same array while its content is unchanged, because a new array renders every row again. */
  readonly columns: readonly Column<Row>[];
  /** In the default order. */
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
  readonly sort?: Sort | null;
  /** Absent: the user cannot sort the table. */
  readonly onSort?: (sort: Sort | null) => void;
  /** Absent: one group without a title. */
  readonly grouping?: Grouping<Row>;
  /** The key of the row whose details are open: the row is marked. */
  readonly openKey?: string | null;
}

export function DataTable<Row extends object>(props: DataTableProps<Row>) {
  const { label, columns, rows, keyOf, sort = null, onSort, grouping, openKey = null } = props;
  // State rather than a ref: the rows are rendered again when the scrolling element exists and can be measured.
  const [scroller, setScroller] = useState<HTMLDivElement | null>(null);
  const sorted = useSorted(rows, columns, sort);
  const isVirtual = sorted.length > VIRTUAL_FROM_ROWS;
  const entries: readonly Entry<Row>[] = useMemo(() => entriesOf(sorted, keyOf, grouping), [sorted, keyOf, grouping]);
  return (
    <SharedNow>
      <ScrollRegion ref={setScroller} label={label} className={classes[isVirtual ? 'virtual' : 'scroll']}>
        <table className={classes['table']} aria-rowcount={isVirtual ? entries.length + 1 : undefined}>
          {isVirtual && (
            <colgroup>
              {columns.map(({ key, width }) => (
                <col key={key} style={{ width }} />
              ))}
            </colgroup>
          )}
          <thead data-sorts={onSort === undefined ? undefined : ''}>
            <HeaderRow columns={columns} sort={sort} onSort={onSort} rowIndex={isVirtual ? 1 : undefined} />
          </thead>
          {isVirtual ? (
            <VirtualRows scroller={scroller} columns={columns} entries={entries} openKey={openKey} />
          ) : (
            <tbody>
              {entries.map((entry) => (
                <EntryRow key={entry.key} entry={entry} columns={columns} isOpen={entry.key === openKey} />
              ))}
            </tbody>
          )}
        </table>
      </ScrollRegion>
    </SharedNow>
  );
}

function useSorted<Row extends object>(rows: readonly Row[], columns: readonly Column<Row>[], sort: Sort | null): readonly Row[] {
  const { language } = useLabels();
  const sortRows = useMemo(() => createSort<Row>(language), [language]);
  const sortBy = sort === null ? undefined : columns.find(({ key }) => key === sort.column)?.sortBy;
  return sort === null || sortBy === undefined ? rows : sortRows(rows, { sortBy, descending: sort.descending });
}
