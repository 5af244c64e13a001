// The rows in view and some around them. Two empty rows have the height of the rows above and below.
import { useVirtualizer } from '@tanstack/react-virtual';
import type { Column } from './column';
import type { Entry } from './entries';
import { EntryRow } from './EntryRow';
import classes from './DataTable.module.css';

/** The height of a row with two lines. Each row is measured when it is rendered. */
const ESTIMATED_ROW_PX = 53;
/** Rows rendered beyond the view on either side, so that Tab finds the next link. */
const OVERSCAN_ROWS = 8;

export interface VirtualRowsProps<Row> {
  readonly scroller: HTMLElement | null;
  readonly columns: readonly Column<Row>[];
  readonly entries: readonly Entry<Row>[];
  readonly openKey: string | null;
}

export function VirtualRows<Row>({ scroller, columns, entries, openKey }: VirtualRowsProps<Row>) {
  // The rule warns of a problem with the React Compiler, which this project does not use.
  // eslint-disable-next-line react-hooks/incompatible-library
  const virtualizer = useVirtualizer({
    count: entries.length,
    getScrollElement: () => scroller,
    estimateSize: () => ESTIMATED_ROW_PX,
    overscan: OVERSCAN_ROWS,
    getItemKey: (index) => entries[index]?.key ?? index,
  });
  const items = virtualizer.getVirtualItems();
  const abovePx = items[0]?.start ?? 0;
  const belowPx = virtualizer.getTotalSize() - (items.at(-1)?.end ?? 0);
  return (
    <tbody>
      <Gap heightPx={abovePx} columns={columns.length} />
      {items.map(({ key, index }) => {
        const entry = entries[index];
        const isOpen = entry?.key === openKey;
        return (
          entry && <EntryRow key={key} ref={virtualizer.measureElement} entry={entry} columns={columns} isOpen={isOpen} index={index} />
        );
      })}
      <Gap heightPx={belowPx} columns={columns.length} />
    </tbody>
  );
}

function Gap({ heightPx, columns }: { readonly heightPx: number; readonly columns: number }) {
  if (heightPx <= 0) return null;
  return (
    <tr aria-hidden="true" className={classes['gap']}>
      <td colSpan={columns} style={{ height: heightPx }} />
    </tr>
  );
}
