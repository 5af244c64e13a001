// Sorts rows by a column. Nodes of a pool change many times a second, their order seldom changes. When each row has the same value as
// before, the order is kept and no rows are compared.
import type { SortValue } from './column';

export interface SortOrder<Row> {
  readonly sortBy: (row: Row) => SortValue;
  readonly descending: boolean;
}

export type SortRows<Row> = (rows: readonly Row[], order: SortOrder<Row>) => readonly Row[];

interface Sorted<Row> extends SortOrder<Row> {
  readonly values: readonly SortValue[];
  /** Positions in the input. */
  readonly positions: readonly number[];
}

/** Rows with equal values keep the order of the input. Numbers in a text count as numbers: `node-2` before `node-10`. */
export function createSort<Row extends object>(language: string): SortRows<Row> {
  const { compare } = new Intl.Collator(language, { numeric: true });
  let last: Sorted<Row> | null = null;
  let known = new WeakMap<Row, SortValue>();
  return (rows, { sortBy, descending }) => {
    if (last?.sortBy !== sortBy) known = new WeakMap();
    const values = rows.map((row) => {
      const value = known.has(row) ? (known.get(row) ?? null) : sortBy(row);
      known.set(row, value);
      return value;
    });
    if (last?.sortBy !== sortBy || last.descending !== descending || !areEqual(last.values, values)) {
      const positions = rows.map((_row, position) => position);
      const sign = descending ? -1 : 1;
      positions.sort((one, other) => compareValues(values[one] ?? null, values[other] ?? null, sign, compare));
      last = { sortBy, descending, values, positions };
    }
    return last.positions.flatMap((position) => rows[position] ?? []);
  };
}

function compareValues(one: SortValue, other: SortValue, sign: number, compare: (one: string, other: string) => number): number {
  if (one === null || other === null) return Number(one === null) - Number(other === null);
  return sign * (typeof one === 'number' && typeof other === 'number' ? one - other : compare(String(one), String(other)));
}

const areEqual = (some: readonly SortValue[], others: readonly SortValue[]): boolean =>
  some.length === others.length && some.every((value, position) => value === others[position]);
