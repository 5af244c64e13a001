// One row. React renders it again when its row object or the columns change, not with the rest of the table.
import { memo, type Ref } from 'react';
import type { Column } from './column';

export interface TableRowProps<Row> {
  readonly row: Row;
  readonly columns: readonly Column<Row>[];
  /** Whether the details of the row are open. */
  readonly isOpen: boolean;
  /** The position in the whole table, from 0. Absent when all rows are in the document. */
  readonly index?: number;
  readonly ref?: Ref<HTMLTableRowElement>;
}

function TableRowOf<Row>({ row, columns, isOpen, index, ref }: TableRowProps<Row>) {
  // `aria-rowindex` counts from 1, and the header is row 1.
  const position = index === undefined ? {} : { 'data-index': index, 'aria-rowindex': index + 2 };
  return (
    <tr ref={ref} aria-current={isOpen ? 'true' : undefined} {...position}>
      {columns.map(({ key, title, className, align, cell }) => (
        <td key={key} className={className} data-label={title} data-align={align}>
          {cell(row)}
        </td>
      ))}
    </tr>
  );
}

export const TableRow = memo(TableRowOf) as typeof TableRowOf;
