// The columns that fit the width of the table. A change of the width renders the table only when a column comes or goes.
import { useLayoutEffect, useMemo, useState } from 'react';
import { type Column, fittingColumns } from './column';

export function useFittingColumns<Row>(
  scroller: HTMLElement | null,
  columns: readonly Column<Row>[],
  isEnabled: boolean,
): readonly Column<Row>[] {
  /** The widest column that fits; before the first measurement all of them. */
  const [widthPx, setWidthPx] = useState(Infinity);
  useLayoutEffect(() => {
    if (scroller === null || !isEnabled) return undefined;
    const sizes = new ResizeObserver(() => {
      const widths = columns.map(({ fromWidthPx = 0 }) => fromWidthPx).filter((from) => from <= scroller.clientWidth);
      setWidthPx(Math.max(0, ...widths));
    });
    sizes.observe(scroller);
    return () => sizes.disconnect();
  }, [scroller, columns, isEnabled]);
  return useMemo(() => (isEnabled ? fittingColumns(columns, widthPx) : columns), [columns, widthPx, isEnabled]);
}
