// An entry of a table: a row, or the title of a group.
import type { Ref } from 'react';
import { useLabels } from '../../i18n/use-labels';
import type { Column } from './column';
import type { Entry } from './entries';
import { TableRow } from './TableRow';
import classes from './DataTable.module.css';

export interface EntryRowProps<Row> {
  readonly entry: Entry<Row>;
  readonly columns: readonly Column<Row>[];
  readonly isOpen: boolean;
  /** The position in the whole table, from 0. Absent when all entries are in the document. */
  readonly index?: number;
  readonly ref?: Ref<HTMLTableRowElement>;
}

export function EntryRow<Row>({ entry, columns, isOpen, index, ref }: EntryRowProps<Row>) {
  const { format } = useLabels();
  const shared = { ...(index === undefined ? {} : { index }), ...(ref === undefined ? {} : { ref }) };
  if (entry.type === 'row') return <TableRow row={entry.row} columns={columns} isOpen={isOpen} {...shared} />;
  const position = index === undefined ? {} : { 'data-index': index, 'aria-rowindex': index + 2 };
  return (
    <tr ref={ref} className={classes['group']} {...position}>
      <th scope="rowgroup" colSpan={columns.length}>
        {entry.title} <span>{format.number(entry.count)}</span>
      </th>
    </tr>
  );
}
