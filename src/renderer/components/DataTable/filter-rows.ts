// Which rows pass the filters, and how many rows have each value.
import type { RouteFilter } from '../../routes';
import type { FilterValue } from './FilterMenu';

/** The values of a row for each key of a filter, e.g. its tags. */
export type ValuesOf<Row> = Readonly<Record<string, (row: Row) => readonly string[]>>;

/** A row has one of the chosen values of each key. A filter that the table does not have has no effect. */
export function filterRows<Row>(rows: readonly Row[], filters: readonly RouteFilter[], valuesOf: ValuesOf<Row>): readonly Row[] {
  const wanted = new Map<string, string[]>();
  for (const { key, value } of filters) {
    if (Object.hasOwn(valuesOf, key)) wanted.set(key, [...(wanted.get(key) ?? []), value]);
  }
  if (wanted.size === 0) return rows;
  return rows.filter((row) => [...wanted].every(([key, values]) => valuesOf[key]?.(row).some((value) => values.includes(value)) === true));
}

/** The most frequent value first. */
export function countValues<Row>(rows: readonly Row[], valuesOf: (row: Row) => readonly string[]): readonly FilterValue[] {
  const counts = new Map<string, number>();
  for (const row of rows) for (const value of new Set(valuesOf(row))) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts]
    .map(([value, count]) => ({ value, label: value, count }))
    .sort((one, other) => other.count - one.count || (one.value < other.value ? -1 : 1));
}
