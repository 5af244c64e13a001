// What the pool was used for: key figures, a bar for each day by key, model or node, and a table. Days are days in UTC. A member without
// the right to view the pool sees its own requests.
import { Button } from '@mantine/core';
import { useMemo, useState } from 'react';
import { dayNumberOf, type Usage } from '../../../shared/api/usage';
import { useClock, useClockPart } from '../../clock/Clock';
import { Card } from '../../components/Card';
import { StackedBars } from '../../components/charts/StackedBars';
import { DataTable } from '../../components/DataTable/DataTable';
import { useTableRoute } from '../../components/DataTable/use-table-route';
import { Dim } from '../../components/Dim';
import { ErrorNote } from '../../components/ErrorNote';
import { Page } from '../../components/Page';
import { PoolElsewhere } from '../../components/PoolElsewhere';
import { useMay } from '../../components/RightNote';
import { Segmented } from '../../components/Segmented';
import { StatTiles } from '../../components/StatTiles';
import { useLabels } from '../../i18n/use-labels';
import { useSenderNames } from '../../queries/members';
import { useKeysById } from '../../queries/keys';
import { useUsage } from '../../queries/usage';
import type { Answer } from '../../queries/use-answer';
import { hrefOf } from '../../routes';
import { useApp } from '../../store/Screen';
import { ExportUsage } from './ExportUsage';
import { usageColumns } from './usage-columns';
import { axisUnitOf, measureText, nameOf, rangeText, tickText, usageTiles } from './usage-labels';
import { byMeasure, usageSeries } from './usage-series';
import {
  type DayRange,
  faultsOf,
  filtersOf,
  MEASURES,
  type Measure,
  midnightOf,
  rangeOf,
  type Subject,
  SUBJECTS,
  type UsageView,
  viewOf,
} from './usage-view';
import { UsageTools } from './UsageTools';
import classes from './UsagePage.module.css';

/** A member reads the use of its own key, which has no nodes. */
const OWN_SUBJECTS: readonly Subject[] = ['model'];

export function UsagePage() {
  const { t } = useLabels();
  const hasPool = useApp((app) => app.pool !== null);
  if (hasPool) return <PoolUsage />;
  return (
    <Page title={t('nav.usage')}>
      <PoolElsewhere page="usage" />
    </Page>
  );
}

function PoolUsage() {
  const labels = useLabels();
  const { t } = labels;
  const clock = useClock();
  const mayView = useMay('view');
  const { filters, setFilters } = useTableRoute('usage');
  const { key } = viewOf(filters, SUBJECTS);
  const subjects = mayView && key === null ? SUBJECTS : OWN_SUBJECTS;
  const view = viewOf(filters, subjects);
  const [last, setLast] = useState<DayRange | null>(null);
  const range = rangeOf(view, useClockPart(dayNumberOf), last);
  if (last?.from !== range.from || last.to !== range.to) setLast(range);
  const names = useSenderNames(useMay('manage') && key !== null);
  const byDayQuery = { ...range, by: `day,${view.subject}` as const, ...keyOf(view) };
  const byDay = useUsage(byDayQuery);
  const sums = useUsage({ ...range, by: view.subject, ...keyOf(view) });
  const change = (next: UsageView): void => setFilters(filtersOf(next));
  return (
    <Page
      title={t('nav.usage')}
      subtitle={rangeText(labels, range, clock.now())}
      actions={<ExportUsage query={byDayQuery} isEmpty={byDay.value?.rows.length === 0} />}
      toolbar={
        <UsageTools
          view={view}
          subjects={subjects}
          shown={range}
          faults={faultsOf(view)}
          keyName={key === null ? null : (names.get(key) ?? key)}
          onChange={change}
        />
      }
    >
      {!mayView && <Dim as="p">{t('usage.own')}</Dim>}
      <Figures view={view} sums={sums} byDay={byDay} onMeasure={(measure) => change({ ...view, measure })} />
    </Page>
  );
}

const keyOf = ({ key }: UsageView): { readonly key?: string } => (key === null ? {} : { key });

interface FiguresProps {
  readonly view: UsageView;
  readonly sums: Answer<Usage>;
  readonly byDay: Answer<Usage>;
  readonly onMeasure: (measure: Measure) => void;
}

function Figures({ view, sums, byDay, onMeasure }: FiguresProps) {
  const labels = useLabels();
  const { t } = labels;
  const error = sums.error ?? byDay.error;
  if (sums.value === null || byDay.value === null)
    return error === null ? <p role="status">{t('usage.loading')}</p> : <ErrorNote error={error} />;
  if (sums.value.rows.length === 0) return <None usage={sums.value} />;
  const { total } = sums.value;
  return (
    <>
      <ErrorNote error={error} />
      <Card label={t('usage.tiles')}>
        <StatTiles label={t('usage.tiles')} tiles={usageTiles(labels, view.subject, total)} />
      </Card>
      <Chart usage={byDay.value} view={view} onMeasure={onMeasure} />
      <Groups usage={sums.value} view={view} />
    </>
  );
}

function None({ usage: { since } }: { readonly usage: Usage }) {
  const { t } = useLabels();
  return (
    <Card title={t('usage.none_title')}>
      <div className={classes['none']}>
        <p>{t(since === null ? 'usage.none_ever' : 'usage.none')}</p>
        {since === null && (
          <div>
            <Button component="a" href={hrefOf({ page: 'connect' })}>
              {t('nav.connect')}
            </Button>
          </div>
        )}
      </div>
    </Card>
  );
}

interface ChartProps {
  readonly usage: Usage;
  readonly view: UsageView;
  readonly onMeasure: (measure: Measure) => void;
}

function Chart({ usage, view: { measure, subject }, onMeasure }: ChartProps) {
  const labels = useLabels();
  const { t, format } = labels;
  const shown = useMemo(() => usageSeries(usage, measure, (row) => nameOf(labels, subject, row)), [usage, measure, subject, labels]);
  const lastMs = midnightOf(usage.to);
  const title = t(`usage.chart.${subject}`);
  return (
    <Card
      title={title}
      aside={
        <Segmented
          label={t('usage.measure')}
          choices={MEASURES.map((value) => ({
            value,
            label: t(subject === 'node' && value === 'requests' ? 'usage.attempts' : `usage.measures.${value}`),
          }))}
          value={measure}
          onChange={onMeasure}
        />
      }
    >
      <StackedBars
        label={t(shown.isWeekly ? 'usage.per_week' : 'usage.per_day')}
        note={shown.isLastOpen ? t(shown.isWeekly ? 'usage.open_week' : 'usage.open_note') : undefined}
        spans={shown.days.map((day) => format.day(midnightOf(day), lastMs))}
        isLastOpen={shown.isLastOpen}
        series={shown.series}
        atLeast={measure === 'tokens' ? 100 : 4}
        unitOf={(highest) => axisUnitOf(measure, highest)}
        valueText={(value) => measureText(labels, measure, value)}
        tickText={(value) => tickText(labels, measure, value)}
      />
    </Card>
  );
}

function Groups({ usage: { rows, total }, view: { subject, measure } }: { readonly usage: Usage; readonly view: UsageView }) {
  const labels = useLabels();
  const { t, format } = labels;
  const { sort, setSort } = useTableRoute('usage');
  const keys = useKeysById(useMay('manage') && subject === 'key');
  const hasRefused = total.refused > 0;
  // Requests over a limit have no model: without a column of them, their row of the rest is empty.
  const shown = useMemo(
    () => byMeasure(subject === 'key' ? rows : rows.filter(({ rest, requests }) => !rest || requests > 0), measure),
    [rows, subject, measure],
  );
  const columns = useMemo(() => usageColumns(labels, { subject, keys, hasRefused }), [labels, subject, keys, hasRefused]);
  return (
    <Card title={t(`usage.subject.${subject}`)} note={format.number(rows.filter(({ rest }) => !rest).length)}>
      <DataTable
        label={t('usage.table')}
        columns={columns}
        hidesColumns
        rows={shown}
        keyOf={({ id, rest }) => (rest ? 'rest' : `id ${id ?? ''}`)}
        sort={sort}
        onSort={setSort}
      />
      {total.estimated > 0 && (
        <div className={classes['estimated']}>
          <Dim>{t('usage.estimated', { count: total.estimated, formatted: format.number(total.estimated) })}</Dim>
        </div>
      )}
    </Card>
  );
}
