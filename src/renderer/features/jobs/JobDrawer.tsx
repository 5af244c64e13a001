// One job in full, fresh while it goes on: how it stands, why it waits or failed, what happened, what it needs, what came of it.
import { Drawer } from '@mantine/core';
import { useState } from 'react';
import type { AppJob } from '../../../shared/api/app-job';
import { isTerminal } from '../../../shared/api/job';
import { ErrorNote } from '../../components/ErrorNote';
import { StatusWord } from '../../components/StatusWord';
import { useWords } from '../../i18n/use-words';
import { useWatch } from '../../store/use-watch';
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

const EVERY_MS = 1000;

export interface JobDrawerProps {
  readonly jobId: string | null;
  readonly news: string;
  /** This job was changed from here. */
  onChanged(): void;
}

export function JobDrawer({ jobId, news, onChanged }: JobDrawerProps) {
  const { t } = useWords();
  return (
    <Drawer
      opened={jobId !== null}
      onClose={() => (window.location.hash = '#/jobs')}
      position="right"
      size="lg"
      title={jobId === null ? undefined : shortId(jobId)}
      closeButtonProps={{ 'aria-label': t('action.close') }}
    >
      {jobId !== null && <WatchedJob key={jobId} jobId={jobId} news={news} onChanged={onChanged} />}
    </Drawer>
  );
}

function WatchedJob({ jobId, news, onChanged }: { readonly jobId: string; readonly news: string; onChanged(): void }) {
  const { t } = useWords();
  // What has ended does not change any more: the last answer is asked for once.
  const [ended, setEnded] = useState(false);
  const { value: job, error, again } = useWatch('pool.job', { job_id: jobId }, { everyMs: ended ? null : EVERY_MS, news });
  if (!ended && job !== null && isTerminal(job.status)) setEnded(true);
  const changed = (): void => {
    again();
    onChanged();
  };
  return (
    <div className={classes['details']}>
      <ErrorNote error={error} />
      {job === null && error === null && <p>{t('jobs.loading')}</p>}
      {job !== null && <JobDetails job={job} onChanged={changed} />}
    </div>
  );
}

function JobDetails({ job, onChanged }: { readonly job: AppJob; onChanged(): void }) {
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
      {!isTerminal(status) && <CancelJob jobId={job.job_id} onCancelled={onChanged} />}
      {job.error !== null && <ErrorSection error={job.error} />}
      {job.waiting !== null && <WaitingSection waiting={job.waiting} />}
      {(job.result !== null || job.has_program_output) && <ResultSection job={job} />}
      <AttemptsSection job={job} />
      <JobFacts job={job} />
    </>
  );
}
