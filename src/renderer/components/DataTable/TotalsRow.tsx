// The last row of a table: the sums of its columns. A column without a sum is empty, and in narrow windows left out.
import type { ReactNode } from 'react';
import type { Column } from './column';
import classes from './DataTable.module.css';

export interface TotalsRowProps<Row> {
  readonly columns: readonly Column<Row>[];
  /** By column. */
  readonly totals: ReadonlyMap<string, ReactNode>;
  /** Whether the rows begin with a checkbox. */
  readonly isSelecting: boolean;
}

export const TotalsRow = <Row,>({ columns, totals, isSelecting }: TotalsRowProps<Row>) => (
  <tfoot className={classes['totals']}>
    <tr>
      {isSelecting && <td className={classes['select']} />}
      {columns.map(({ key, title, className, align }, i) =>
        i === 0 ? (
          <th key={key} scope="row" data-lead="name">
            {totals.get(key)}
          </th>
        ) : (
          <td key={key} className={className} data-label={title} data-align={align} data-unknown={totals.has(key) ? undefined : ''}>
            {totals.get(key)}
          </td>
        ),
      )}
    </tr>
  </tfoot>
);
