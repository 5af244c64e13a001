// A table from columns and rows. A row is rendered again only when it changes. All ages use one subscription to the clock. Only the rows
// in view of a long table are in the document. The table scrolls sideways inside itself, not with the page. In narrow windows each row is
// a block. Rows may be in groups, each below a row with its title, which collapses the group: the rows are sorted within their group.
// Where rows can be opened or selected, J, K, Enter and X work on the whole page.
import { type ReactNode, useMemo, useState } from 'react';
import type { Sort } from '../../routes';
import { ScrollRegion } from '../ScrollRegion';
import { BulkBar } from './BulkBar';
import { type Column, sharesOf } from './column';
import { type Entry, entriesOf, type Grouping } from './entries';
import { columnCount, EntryRow, type RowsShared } from './EntryRow';
import { HeaderRow } from './HeaderRow';
import { type Selection, selectedPart, toggled } from './selection';
import { TotalsRow } from './TotalsRow';
import { useFittingColumns } from './use-fitting-columns';
import { useSelecting } from './use-selecting';
import { useSorted } from './use-sorted';
import { useTableKeys } from './use-table-keys';
import { type Density, focusRow, VirtualRows } from './VirtualRows';
import classes from './DataTable.module.css';

/** Up to this many rows the whole table is in the document, so that the browser can search and print all of it. */
export const VIRTUAL_FROM_ROWS = 200;

export interface DataTableProps<Row> {
  readonly label: string;
  /** Pass the same array while its content is unchanged, because a new array renders every row again. */
  readonly columns: readonly Column<Row>[];
  /** Columns with `fromWidthPx` are left out while the table is narrower. Absent: the user chose the columns, or they always fit. */
  readonly hidesColumns?: boolean;
  /** In the default order. */
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
  readonly sort?: Sort | null;
  /** Absent: the user cannot sort the table. */
  readonly onSort?: (sort: Sort | null) => void;
  /** Absent: one group without a title. */
  readonly grouping?: Grouping<Row>;
  /** `dense`: rows of one line, 26 px high; text that is too long ends in an ellipsis. The table fills the window, as above 200 rows. */
  readonly density?: Density;
  /** The row in the drawer. */
  readonly openKey?: string | null;
  /** Enter on a row. */
  readonly onOpen?: (key: string) => void;
  /** From `useSelection`. Absent: rows cannot be selected. */
  readonly selection?: Selection;
  /** The name of a row, for its checkbox. */
  readonly nameOf?: (row: Row) => string;
  /** The actions for the selected rows, in their order. */
  readonly bulkActions?: (selected: readonly Row[]) => ReactNode;
  /** The last row: a value by column, such as the sum. It is neither sorted nor selected. */
  readonly totals?: ReadonlyMap<string, ReactNode> | undefined;
  /** Below the head, in place of rows: why there are none. */
  readonly none?: ReactNode;
}

const NO_ROW: ReadonlySet<string> = new Set();

export function DataTable<Row extends object>(props: DataTableProps<Row>) {
  const { label, columns: all, rows, keyOf, sort = null, onSort, grouping, density = 'normal', selection, bulkActions } = props;
  // State rather than a ref: the rows are rendered again when the scrolling element exists and can be measured.
  const [scroller, setScroller] = useState<HTMLDivElement | null>(null);
  const [collapsed, setCollapsed] = useState(NO_ROW);
  const columns = useFittingColumns(scroller, all, props.hidesColumns === true);
  const sorted = useSorted(rows, all, sort);
  const entries = useMemo(() => entriesOf(sorted, keyOf, grouping, collapsed), [sorted, keyOf, grouping, collapsed]);
  const order = useMemo(() => entries.flatMap(({ type, key }) => (type === 'row' ? [key] : [])), [entries]);
  const { onSelect, onSelectAll } = useSelecting(selection, order);
  const isVirtual = sorted.length > VIRTUAL_FROM_ROWS;
  const isTall = isVirtual || density === 'dense';
  const { wanted, reveal } = useReveal(scroller, isVirtual);
  const shared: RowsShared<Row> = {
    columns,
    openKey: props.openKey ?? null,
    selected: selection?.selected ?? null,
    nameOf: props.nameOf,
    onSelect,
    onToggleGroup: (group) => setCollapsed(toggled(collapsed, group)),
  };
  const chosen = selection === undefined ? [] : sorted.filter((row) => selection.selected.has(keyOf(row)));
  useTableKeys(scroller, {
    order,
    onOpen: props.onOpen,
    onSelect: selection === undefined ? undefined : onSelect,
    onClear: chosen.length === 0 ? undefined : () => selection?.setSelected(NO_ROW),
    openKey: shared.openKey,
    reveal,
  });
  return (
    <>
      <ScrollRegion ref={setScroller} label={label} className={classes[isTall ? 'virtual' : 'scroll']}>
        <table
          className={classes['table']}
          data-density={density}
          data-fits={props.hidesColumns}
          aria-rowcount={isVirtual ? entries.length + 1 : undefined}
        >
          {isTall && <Widths columns={columns} hasSelection={selection !== undefined} />}
          <thead data-sorts={onSort === undefined ? undefined : ''}>
            <HeaderRow
              columns={columns}
              sort={sort}
              onSort={onSort}
              rowIndex={isVirtual ? 1 : undefined}
              selectedPart={selection === undefined ? null : selectedPart(selection.selected, order)}
              onSelectAll={onSelectAll}
            />
          </thead>
          {isVirtual ? (
            <VirtualRows scroller={scroller} entries={entries} shared={shared} density={density} wanted={wanted} />
          ) : (
            <AllRows entries={entries} shared={shared} none={props.none} />
          )}
          {props.totals !== undefined && <TotalsRow columns={columns} totals={props.totals} isSelecting={selection !== undefined} />}
        </table>
      </ScrollRegion>
      {chosen.length > 0 && (
        <BulkBar count={chosen.length} onClear={() => selection?.setSelected(NO_ROW)}>
          {bulkActions?.(chosen)}
        </BulkBar>
      )}
    </>
  );
}

interface AllRowsProps<Row> {
  readonly entries: readonly Entry<Row>[];
  readonly shared: RowsShared<Row>;
  readonly none: ReactNode;
}

function AllRows<Row>({ entries, shared, none }: AllRowsProps<Row>) {
  return (
    <tbody>
      {entries.length === 0 && none !== undefined && (
        <tr>
          <td colSpan={columnCount(shared)} data-lead="name">
            {none}
          </td>
        </tr>
      )}
      {entries.map((entry) => (
        <EntryRow key={entry.key} entry={entry} shared={shared} />
      ))}
    </tbody>
  );
}

function Widths<Row>({ columns, hasSelection }: { readonly columns: readonly Column<Row>[]; readonly hasSelection: boolean }) {
  const shares = sharesOf(columns);
  return (
    <colgroup>
      {hasSelection && <col style={{ width: 'calc(24px + var(--table-inset, 16px))' }} />}
      {columns.map(({ key }, i) => (
        <col key={key} style={{ width: shares[i] }} />
      ))}
    </colgroup>
  );
}

/** Gives a row the focus. A row of a long table must come into the document first. */
function useReveal(scroller: HTMLElement | null, isVirtual: boolean) {
  const [wanted, setWanted] = useState<{ readonly key: string } | null>(null);
  return {
    wanted,
    reveal: (key: string): void => {
      if (isVirtual) setWanted({ key });
      else focusRow(scroller, key);
    },
  };
}
