// A dense table with 1,200 rows: groups, selection, columns, filters.
import { Button } from '@mantine/core';
import { useMemo, useState } from 'react';
import { UseBar } from '../../src/renderer/components/bars/UseBar';
import { ChoiceFilter } from '../../src/renderer/components/ChoiceFilter';
import { type Column, shownColumns } from '../../src/renderer/components/DataTable/column';
import { ColumnChooser } from '../../src/renderer/components/DataTable/ColumnChooser';
import { DataTable } from '../../src/renderer/components/DataTable/DataTable';
import { FilterMenu } from '../../src/renderer/components/DataTable/FilterMenu';
import { countValues, filterRows } from '../../src/renderer/components/DataTable/filter-rows';
import { GroupSelect } from '../../src/renderer/components/DataTable/GroupSelect';
import { createSearch } from '../../src/renderer/components/DataTable/search-rows';
import { useSelection } from '../../src/renderer/components/DataTable/selection';
import { TableSearch } from '../../src/renderer/components/DataTable/TableSearch';
import { useTableRoute } from '../../src/renderer/components/DataTable/use-table-route';
import { StatusLabel } from '../../src/renderer/components/StatusLabel';
import { useLabels } from '../../src/renderer/i18n/use-labels';
import classes from './TableParts.module.css';

const STATES = ['available', 'full', 'busy', 'offline'] as const;
const GPUS = ['RTX 4090', 'RTX 3060', '2 × A100 80GB', 'Tesla P40'] as const;

interface Row {
  readonly id: string;
  readonly state: (typeof STATES)[number];
  readonly reason: string;
  readonly gpu: string;
  readonly pool: number;
  readonly owner: number;
}

const ROWS: readonly Row[] = Array.from({ length: 1200 }, (_, i) => ({
  id: `rack${String(Math.floor(i / 40))}-${String(i % 40).padStart(2, '0')}`,
  state: STATES[(i * 7) % 4] ?? 'offline',
  reason: i % 5 === 0 ? 'GPU 71%, limit 25%, and a reason that is longer than its column' : '1 of 2 slots in use',
  gpu: GPUS[(i * 5) % 4] ?? '',
  pool: (i * 13) % 60,
  owner: (i * 7) % 40,
}));
const VALUES = { gpu: ({ gpu }: Row) => [gpu] };
const keyOf = ({ id }: Row): string => id;
const search = createSearch<Row>(({ id, gpu, reason }) => [id, gpu, reason].join(' '));

export function TableParts() {
  const { t, format } = useLabels();
  const table = useTableRoute('nodes');
  const [state, setState] = useState<Row['state'] | null>(null);
  const [openKey, setOpenKey] = useState<string | null>(null);
  const all = useMemo((): readonly Column<Row>[] => {
    const unknown = (row: Row): boolean => row.state === 'offline';
    return [
      { key: 'name', title: 'Name', width: '160px', sortBy: keyOf, cell: ({ id }) => <a href={`#/nodes/${id}`}>{id}</a> },
      {
        key: 'state',
        title: 'Availability',
        width: '260px',
        cell: (row) => (
          <>
            <StatusLabel shape={row.state} label={t(`availability.${row.state}`)} /> {row.reason}
          </>
        ),
      },
      { key: 'gpu', title: 'GPU', width: '140px', cell: ({ gpu }) => gpu },
      {
        key: 'use',
        title: 'GPU use',
        width: '160px',
        sortBy: ({ pool, owner }) => pool + owner,
        cell: (row) => (
          <UseBar
            label={`GPU use of ${row.id}`}
            use={unknown(row) ? null : { pool: row.pool, owner: row.owner }}
            total={100}
            text={format.percent(row.pool + row.owner)}
          />
        ),
      },
      { key: 'jobs', title: 'Jobs', width: '70px', align: 'number', sortBy: ({ pool }) => pool, cell: ({ pool }) => `${String(pool)}/60` },
      { key: 'version', title: 'Version', width: '90px', isExtra: true, cell: () => '1.0.4' },
    ];
  }, [t, format]);
  const columns = useMemo(() => shownColumns(all, table.columns), [all, table.columns]);
  const inState = useMemo(() => ROWS.filter((row) => state === null || row.state === state), [state]);
  const found = useMemo(() => search(filterRows(inState, table.filters, VALUES), table.search), [inState, table.filters, table.search]);
  const selection = useSelection(useMemo(() => found.map(keyOf), [found]));
  const grouping = useMemo(
    () => ({ titles: new Map(STATES.map((one) => [one, t(`availability.${one}`)])), groupOf: (row: Row) => row.state }),
    [t],
  );
  return (
    <main className={classes['page']}>
      <h1>Nodes</h1>
      <div className={classes['tools']}>
        <TableSearch label="Name, GPU" search={table.search} found={found.length} total={ROWS.length} onSearch={table.setSearch} />
        <ChoiceFilter
          label="Availability"
          total={ROWS.length}
          choices={STATES.map((value) => ({
            value,
            label: t(`availability.${value}`),
            count: ROWS.filter((row) => row.state === value).length,
            shape: value,
          }))}
          chosen={state}
          onChange={setState}
        />
        <FilterMenu
          filters={[{ key: 'gpu', label: 'GPU', values: countValues(inState, VALUES.gpu) }]}
          chosen={table.filters}
          onChange={table.setFilters}
        />
        <GroupSelect choices={[{ value: 'state', label: 'Availability' }]} value={table.group} onChange={table.setGroup} />
        <ColumnChooser columns={all} chosen={table.columns} onChange={table.setColumns} />
      </div>
      <DataTable
        label="Nodes"
        columns={columns}
        rows={found}
        keyOf={keyOf}
        nameOf={keyOf}
        sort={table.sort}
        onSort={table.setSort}
        selection={selection}
        openKey={openKey}
        onOpen={setOpenKey}
        density="dense"
        {...(table.group === 'state' ? { grouping } : {})}
        bulkActions={() => (
          <Button size="compact-sm" variant="subtle">
            Drain…
          </Button>
        )}
      />
    </main>
  );
}
