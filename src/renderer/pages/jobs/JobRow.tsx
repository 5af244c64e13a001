// One job in the table: what it is, how it stands and why, where, and how long it waited and ran.
import type { AppJobRow } from '../../../shared/api/app-job';
import { Ago } from '../../components/Ago';
import { useNodeName } from '../../components/NodeName';
import { StatusWord } from '../../components/StatusWord';
import { useWords } from '../../i18n/use-words';
import { hrefOf } from '../../routes';
import { useRoute } from '../../store/use-route';
import { JOB_SHAPES, jobErrorWords, taskWord } from '../../words/job-words';
import { shortId } from './job-figures';
import { Ran, Waited } from './JobTimes';
import classes from './JobRow.module.css';

export interface JobRowProps {
  readonly job: AppJobRow;
}

export function JobRow({ job }: JobRowProps) {
  const words = useWords();
  const { t } = words;
  const route = useRoute();
  // While a job is queued again, its former node does not have it.
  const nodeName = useNodeName(job.status === 'queued' ? null : job.node_id);
  const { job_id, status, task, error } = job;
  return (
    <tr>
      <td>
        <a
          className={classes['model']}
          href={hrefOf({ ...route, page: 'jobs', id: job_id })}
          aria-label={`${task.model}${t('punctuation.comma')}${t('jobs.details_of', { id: shortId(job_id) })}`}
        >
          {task.model}
        </a>
        <div className={classes['task']}>
          {taskWord(words, task)} <code title={job_id}>{shortId(job_id)}</code>
        </div>
      </td>
      <td>
        <StatusWord shape={JOB_SHAPES[status]} word={t(`job_status.${status}`)} />
        {error !== null && (
          <div className={classes['why']} title={error.code}>
            {jobErrorWords(words, error).title}
          </div>
        )}
      </td>
      <td>
        {nodeName === null ? (
          <span className={classes['faint']}>{t('unknown.none')}</span>
        ) : (
          <span className={classes['name']} title={nodeName}>
            {nodeName}
          </span>
        )}
      </td>
      <td className={classes['nowrap']}>{t('jobs.attempts_of', { attempt: job.attempt, max: job.max_attempts })}</td>
      <td className={classes['nowrap']}>
        <Ago timeMs={job.created_at} />
      </td>
      <td className={classes['nowrap']}>
        <Waited job={job} />
      </td>
      <td className={classes['nowrap']}>
        <Ran job={job} />
      </td>
    </tr>
  );
}
