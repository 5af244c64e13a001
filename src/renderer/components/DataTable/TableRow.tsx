// One row. React renders it again when its row object or the columns change, not with the rest of the table.
import { memo, type Ref } from 'react';
import type { Column } from './column';

export interface TableRowProps<Row> {
  readonly row: Row;
  readonly columns: readonly Column<Row>[];
  /** From 0, where not all rows are in the document. */
  readonly index?: number;
  readonly ref?: Ref<HTMLTableRowElement>;
}

function TableRowOf<Row>({ row, columns, index, ref }: TableRowProps<Row>) {
  // The header is the first row of those that are counted.
  const position = index === undefined ? {} : { 'data-index': index, 'aria-rowindex': index + 2 };
  return (
    <tr ref={ref} {...position}>
      {columns.map(({ key, className, cell }) => (
        <td key={key} className={className}>
          {cell(row)}
        </td>
      ))}
    </tr>
  );
}

export const TableRow = memo(TableRowOf) as typeof TableRowOf;
