// Changes the selection of a table: one row, a range of rows, or all rows as shown.
import { useCallback, useEffect, useRef } from 'react';
import { type Selection, toggled, withRange } from './selection';
import type { SelectRow } from './SelectBox';

export interface Selecting {
  /** The same function in every render, so that rows are not rendered again. */
  readonly onSelect: SelectRow;
  readonly onSelectAll: (all: boolean) => void;
}

export function useSelecting(selection: Selection | undefined, order: readonly string[]): Selecting {
  const latest = useRef({ selection, order });
  const anchor = useRef<string | null>(null);
  useEffect(() => {
    latest.current = { selection, order };
  }, [selection, order]);
  const onSelect = useCallback((key: string, range: boolean): void => {
    const { selection: now, order: shown } = latest.current;
    if (now === undefined) return;
    now.setSelected(range ? withRange(now.selected, shown, anchor.current, key) : toggled(now.selected, key));
    anchor.current = key;
  }, []);
  const onSelectAll = useCallback((all: boolean): void => {
    const { selection: now, order: shown } = latest.current;
    now?.setSelected(new Set(all ? shown : []));
  }, []);
  return { onSelect, onSelectAll };
}
