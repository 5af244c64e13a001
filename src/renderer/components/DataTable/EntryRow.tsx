// An entry of a table: a row, or the title of a group, which collapses the group.
import type { Ref } from 'react';
import { useLabels } from '../../i18n/use-labels';
import type { Column } from './column';
import type { Entry, GroupEntry } from './entries';
import type { SelectRow } from './SelectBox';
import { TableRow } from './TableRow';
import classes from './DataTable.module.css';
import head from './GroupHead.module.css';

/** What the rows of a table share. */
export interface RowsShared<Row> {
  readonly columns: readonly Column<Row>[];
  /** The row in the drawer. */
  readonly openKey: string | null;
  /** Null: rows cannot be selected. */
  readonly selected: ReadonlySet<string> | null;
  readonly nameOf: ((row: Row) => string) | undefined;
  readonly onSelect: SelectRow;
  readonly onToggleGroup: (group: string) => void;
}

export interface EntryRowProps<Row> {
  readonly entry: Entry<Row>;
  readonly shared: RowsShared<Row>;
  /** The position in the whole table, from 0. Absent when all entries are in the document. */
  readonly index?: number;
  readonly ref?: Ref<HTMLTableRowElement>;
}

export function EntryRow<Row>({ entry, shared, index, ref }: EntryRowProps<Row>) {
  const place = { ...(index === undefined ? {} : { index }), ...(ref === undefined ? {} : { ref }) };
  const { columns, openKey, selected, nameOf, onSelect } = shared;
  if (entry.type === 'group') return <GroupRow entry={entry} shared={shared} {...place} />;
  return (
    <TableRow
      row={entry.row}
      rowKey={entry.key}
      columns={columns}
      isOpen={entry.key === openKey}
      isSelected={selected === null ? null : selected.has(entry.key)}
      nameOf={nameOf}
      onSelect={onSelect}
      {...place}
    />
  );
}

interface GroupRowProps<Row> {
  readonly entry: GroupEntry;
  readonly shared: RowsShared<Row>;
  readonly index?: number;
  readonly ref?: Ref<HTMLTableRowElement>;
}

function GroupRow<Row>({ entry: { group, title, count, note, isCollapsed }, shared, index, ref }: GroupRowProps<Row>) {
  const { format } = useLabels();
  const position = index === undefined ? {} : { 'data-index': index, 'aria-rowindex': index + 2 };
  return (
    <tr ref={ref} className={classes['group']} {...position}>
      <th scope="rowgroup" colSpan={columnCount(shared)}>
        <button type="button" className={head['head']} aria-expanded={!isCollapsed} onClick={() => shared.onToggleGroup(group)}>
          <svg width="12" height="12" viewBox="0 0 12 12" aria-hidden="true" focusable="false">
            <path d="M2.5 4.5 6 8l3.5-3.5" />
          </svg>
          {title} <span>{format.number(count)}</span>
        </button>
        {note !== undefined && <span className={head['note']}>{note}</span>}
      </th>
    </tr>
  );
}

export const columnCount = <Row,>({ columns, selected }: RowsShared<Row>): number => columns.length + (selected === null ? 0 : 1);
