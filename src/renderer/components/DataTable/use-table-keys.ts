// The keyboard in a table: J and K move to the next and the previous row, Enter opens the row, X selects it, Shift+X selects up to it, and
// Esc clears the selection. The row has the focus, so screen readers read it.
import { useEffect, useMemo, useRef } from 'react';
import { useLabels } from '../../i18n/use-labels';
import { type Shortcut, useShortcuts } from '../shortcuts/use-shortcuts';

export interface TableKeys {
  /** The rows as shown. */
  readonly order: readonly string[];
  readonly onOpen: ((key: string) => void) | undefined;
  readonly onSelect: ((key: string, range: boolean) => void) | undefined;
  /** Absent: nothing is selected. */
  readonly onClear: (() => void) | undefined;
  /** The row in the drawer: the next step begins there. */
  readonly openKey: string | null;
  /** Brings the row into view and into the document. */
  readonly reveal: (key: string) => void;
}

/** A table whose rows can be neither opened nor selected has no keys. `table`: null before it is shown. */
export function useTableKeys(table: HTMLElement | null, keys: TableKeys): void {
  const { t } = useLabels();
  const latest = useRef(keys);
  useEffect(() => {
    latest.current = keys;
  }, [keys]);
  /** The row that had the focus or was opened last: it may have left the document. */
  const last = useRef<string | null>(null);
  useEffect(() => {
    if (keys.openKey !== null) last.current = keys.openKey;
  }, [keys.openKey]);
  const canSelect = keys.onSelect !== undefined;
  const canOpen = keys.onOpen !== undefined;
  const shortcuts = useMemo((): readonly Shortcut[] => {
    const focused = (): string | null => {
      const row = document.activeElement?.closest('[data-key]');
      return row != null && table?.contains(row) === true ? row.getAttribute('data-key') : null;
    };
    const step = (by: 1 | -1): boolean => {
      const { order, reveal } = latest.current;
      const key = nextKey(order, focused() ?? last.current, by);
      if (key === null) return false;
      last.current = key;
      reveal(key);
      return true;
    };
    const select = (range: boolean): boolean => {
      const key = focused();
      if (key === null) return false;
      latest.current.onSelect?.(key, range);
      return true;
    };
    return [
      { keys: 'j', label: t('shortcut.next_row'), run: () => step(1) },
      { keys: 'k', label: t('shortcut.previous_row'), run: () => step(-1) },
      ...(canOpen
        ? [
            {
              keys: 'Enter',
              label: t('shortcut.open_row'),
              run: () => {
                // A link or a button in the row has its own Enter.
                const key = document.activeElement?.matches('[data-key]') === true ? focused() : null;
                if (key === null) return false;
                latest.current.onOpen?.(key);
                return true;
              },
            },
          ]
        : []),
      ...(canSelect
        ? [
            { keys: 'x', label: t('shortcut.select_row'), run: () => select(false) },
            { keys: 'shift+x', label: t('shortcut.select_range'), run: () => select(true) },
            {
              keys: 'Escape',
              label: t('shortcut.clear_selection'),
              run: () => {
                if (latest.current.onClear === undefined) return false;
                latest.current.onClear();
                return true;
              },
            },
          ]
        : []),
    ];
  }, [t, table, canOpen, canSelect]);
  useShortcuts(canOpen || canSelect ? shortcuts : NONE);
}

const NONE: readonly Shortcut[] = [];

/** Without a row, the first. Null: at the end, or no row. */
export function nextKey(order: readonly string[], from: string | null, by: 1 | -1): string | null {
  const at = from === null ? -1 : order.indexOf(from);
  return (at === -1 ? order[0] : order[at + by]) ?? null;
}
