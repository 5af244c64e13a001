// The columns of the job list: what a job is, its status and why, where it is, and how long it waited and ran.
import type { AppJobRow } from '../../../shared/api/app-job';
import { Ago } from '../../components/Time';
import type { Column } from '../../components/DataTable/column';
import { DetailsLink } from '../../components/DetailsLink';
import { useNodeName } from '../../components/NodeName';
import { StatusWord } from '../../components/StatusWord';
import { useWords, type Words } from '../../i18n/use-words';
import { JOB_SHAPES, jobErrorWords, taskWord } from '../../words/job-words';
import { shortId } from './job-figures';
import { Ran, Waited } from './JobTimes';
import classes from './job-columns.module.css';

/** Not sorted by their reader: the scheduler gives the newest first, page by page, and to sort one page would mislead. */
export function jobColumns(words: Words): readonly Column<AppJobRow>[] {
  const { t } = words;
  const nowrap = classes['nowrap'];
  return [
    { key: 'job', title: t('jobs.job'), cell: ({ job_id, task }) => <JobLink jobId={job_id} task={task} /> },
    {
      key: 'status',
      title: t('jobs.status'),
      cell: ({ status, error }) => (
        <>
          <StatusWord shape={JOB_SHAPES[status]} word={t(`job_status.${status}`)} />
          {error !== null && (
            <div className={classes['why']} title={error.code}>
              {jobErrorWords(words, error).title}
            </div>
          )}
        </>
      ),
    },
    // While a job is queued again, its former node does not have it.
    { key: 'node', title: t('jobs.node'), cell: ({ status, node_id }) => <JobNode nodeId={status === 'queued' ? null : node_id} /> },
    {
      key: 'attempts',
      title: t('jobs.attempts'),
      className: nowrap,
      cell: ({ attempt, max_attempts: max }) => t('jobs.attempts_of', { attempt, max }),
    },
    { key: 'sent', title: t('jobs.sent'), className: nowrap, cell: ({ created_at }) => <Ago timeMs={created_at} /> },
    { key: 'waited', title: t('jobs.waited'), className: nowrap, cell: (job) => <Waited job={job} /> },
    { key: 'ran', title: t('jobs.ran'), className: nowrap, cell: (job) => <Ran job={job} /> },
  ];
}

function JobLink({ jobId, task }: { readonly jobId: string; readonly task: AppJobRow['task'] }) {
  const words = useWords();
  const { t } = words;
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
        {taskWord(words, task)} <code title={jobId}>{shortId(jobId)}</code>
      </div>
    </>
  );
}

function JobNode({ nodeId }: { readonly nodeId: string | null }) {
  const { t } = useWords();
  const name = useNodeName(nodeId);
  if (name === null) return <span className={classes['faint']}>{t('unknown.none')}</span>;
  return (
    <span className={classes['name']} title={name}>
      {name}
    </span>
  );
}
