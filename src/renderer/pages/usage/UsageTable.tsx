// The table of the use: a row for each key, model or node, the largest first. A long table shows the largest rows until the user searches,
// sorts, or asks for all.
import { Button } from '@mantine/core';
import { useMemo, useState } from 'react';
import type { Usage } from '../../../shared/api/usage';
import { useClock } from '../../clock/Clock';
import { Card } from '../../components/Card';
import { DataTable } from '../../components/DataTable/DataTable';
import { createSearch } from '../../components/DataTable/search-rows';
import { TableSearch } from '../../components/DataTable/TableSearch';
import { useTableRoute } from '../../components/DataTable/use-table-route';
import { Dim } from '../../components/Dim';
import { useMay } from '../../components/RightNote';
import { useLabels } from '../../i18n/use-labels';
import { useKeysById } from '../../queries/keys';
import { hasKey, usageColumns, usageTotals } from './usage-columns';
import { nameOf } from './usage-labels';
import { byMeasure, type UsageSeries } from './usage-series';
import { midnightOf, type UsageView } from './usage-view';
import classes from './UsagePage.module.css';

/** Rows of a long table at first. */
const MOST_ROWS = 20;

export interface UsageTableProps {
  readonly usage: Usage;
  readonly shown: UsageSeries;
  readonly view: UsageView;
}

export function UsageTable({ usage: { rows: all, total, since }, shown: { series }, view }: UsageTableProps) {
  const labels = useLabels();
  const { t, format } = labels;
  const clock = useClock();
  const { subject, measure } = view;
  const { search, setSearch, sort, setSort } = useTableRoute('usage');
  const [isOpen, setIsOpen] = useState(false);
  const mayView = useMay('view');
  const keys = useKeysById(useMay('manage') && subject === 'key');
  const hasRefused = total.refused > 0;
  const hasLimits = hasKey(all, keys);
  // Requests over a limit have no model: without a column of them, their row of the rest is empty.
  const rows = useMemo(
    () => byMeasure(subject === 'key' ? all : all.filter(({ rest, requests }) => !rest || requests > 0), measure),
    [all, subject, measure],
  );
  const searchRows = useMemo(() => createSearch<Usage['rows'][number]>((row) => nameOf(labels, subject, row)), [labels, subject]);
  const found = useMemo(() => searchRows(rows, search), [searchRows, rows, search]);
  const isLong = rows.length > MOST_ROWS + 1;
  const isCut = isLong && !isOpen && search.trim() === '' && sort === null;
  const colours = useMemo(() => new Map(series.map(({ key, isRest }, i) => [key, isRest ? 'rest' : String(i + 1)])), [series]);
  const columns = useMemo(
    () => usageColumns(labels, { view, keys, hasRefused, hasLimits, total, colours, drills: mayView }),
    [labels, view, keys, hasRefused, hasLimits, total, colours, mayView],
  );
  const named = rows.filter(({ rest }) => !rest).length;
  return (
    <Card
      title={t(`usage.subject.${subject}`)}
      note={format.number(named)}
      aside={
        (isLong || search !== '') && (
          <TableSearch label={t(`usage.search.${subject}`)} search={search} found={found.length} total={rows.length} onSearch={setSearch} />
        )
      }
    >
      <DataTable
        label={t('usage.table')}
        columns={columns}
        hidesColumns
        rows={isCut ? found.slice(0, MOST_ROWS) : found}
        keyOf={({ id, rest }) => (rest ? 'rest' : `id ${id ?? ''}`)}
        sort={sort}
        onSort={setSort}
        // Below a part of the rows, the sum of all would be wrong; below one row, it says nothing new.
        totals={rows.length > 1 && found.length === rows.length && !isCut ? usageTotals(labels, total) : undefined}
      />
      {found.length === 0 && <Dim as="p">{t('usage.none_found')}</Dim>}
      {isCut && (
        <div className={classes['all']}>
          <Button variant="default" size="compact-sm" onClick={() => setIsOpen(true)}>
            {t('usage.show_all', { count: format.number(rows.length) })}
          </Button>
        </div>
      )}
      <div className={classes['notes']}>
        {total.estimated > 0 && (
          <Dim as="p">{t('usage.estimated', { count: total.estimated, formatted: format.number(total.estimated) })}</Dim>
        )}
        {since !== null && <Dim as="p">{t('usage.since', { day: format.day(midnightOf(since), clock.now()) })}</Dim>}
      </div>
    </Card>
  );
}
