// The selected rows of a table, by their keys.
import { useCallback, useMemo, useState } from 'react';

export interface Selection {
  readonly selected: ReadonlySet<string>;
  readonly setSelected: (selected: ReadonlySet<string>) => void;
}

const NONE: ReadonlySet<string> = new Set();

/** Rows that are not in the table any more are not selected. `keys`: of all rows that can be selected. */
export function useSelection(keys: readonly string[]): Selection {
  const [chosen, setSelected] = useState(NONE);
  const selected = useMemo(() => kept(chosen, keys), [chosen, keys]);
  return { selected, setSelected: useCallback((next: ReadonlySet<string>) => setSelected(next), []) };
}

/** The same set while all its keys are there. */
export function kept(selected: ReadonlySet<string>, keys: readonly string[]): ReadonlySet<string> {
  if (selected.size === 0) return selected;
  const known = new Set(keys);
  const left = [...selected].filter((key) => known.has(key));
  return left.length === selected.size ? selected : new Set(left);
}

export function toggled(selected: ReadonlySet<string>, key: string): ReadonlySet<string> {
  const next = new Set(selected);
  if (!next.delete(key)) next.add(key);
  return next;
}

/** From the row that was changed last to this one: all get the state of the former. `order`: the rows as shown. */
export function withRange(
  selected: ReadonlySet<string>,
  order: readonly string[],
  anchor: string | null,
  key: string,
): ReadonlySet<string> {
  const [from, to] = [order.indexOf(anchor ?? ''), order.indexOf(key)];
  if (anchor === null || from === -1 || to === -1) return toggled(selected, key);
  const range = order.slice(Math.min(from, to), Math.max(from, to) + 1);
  const next = new Set(selected);
  for (const one of range) {
    if (selected.has(anchor)) next.add(one);
    else next.delete(one);
  }
  return next;
}

export type SelectedPart = 'none' | 'some' | 'all';

export function selectedPart(selected: ReadonlySet<string>, order: readonly string[]): SelectedPart {
  const count = order.filter((key) => selected.has(key)).length;
  if (count === 0) return 'none';
  return count === order.length ? 'all' : 'some';
}
