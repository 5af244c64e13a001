// What the pool was used for: key figures, a bar for each day by key, model or node, and a table. Days are days in UTC. A member without
// the right to view the pool sees its own requests.
import { Button } from '@mantine/core';
import { useMemo, useState } from 'react';
import { dayNumberOf, type Usage } from '../../../shared/api/usage';
import { useClock, useClockPart } from '../../clock/Clock';
import { Card } from '../../components/Card';
import { useTableRoute } from '../../components/DataTable/use-table-route';
import { Dim } from '../../components/Dim';
import { ErrorNote } from '../../components/ErrorNote';
import { Page } from '../../components/Page';
import { PoolElsewhere } from '../../components/PoolElsewhere';
import { useNodeName } from '../../components/NodeName';
import { useMay } from '../../components/RightNote';
import { StatTiles } from '../../components/StatTiles';
import { useLabels } from '../../i18n/use-labels';
import { useSenderNames } from '../../queries/members';
import { useUsage } from '../../queries/usage';
import type { Answer } from '../../queries/use-answer';
import { hrefOf } from '../../routes';
import { useApp } from '../../store/Screen';
import { ExportUsage } from './ExportUsage';
import { type ChangeFigure, changeOf, type Comparison, comparisonOf, isCounted } from './usage-change';
import { daysText, nameOf, rangeText, usageTiles } from './usage-labels';
import { usageSeries } from './usage-series';
import {
  type DayRange,
  faultsOf,
  filtersOf,
  type Measure,
  type Part,
  queryOf,
  rangeOf,
  SUBJECTS,
  subjectsOf,
  type UsageView,
  viewOf,
} from './usage-view';
import { UsageChart } from './UsageChart';
import { UsageTable } from './UsageTable';
import { UsageTools } from './UsageTools';
import classes from './UsagePage.module.css';

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
  const { only } = viewOf(filters, SUBJECTS);
  const subjects = subjectsOf(only, mayView);
  const view = viewOf(filters, subjects);
  const [last, setLast] = useState<DayRange | null>(null);
  const today = useClockPart(dayNumberOf);
  const range = rangeOf(view, today, last);
  if (last?.from !== range.from || last.to !== range.to) setLast(range);
  const byDayQuery = { ...range, by: `day,${view.subject}` as const, ...queryOf(only) };
  const byDay = useUsage(byDayQuery);
  const sums = useUsage({ ...range, by: view.subject, ...queryOf(only) });
  const comparison = comparisonOf(range, today);
  const before = useUsage({ ...comparison?.before, by: 'day', ...queryOf(only) }, comparison !== null);
  const onlyName = useNameOfPart(only);
  const change = (next: UsageView): void => setFilters(filtersOf(next));
  return (
    <Page
      title={t('nav.usage')}
      subtitle={rangeText(labels, range, clock.now())}
      actions={<ExportUsage query={byDayQuery} isEmpty={byDay.value?.rows.length === 0} />}
      toolbar={<UsageTools view={view} subjects={subjects} shown={range} faults={faultsOf(view)} onlyName={onlyName} onChange={change} />}
    >
      {!mayView && <Dim as="p">{t('usage.own')}</Dim>}
      <Figures
        view={view}
        sums={sums}
        byDay={byDay}
        before={comparison === null ? null : { comparison, usage: before.value }}
        onMeasure={(measure) => change({ ...view, measure })}
      />
    </Page>
  );
}

/** Null: of all parts. */
function useNameOfPart(only: Part | null): string | null {
  const nodeName = useNodeName(only?.subject === 'node' ? only.id : null);
  const senders = useSenderNames(useMay('manage') && only?.subject === 'key');
  return only === null ? null : (nodeName ?? senders.get(only.id) ?? only.id);
}

interface Before {
  readonly comparison: Comparison;
  /** Null: not known yet. */
  readonly usage: Usage | null;
}

interface FiguresProps {
  readonly view: UsageView;
  readonly sums: Answer<Usage>;
  readonly byDay: Answer<Usage>;
  /** The period before. Null: there is none. */
  readonly before: Before | null;
  readonly onMeasure: (measure: Measure) => void;
}

function Figures({ view, sums, byDay, before, onMeasure }: FiguresProps) {
  const labels = useLabels();
  const { t } = labels;
  const { subject, measure } = view;
  const { value: ofDays } = byDay;
  const shown = useMemo(
    () => (ofDays === null ? null : usageSeries(ofDays, measure, (row) => nameOf(labels, subject, row))),
    [ofDays, measure, subject, labels],
  );
  const error = sums.error ?? byDay.error;
  if (sums.value === null || ofDays === null || shown === null)
    return error === null ? <p role="status">{t('usage.loading')}</p> : <ErrorNote error={error} />;
  if (sums.value.rows.length === 0) return <None usage={sums.value} />;
  return (
    <>
      <ErrorNote error={error} />
      <Tiles subject={subject} sums={sums.value} byDay={ofDays} before={before} />
      <UsageChart usage={ofDays} shown={shown} view={view} onMeasure={onMeasure} />
      <UsageTable usage={sums.value} shown={shown} view={view} />
    </>
  );
}

interface TilesProps {
  readonly subject: UsageView['subject'];
  readonly sums: Usage;
  readonly byDay: Usage;
  readonly before: Before | null;
}

function Tiles({ subject, sums, byDay, before }: TilesProps) {
  const labels = useLabels();
  const { t } = labels;
  const nowWallMs = useClock().now();
  const compared = before?.usage != null && isCounted(before.usage, before.comparison.before) ? { ...before, usage: before.usage } : null;
  const change = (figure: ChangeFigure): number | null =>
    compared === null ? null : changeOf(figure, byDay, compared.usage, compared.comparison);
  const changes = {
    requests: change('requests'),
    prompt_tokens: change('prompt_tokens'),
    output_tokens: change('output_tokens'),
    gpu_seconds: change('gpu_seconds'),
  };
  const hasChange = Object.values(changes).some((percent) => percent !== null);
  return (
    <Card label={t('usage.tiles')}>
      <StatTiles label={t('usage.tiles')} tiles={usageTiles(labels, subject, sums.total, changes)} />
      {compared !== null && hasChange && (
        <p className={classes['compared']}>
          {t('usage.compared', {
            days: daysText(labels, compared.comparison.days, nowWallMs),
            before: daysText(labels, compared.comparison.before, nowWallMs),
          })}
        </p>
      )}
    </Card>
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
