// Above the list while no job is chosen: how many jobs waited in the last day, and why. A member without the right to see that: the slots
// and the missed jobs of this computer.
import { useMemo } from 'react';
import { Card } from '../../components/Card';
import { poolChart } from '../../components/charts/pool-chart';
import { TimeChart } from '../../components/charts/TimeChart';
import { Dim } from '../../components/Dim';
import { ErrorNote } from '../../components/ErrorNote';
import { useMay } from '../../components/RightNote';
import { ownNode } from '../../store/nodes';
import { useApp } from '../../store/Screen';
import { useLabels } from '../../i18n/use-labels';
import { usePoolHistory } from '../../queries/pool-history';
import { MissedJobsCard } from '../../components/own/MissedJobsCard';
import { RunningCard } from '../../components/own/RunningCard';
import { ExclusionsCard } from './explain/ExclusionsCard';
import classes from './QueuePane.module.css';

const JOBS = { atLeast: 4 } as const;
/** The list below is the page: the chart is as high as three reasons beside it. */
const HEIGHT_PX = 78;
const REASONS_SHOWN = 3;

export function QueuePane() {
  const { t } = useLabels();
  const mayView = useMay('view');
  return (
    <section className={classes['pane']} aria-label={t('job_page.queue')}>
      {mayView ? (
        <>
          <QueueCard />
          <ExclusionsCard shown={REASONS_SHOWN} />
        </>
      ) : (
        <OwnNode />
      )}
    </section>
  );
}

function OwnNode() {
  const agent = useApp((app) => app.agent);
  const hasNode = useApp((app) => ownNode(app) !== null);
  if (agent === null || !hasNode) return null;
  return (
    <>
      <RunningCard agent={agent} isOnJobsPage />
      <MissedJobsCard />
    </>
  );
}

function QueueCard() {
  const { t, format } = useLabels();
  const { value, error } = usePoolHistory('24h');
  const label = t('pool_overview.chart.waiting');
  const data = useMemo(
    () => (value === null ? null : poolChart(value, [{ label, kind: 'steps', values: value.waiting_jobs }])),
    [value, label],
  );
  const texts = useMemo(
    () => ({
      jobs: (jobs: number): string => t('pool_overview.chart.jobs', { count: jobs, formatted: format.number(jobs) }),
      count: (jobs: number): string => format.number(jobs, 1),
    }),
    [t, format],
  );
  const isWaiting = useApp(({ pool }) => (pool?.open_jobs?.queued ?? 0) > 0);
  const hasWaited = isWaiting || value?.waiting_jobs.some((jobs) => jobs > 0) !== false;
  return (
    <Card title={label} note={t('pool_overview.history.24h')} className={classes['queue']}>
      <ErrorNote error={error} />
      {data !== null && data.timesWallMs.length === 0 && <Dim as="p">{t('pool_overview.chart.none')}</Dim>}
      {data !== null && data.timesWallMs.length > 0 && !hasWaited && <Dim as="p">{t('job_page.none_waited')}</Dim>}
      {data !== null && data.timesWallMs.length > 0 && hasWaited && (
        <TimeChart
          label={label}
          title={null}
          data={data}
          scale={JOBS}
          valueText={texts.jobs}
          tickText={texts.count}
          heightPx={HEIGHT_PX}
          fills
        />
      )}
    </Card>
  );
}
