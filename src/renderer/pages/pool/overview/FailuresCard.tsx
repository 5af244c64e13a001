// The jobs of the last 24 hours that failed or needed another attempt, each with its cause and a next step.
import type { AppFailedJob } from '../../../../shared/api/pool-failures';
import { useClockPart } from '../../../clock/Clock';
import { Card } from '../../../components/Card';
import { Dim } from '../../../components/Dim';
import { ErrorNote } from '../../../components/ErrorNote';
import { NodeName } from '../../../components/NodeName';
import { StatusLabel } from '../../../components/StatusLabel';
import { type Labels, useLabels } from '../../../i18n/use-labels';
import { jobErrorLabel } from '../../../labels/job-labels';
import { usePoolFailures, usePoolTotals } from '../../../queries/pool-history';
import { hrefOf } from '../../../routes';
import { useApp } from '../../../store/Screen';
import classes from './FailuresCard.module.css';
import { failureStep } from './failure-step';

export function FailuresCard() {
  const { t } = useLabels();
  const { value, error } = usePoolFailures();
  return (
    <Card
      title={
        <>
          {t('pool_overview.failures')} {value !== null && value.failed > 0 && <Count failed={value.failed} />}
        </>
      }
      aside={
        <a className="link-target" href={hrefOf({ page: 'jobs', status: 'failed' })}>
          {t('pool_overview.failures_all')}
        </a>
      }
    >
      {value === null ? <ErrorNote error={error} /> : <Failures jobs={value.jobs} />}
    </Card>
  );
}

function Count({ failed }: { readonly failed: number }) {
  const { t, format } = useLabels();
  const ended = usePoolTotals().value?.last_24h.jobs_ended ?? null;
  // The counts of the scheduler are younger than its jobs after an update.
  const text =
    ended === null || ended < failed
      ? t('pool_overview.failures_only', { failed: format.number(failed) })
      : t('pool_overview.failures_count', { failed: format.number(failed), ended: format.number(ended) });
  return <span className={classes['count']}>{text}</span>;
}

export function NoFailures() {
  const { t } = useLabels();
  return (
    <Dim as="p">
      <StatusLabel shape="ready" label={t('pool_overview.failures_none')} />
    </Dim>
  );
}

function Failures({ jobs }: { readonly jobs: readonly AppFailedJob[] }) {
  const { t } = useLabels();
  if (jobs.length === 0) return <NoFailures />;
  return (
    <table className={classes['table']}>
      <thead>
        <tr>
          {(['time', 'model', 'node', 'reason'] as const).map((name) => (
            <th key={name} scope="col">
              {t(`pool_overview.column.${name}`)}
            </th>
          ))}
          <th scope="col">
            <span className="visually-hidden">{t('pool_overview.column.step')}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {jobs.map((job) => (
          <Failure key={job.job_id} job={job} />
        ))}
      </tbody>
    </table>
  );
}

function Failure({ job }: { readonly job: AppFailedJob }) {
  const labels = useLabels();
  const { t } = labels;
  const retriedOn = useApp(({ nodes }) => (job.retried_on === null ? null : (nodes.get(job.retried_on)?.name ?? job.retried_on)));
  const reason = reasonOf(labels, job);
  const text = retriedOn === null ? reason : t('pool_overview.retried_on', { reason, name: retriedOn });
  return (
    <tr>
      <td className={classes['dim']}>
        <TimeOfDay wallMs={job.finished_at} />
      </td>
      <td className={classes['name']} title={job.model}>
        {job.model}
      </td>
      <td className={classes['name']}>{job.node_id === null ? t('unknown.none') : <NodeName nodeId={job.node_id} />}</td>
      <td className={classes['reason']}>{text}</td>
      <td className={classes['step']}>
        <Step job={job} />
      </td>
    </tr>
  );
}

/** The failures are of the last 24 hours, so the time of day is enough. */
function TimeOfDay({ wallMs }: { readonly wallMs: number }) {
  const { format } = useLabels();
  const exact = useClockPart((nowWallMs) => format.exactClock(wallMs, nowWallMs));
  return (
    <time dateTime={new Date(wallMs).toISOString()} title={exact}>
      {format.clock(wallMs, wallMs)}
    </time>
  );
}

function reasonOf(labels: Labels, { error, outcome }: AppFailedJob): string {
  if (error !== null) return jobErrorLabel(labels, error).title;
  return outcome === null ? labels.t('pool_overview.no_reason') : labels.code('attempt_outcome', outcome);
}

function Step({ job }: { readonly job: AppFailedJob }) {
  const { t } = useLabels();
  const step = failureStep(job);
  const text = t(`pool_overview.step.${step}`);
  if (step === 'done')
    return (
      <a className="link-target" href={hrefOf({ page: 'jobs', id: job.job_id })}>
        <StatusLabel shape="ready" label={text} />
      </a>
    );
  return (
    <a className="link-target" href={stepHref(step, job)} aria-label={t('pool_overview.action_of', { action: text, about: job.model })}>
      {text}
    </a>
  );
}

function stepHref(step: Exclude<ReturnType<typeof failureStep>, 'done'>, { job_id: jobId, node_id: nodeId }: AppFailedJob): string {
  switch (step) {
    case 'node':
      return hrefOf({ page: 'nodes', id: nodeId });
    case 'models':
      return hrefOf({ page: 'models' });
    case 'nodes':
      return hrefOf({ page: 'nodes' });
    case 'output':
    case 'details':
      return hrefOf({ page: 'jobs', id: jobId });
  }
}
