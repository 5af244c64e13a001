// A column as data. Row objects are immutable: a value computed from a row is valid as long as the row.
import type { ReactNode } from 'react';

/** Null: not known. The row is last in either direction. */
export type SortValue = string | number | null;

export interface Column<Row> {
  /** The name of the column in a route. */
  readonly key: string;
  readonly title: string;
  readonly cell: (row: Row) => ReactNode;
  /** Absent: rows are not sorted by this column. */
  readonly sortBy?: (row: Row) => SortValue;
  readonly className?: string | undefined;
  /** A share of the width, e.g. `20%`: used above `VIRTUAL_FROM_ROWS`, where widths must not follow the rows in view. */
  readonly width?: string;
  /** `end`: for a column of actions. In narrow windows its cells have no column name beside them. */
  readonly align?: 'end';
}
