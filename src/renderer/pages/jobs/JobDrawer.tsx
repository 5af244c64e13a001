// One job in full, fresh while it goes on: how it stands, why it waits or failed, what happened, what it needs, what came of it.
import { Drawer } from '@mantine/core';
import type { AppJob, AppJobRow } from '../../../shared/api/app-job';
import { isTerminal } from '../../../shared/api/job';
import { ErrorNote } from '../../components/ErrorNote';
import { StatusWord } from '../../components/StatusWord';
import { useWords } from '../../i18n/use-words';
import { useJob } from '../../queries/jobs';
import { goTo, useRoute } from '../../store/use-route';
import { JOB_SHAPES, taskWord } from '../../words/job-words';
import { AttemptsSection } from './AttemptsSection';
import { CancelJob } from './CancelJob';
import { ErrorSection } from './ErrorSection';
import { shortId } from './job-figures';
import { JobFacts } from './JobFacts';
import { JobSentence } from './JobSentence';
import { ResultSection } from './ResultSection';
import { WaitingSection } from './WaitingSection';
import classes from './JobDrawer.module.css';

export interface JobDrawerProps {
  /** Null: the drawer is closed. */
  readonly jobId: string | null;
  /** The job in the list; null: the list does not have it. */
  readonly row: AppJobRow | null;
}

export function JobDrawer({ jobId, row }: JobDrawerProps) {
  const { t } = useWords();
  const route = useRoute();
  return (
    <Drawer
      opened={jobId !== null}
      onClose={() => goTo({ ...route, page: 'jobs', id: null })}
      position="right"
      size="lg"
      title={jobId === null ? undefined : shortId(jobId)}
      closeButtonProps={{ 'aria-label': t('action.close') }}
    >
      {jobId !== null && <OpenJob key={jobId} jobId={jobId} row={row} />}
    </Drawer>
  );
}

function OpenJob({ jobId, row }: { readonly jobId: string; readonly row: AppJobRow | null }) {
  const { t } = useWords();
  const { value: job, error } = useJob(jobId, row);
  return (
    <div className={classes['details']}>
      <ErrorNote error={error} />
      {job === null && error === null && <p>{t('jobs.loading')}</p>}
      {job !== null && <JobDetails job={job} />}
    </div>
  );
}

function JobDetails({ job }: { readonly job: AppJob }) {
  const words = useWords();
  const { t } = words;
  const { status, task } = job;
  return (
    <>
      <div className={classes['head']}>
        <h2>
          {task.model} <span className={classes['task']}>{taskWord(words, task)}</span>
        </h2>
        <div className={classes['status']}>
          <StatusWord shape={JOB_SHAPES[status]} word={t(`job_status.${status}`)} />
          <span>
            <JobSentence job={job} />
          </span>
        </div>
      </div>
      {!isTerminal(status) && <CancelJob jobId={job.job_id} />}
      {job.error !== null && <ErrorSection error={job.error} />}
      {job.waiting !== null && <WaitingSection waiting={job.waiting} />}
      {(job.result !== null || job.has_program_output) && <ResultSection job={job} />}
      <AttemptsSection job={job} />
      <JobFacts job={job} />
    </>
  );
}
