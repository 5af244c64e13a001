// One row. React renders it again when its row object, the columns, or its own selection changes, not with the rest of the table.
import { memo, type Ref } from 'react';
import type { Column } from './column';
import { RowBox, type SelectRow } from './SelectBox';
import classes from './DataTable.module.css';

export interface TableRowProps<Row> {
  readonly row: Row;
  readonly rowKey: string;
  readonly columns: readonly Column<Row>[];
  /** Whether the drawer shows the row. */
  readonly isOpen: boolean;
  /** Null: the rows of the table cannot be selected. */
  readonly isSelected: boolean | null;
  /** The name of the row, for its checkbox. */
  readonly nameOf: ((row: Row) => string) | undefined;
  /** Pass the same function in every render. */
  readonly onSelect: SelectRow;
  /** The position in the whole table, from 0. Absent when all rows are in the document. */
  readonly index?: number;
  readonly ref?: Ref<HTMLTableRowElement>;
}

/** In narrow windows the first two columns have a line each. */
const leadOf = (position: number): string | undefined => ['name', 'state'][position];

function TableRowOf<Row>({ row, rowKey, columns, isOpen, isSelected, nameOf, onSelect, index, ref }: TableRowProps<Row>) {
  // `aria-rowindex` counts from 1, and the header is row 1.
  const position = index === undefined ? {} : { 'data-index': index, 'aria-rowindex': index + 2 };
  return (
    <tr
      ref={ref}
      data-key={rowKey}
      tabIndex={-1}
      aria-selected={isSelected ?? undefined}
      aria-current={isOpen ? 'true' : undefined}
      {...position}
    >
      {isSelected !== null && (
        <td className={classes['select']}>
          <RowBox name={nameOf?.(row) ?? rowKey} rowKey={rowKey} isSelected={isSelected} onSelect={onSelect} />
        </td>
      )}
      {columns.map(({ key, title, className, align, isUnknown, cell }, i) => (
        <td
          key={key}
          className={className}
          data-label={title}
          data-align={align}
          data-lead={align === 'number' ? undefined : leadOf(i)}
          data-unknown={isUnknown?.(row) === true ? '' : undefined}
        >
          {cell(row)}
        </td>
      ))}
    </tr>
  );
}

export const TableRow = memo(TableRowOf) as typeof TableRowOf;
