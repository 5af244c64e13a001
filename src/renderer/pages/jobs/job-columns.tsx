// The columns of the job list: task, status with reason, node, attempts, age, waiting time and run time.
import type { AppJobRow } from '../../../shared/api/app-job';
import { Ago } from '../../components/Time';
import type { Column } from '../../components/DataTable/column';
import { DetailsLink } from '../../components/DetailsLink';
import { useNodeName } from '../../components/NodeName';
import { StatusLabel } from '../../components/StatusLabel';
import { useLabels, type Labels } from '../../i18n/use-labels';
import { JOB_SHAPES, jobErrorLabel, taskLabel } from '../../labels/job-labels';
import { shortId } from './job-figures';
import { Ran, Waited } from './JobTimes';
import classes from './job-columns.module.css';

/** No column sorts: the scheduler sends pages, newest jobs first, and sorting one page would mislead. */
export function jobColumns(labels: Labels): readonly Column<AppJobRow>[] {
  const { t } = labels;
  const nowrap = classes['nowrap'];
  return [
    { key: 'job', title: t('jobs.job'), cell: ({ job_id, task }) => <JobLink jobId={job_id} task={task} /> },
    {
      key: 'status',
      title: t('jobs.status'),
      cell: ({ status, error }) => (
        <>
          <StatusLabel shape={JOB_SHAPES[status]} label={t(`job_status.${status}`)} />
          {error !== null && (
            <div className={classes['why']} title={error.code}>
              {jobErrorLabel(labels, error).title}
            </div>
          )}
        </>
      ),
    },
    // A requeued job is not on its former node any more.
    { key: 'node', title: t('jobs.node'), cell: ({ status, node_id }) => <JobNode nodeId={status === 'queued' ? null : node_id} /> },
    {
      key: 'attempts',
      title: t('jobs.attempts'),
      className: nowrap,
      cell: ({ attempt, max_attempts: max }) => t('jobs.attempts_of', { attempt, max }),
    },
    { key: 'sent', title: t('jobs.sent'), className: nowrap, cell: ({ created_at }) => <Ago wallMs={created_at} /> },
    { key: 'waited', title: t('jobs.waited'), className: nowrap, cell: (job) => <Waited job={job} /> },
    { key: 'ran', title: t('jobs.ran'), className: nowrap, cell: (job) => <Ran job={job} /> },
  ];
}

function JobLink({ jobId, task }: { readonly jobId: string; readonly task: AppJobRow['task'] }) {
  const labels = useLabels();
  const { t } = labels;
  return (
    <>
      <DetailsLink
        page="jobs"
        id={jobId}
        className={classes['model']}
        label={`${task.model}${t('punctuation.comma')}${t('jobs.details_of', { id: shortId(jobId) })}`}
      >
        {task.model}
      </DetailsLink>
      <div className={classes['task']}>
        {taskLabel(labels, task)} <code title={jobId}>{shortId(jobId)}</code>
      </div>
    </>
  );
}

function JobNode({ nodeId }: { readonly nodeId: string | null }) {
  const { t } = useLabels();
  const name = useNodeName(nodeId);
  if (name === null) return <span className={classes['faint']}>{t('unknown.none')}</span>;
  return (
    <span className={classes['name']} title={name}>
      {name}
    </span>
  );
}
