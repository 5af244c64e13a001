// The rows in view and some around them. Two empty rows have the height of the rows above and below.
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef } from 'react';
import type { Entry } from './entries';
import { columnCount, EntryRow, type RowsShared } from './EntryRow';
import classes from './DataTable.module.css';

export type Density = 'normal' | 'dense';

/** A row with two lines; a dense row has one. Each row is measured when it is rendered. */
const ESTIMATED_ROW_PX: Readonly<Record<Density, number>> = { normal: 53, dense: 26 };
/** Rows rendered beyond the view on either side, so that Tab finds the next link. */
const OVERSCAN_ROWS = 8;
/** The column names stay at the top. */
const HEADER_PX = 32;

export interface VirtualRowsProps<Row> {
  readonly scroller: HTMLElement | null;
  readonly entries: readonly Entry<Row>[];
  readonly shared: RowsShared<Row>;
  readonly density: Density;
  /** The row that gets the focus. A new object: once more. */
  readonly wanted: { readonly key: string } | null;
}

export function VirtualRows<Row>({ scroller, entries, shared, density, wanted }: VirtualRowsProps<Row>) {
  const body = useRef<HTMLTableSectionElement>(null);
  // The rule warns of a problem with the React Compiler, which this project does not use.
  // eslint-disable-next-line react-hooks/incompatible-library
  const virtualizer = useVirtualizer({
    count: entries.length,
    getScrollElement: () => scroller,
    estimateSize: () => ESTIMATED_ROW_PX[density],
    overscan: OVERSCAN_ROWS,
    scrollPaddingStart: HEADER_PX,
    getItemKey: (index) => entries[index]?.key ?? index,
  });
  const focused = useRef(wanted);
  useEffect(() => {
    const index = entries.findIndex(({ key }) => key === wanted?.key);
    if (wanted !== focused.current && index !== -1) virtualizer.scrollToIndex(index);
    // Only a new request scrolls: entries change many times a second.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [wanted]);
  // After each rendering: the row may come into the document with a later one.
  useEffect(() => {
    if (wanted !== null && wanted !== focused.current && focusRow(body.current, wanted.key)) focused.current = wanted;
  });
  const items = virtualizer.getVirtualItems();
  const abovePx = items[0]?.start ?? 0;
  const belowPx = virtualizer.getTotalSize() - (items.at(-1)?.end ?? 0);
  return (
    <tbody ref={body}>
      <Gap heightPx={abovePx} columns={columnCount(shared)} />
      {items.map(({ key, index }) => {
        const entry = entries[index];
        return entry && <EntryRow key={key} ref={virtualizer.measureElement} entry={entry} shared={shared} index={index} />;
      })}
      <Gap heightPx={belowPx} columns={columnCount(shared)} />
    </tbody>
  );
}

/** False: the row is not in the document. */
export function focusRow(parent: HTMLElement | null, key: string): boolean {
  const rows = parent?.querySelectorAll<HTMLElement>('tr[data-key]') ?? [];
  const row = [...rows].find(({ dataset }) => dataset['key'] === key);
  row?.focus();
  return row !== undefined;
}

function Gap({ heightPx, columns }: { readonly heightPx: number; readonly columns: number }) {
  if (heightPx <= 0) return null;
  return (
    <tr aria-hidden="true" className={classes['gap']}>
      <td colSpan={columns} style={{ height: heightPx }} />
    </tr>
  );
}
