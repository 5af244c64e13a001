import { MantineProvider } from '@mantine/core';
import { render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useMemo, useState } from 'react';
import { describe, expect, test, vi } from 'vitest';
import { ClockProvider } from '../../../../../src/renderer/clock/Clock';
import { type Column, shownColumns } from '../../../../../src/renderer/components/DataTable/column';
import { ColumnChooser } from '../../../../../src/renderer/components/DataTable/ColumnChooser';
import { DataTable } from '../../../../../src/renderer/components/DataTable/DataTable';
import { FilterMenu } from '../../../../../src/renderer/components/DataTable/FilterMenu';
import { countValues, filterRows } from '../../../../../src/renderer/components/DataTable/filter-rows';
import { GroupSelect } from '../../../../../src/renderer/components/DataTable/GroupSelect';
import { useSelection } from '../../../../../src/renderer/components/DataTable/selection';
import { TableSearch } from '../../../../../src/renderer/components/DataTable/TableSearch';
import { useTableRoute } from '../../../../../src/renderer/components/DataTable/use-table-route';
import { LabelsProvider } from '../../../../../src/renderer/i18n/use-labels';
import { createScreenStore } from '../../../../../src/renderer/store/app-store';
import { type Screen, ScreenProvider } from '../../../../../src/renderer/store/Screen';
import { labelsIn } from '../../support/labels';

interface Row {
  readonly id: string;
  readonly gpu: string;
  readonly jobs: number;
}
const rowsOf = (count: number): readonly Row[] =>
  Array.from({ length: count }, (_, i) => ({ id: `node-${String(i)}`, gpu: i % 3 === 0 ? 'P40' : 'A100', jobs: i }));
const COLUMNS: readonly Column<Row>[] = [
  { key: 'name', title: 'Name', cell: ({ id }) => <a href={`#/nodes/${id}`}>{id}</a>, sortBy: ({ id }) => id },
  { key: 'gpu', title: 'GPU', cell: ({ gpu }) => gpu },
  { key: 'jobs', title: 'Jobs', cell: ({ jobs }) => String(jobs), align: 'number', isExtra: true },
];
const VALUES = { gpu: ({ gpu }: Row) => [gpu] };
const keyOf = ({ id }: Row): string => id;

interface NodesProps {
  readonly rows: readonly Row[];
  readonly onOpen: (key: string) => void;
  readonly onDrain: (names: readonly string[]) => void;
}

/** A page with all parts of a table. */
function Nodes({ rows, onOpen, onDrain }: NodesProps) {
  const table = useTableRoute('nodes');
  const found = useMemo(() => filterRows(rows, table.filters, VALUES), [rows, table.filters]);
  const columns = useMemo(() => shownColumns(COLUMNS, table.columns), [table.columns]);
  const selection = useSelection(useMemo(() => found.map(keyOf), [found]));
  const grouping = useMemo(
    () =>
      table.group === 'gpu'
        ? { titles: new Map(countValues(rows, VALUES.gpu).map(({ value }) => [value, value])), groupOf: ({ gpu }: Row) => gpu }
        : undefined,
    [table.group, rows],
  );
  return (
    <>
      <TableSearch label="Search" search={table.search} found={found.length} total={rows.length} onSearch={table.setSearch} />
      <FilterMenu
        filters={[{ key: 'gpu', label: 'GPU', values: countValues(rows, VALUES.gpu) }]}
        chosen={table.filters}
        onChange={table.setFilters}
      />
      <GroupSelect choices={[{ value: 'gpu', label: 'GPU' }]} value={table.group} onChange={table.setGroup} />
      <ColumnChooser columns={COLUMNS} chosen={table.columns} onChange={table.setColumns} />
      <DataTable
        label="Nodes"
        columns={columns}
        rows={found}
        keyOf={keyOf}
        sort={table.sort}
        onSort={table.setSort}
        selection={selection}
        nameOf={keyOf}
        onOpen={onOpen}
        density="dense"
        bulkActions={(some) => (
          <button type="button" onClick={() => onDrain(some.map(keyOf))}>
            Drain…
          </button>
        )}
        {...(grouping === undefined ? {} : { grouping })}
      />
    </>
  );
}

function showNodes(count = 12) {
  const [onOpen, onDrain] = [vi.fn<NodesProps['onOpen']>(), vi.fn<NodesProps['onDrain']>()];
  const store = createScreenStore({ storage: window.localStorage, now: () => 0 });
  const value: Pick<Screen, 'store'> = { store };
  function Page() {
    const [rows] = useState(() => rowsOf(count));
    return <Nodes rows={rows} onOpen={onOpen} onDrain={onDrain} />;
  }
  const { unmount } = render(
    <MantineProvider>
      <ScreenProvider value={value as Screen}>
        <ClockProvider value={{ now: () => 0, subscribe: () => () => undefined }}>
          <LabelsProvider value={labelsIn('en')}>
            <Page />
          </LabelsProvider>
        </ClockProvider>
      </ScreenProvider>
    </MantineProvider>,
  );
  return { onOpen, onDrain, unmount };
}

const names = (): (string | null)[] => screen.queryAllByRole('link').map(({ textContent }) => textContent);
const selected = (): (string | null)[] =>
  screen.queryAllByRole('row', { selected: true }).map((row) => within(row).getByRole('link').textContent);
const focusedRow = (): string | null => document.activeElement?.getAttribute('data-key') ?? null;
const box = (name: string) => screen.getByRole<HTMLInputElement>('checkbox', { name });

describe('selection', () => {
  test('checkbox, Shift for a range, header for all and none; the bar has the actions', async () => {
    const { onDrain } = showNodes();
    const user = userEvent.setup();
    await user.click(box('Select node-2'));
    await user.keyboard('{Shift>}');
    await user.click(box('Select node-4'));
    await user.keyboard('{/Shift}');
    expect([selected(), box('Select all').indeterminate]).toEqual([['node-2', 'node-3', 'node-4'], true]);
    const bar = screen.getByRole('region', { name: 'Selected rows' });
    expect(within(bar).getByRole('status').textContent).toBe('3 selected');
    await user.click(within(bar).getByRole('button', { name: 'Drain…' }));
    expect(onDrain).toHaveBeenCalledWith(['node-2', 'node-3', 'node-4']);
    await user.click(box('Select all'));
    expect(selected()).toHaveLength(12);
    await user.click(box('Select all'));
    expect([selected(), screen.queryByRole('region', { name: 'Selected rows' })]).toEqual([[], null]);
  });

  test('a filter hides selected rows -> the bar counts the shown ones only', async () => {
    showNodes();
    await userEvent.click(box('Select all'));
    await userEvent.click(screen.getByRole('button', { name: 'Add a filter' }));
    await userEvent.click(await screen.findByRole('button', { name: 'P40 4' }));
    expect(screen.getByRole('region', { name: 'Selected rows' }).textContent).toContain('4 selected');
  });
});

describe('keyboard', () => {
  test('J and K move, X and Shift+X select, Enter opens, Esc clears', async () => {
    const { onOpen } = showNodes();
    await userEvent.keyboard('jjk');
    expect(focusedRow()).toBe('node-0');
    await userEvent.keyboard('jx');
    await userEvent.keyboard('jj{Shift>}X{/Shift}');
    expect(selected()).toEqual(['node-1', 'node-2', 'node-3']);
    await userEvent.keyboard('{Enter}');
    expect(onOpen.mock.calls).toEqual([['node-3']]);
    await userEvent.keyboard('{Escape}');
    expect([selected(), focusedRow()]).toEqual([[], 'node-3']);
  });

  test('/ -> search; letters in the field are text', async () => {
    showNodes();
    await userEvent.keyboard('/');
    expect(document.activeElement).toBe(screen.getByRole('searchbox'));
    await userEvent.keyboard('jx/');
    expect([screen.getByRole<HTMLInputElement>('searchbox').value, focusedRow(), selected()]).toEqual(['jx/', null, []]);
  });

  test('Enter on a link of the row -> the link, not the row', async () => {
    const { onOpen } = showNodes();
    screen.getByRole('link', { name: 'node-1' }).focus();
    await userEvent.keyboard('{Enter}');
    expect(onOpen).not.toHaveBeenCalled();
  });
});

describe('state in the route', () => {
  test('groups: by choice, with counts; a group collapses; J skips collapsed rows', async () => {
    showNodes();
    await userEvent.selectOptions(screen.getByRole('combobox', { name: 'Group' }), 'gpu');
    expect(window.location.hash).toBe('#/nodes?group=gpu');
    const heads = () => screen.getAllByRole('rowheader').map(({ textContent }) => textContent);
    expect(heads()).toEqual(['A100 8', 'P40 4']);
    const head = screen.getByRole('button', { name: 'A100 8' });
    await userEvent.click(head);
    expect([head.getAttribute('aria-expanded'), heads(), names()]).toEqual([
      'false',
      ['A100 8', 'P40 4'],
      ['node-0', 'node-3', 'node-6', 'node-9'],
    ]);
    await userEvent.keyboard('j');
    expect(focusedRow()).toBe('node-0');
  });

  test('filter: chip with the value; the chip removes it', async () => {
    showNodes();
    await userEvent.click(screen.getByRole('button', { name: 'Add a filter' }));
    await userEvent.click(await screen.findByRole('button', { name: 'P40 4' }));
    expect([window.location.hash, names()]).toEqual(['#/nodes?filter=gpu%3AP40', ['node-0', 'node-3', 'node-6', 'node-9']]);
    await userEvent.click(screen.getByRole('button', { name: 'Remove the filter GPU: P40' }));
    expect([window.location.hash, names()]).toEqual(['#/nodes', rowsOf(12).map(keyOf)]);
  });

  test('columns: chosen ones in the route and at the next visit; reset', async () => {
    const headers = () => screen.getAllByRole('columnheader').flatMap(({ textContent }) => (textContent === '' ? [] : [textContent]));
    const first = showNodes();
    expect(headers()).toEqual(['Name', 'GPU']);
    await userEvent.click(screen.getByRole('button', { name: 'Columns' }));
    await userEvent.click(await screen.findByRole('checkbox', { name: 'Jobs' }));
    await userEvent.click(screen.getByRole('checkbox', { name: 'GPU' }));
    expect([window.location.hash, headers()]).toEqual(['#/nodes?columns=name+jobs', ['Name', 'Jobs']]);
    first.unmount();
    window.location.hash = '';
    showNodes();
    expect(headers()).toEqual(['Name', 'Jobs']);
    await userEvent.click(screen.getByRole('button', { name: 'Columns' }));
    await userEvent.click(await screen.findByRole('button', { name: 'Reset' }));
    expect([window.location.hash, headers()]).toEqual(['#/nodes', ['Name', 'GPU']]);
  });
});
