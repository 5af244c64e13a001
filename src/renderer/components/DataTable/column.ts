// A column as data. Row objects are immutable: a value computed from a row is valid as long as the row.
import type { ReactNode } from 'react';

/** Null: not known. The row is last in either direction. */
export type SortValue = string | number | null;

export interface Column<Row> {
  /** The name of the column in a route. */
  readonly key: string;
  readonly title: string;
  /** What the values are, as the tooltip of the column name. */
  readonly help?: string;
  readonly cell: (row: Row) => ReactNode;
  /** Absent: rows are not sorted by this column. */
  readonly sortBy?: (row: Row) => SortValue;
  readonly className?: string | undefined;
  /** E.g. `20%` or `96px`: used in dense tables and above `VIRTUAL_FROM_ROWS`, where widths must not follow the rows in view. */
  readonly width?: string;
  /** The width in a table below `NARROW_TABLE_PX`, as beside a drawer. Absent: `width`. */
  readonly narrowWidth?: string;
  /**
   * `number`: figures, at the right, never cut. `end`: for a column of actions. In narrow windows its cells have no column name beside
   * them.
   */
  readonly align?: 'end' | 'number';
  /** A narrower table leaves the column out, unless the user chose the columns. Absent: in every table. */
  readonly fromWidthPx?: number;
  /** In narrow windows the value is left out where it is not known. */
  readonly isUnknown?: (row: Row) => boolean;
  /** Shown only when the user chooses it. */
  readonly isExtra?: true;
}

/** The first column names the row and is always shown. `chosen`: of the user, in any order; null: the columns of the page. */
export function shownColumns<Row>(columns: readonly Column<Row>[], chosen: readonly string[] | null): readonly Column<Row>[] {
  return columns.filter(({ key, isExtra }, i) => i === 0 || (chosen === null ? isExtra !== true : chosen.includes(key)));
}

/** A table beside a drawer is narrower. */
const NARROW_TABLE_PX = 600;

/** The columns for a table of this width. */
export function fittingColumns<Row>(columns: readonly Column<Row>[], widthPx: number): readonly Column<Row>[] {
  const fitting = columns.filter(({ fromWidthPx }) => fromWidthPx === undefined || fromWidthPx <= widthPx);
  if (widthPx >= NARROW_TABLE_PX) return fitting;
  return fitting.map((column) => (column.narrowWidth === undefined ? column : { ...column, width: column.narrowWidth }));
}

/**
 * The widths as shares of the shown columns, so that they fill the table whichever columns are shown. Beside a column in pixels or without
 * a width, which takes the rest, the widths are as they are.
 */
export function sharesOf<Row>(columns: readonly Column<Row>[]): readonly (string | undefined)[] {
  const widths = columns.map(({ width }) => width);
  const shares = widths.flatMap((width) => (width?.endsWith('%') === true ? [parseFloat(width)] : []));
  if (shares.length < widths.length) return widths;
  const total = shares.reduce((sum, share) => sum + share, 0);
  return shares.map((share) => `${((100 * share) / total).toFixed(2)}%`);
}
