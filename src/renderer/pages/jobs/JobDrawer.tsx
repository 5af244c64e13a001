// One job in full, refreshed until it ends: status, why it waits or failed, result, timeline, facts.
import type { AppJob, AppJobRow } from '../../../shared/api/app-job';
import { isTerminal } from '../../../shared/api/job';
import { Drawer } from '../../components/Drawer/Drawer';
import { ErrorNote } from '../../components/ErrorNote';
import { useMay } from '../../components/RightNote';
import { StatusLabel } from '../../components/StatusLabel';
import { WhyNode } from '../../components/WhyNode/WhyNode';
import { useLabels } from '../../i18n/use-labels';
import { useJob } from '../../queries/jobs';
import { goTo, useRoute } from '../../store/use-route';
import { JOB_SHAPES, taskLabel } from '../../labels/job-labels';
import { AttemptsSection } from './AttemptsSection';
import { CancelJob } from './CancelJob';
import { ErrorSection } from './ErrorSection';
import { shortId } from './job-figures';
import { JobFactsCard } from './JobFactsCard';
import { JobSentence } from './JobSentence';
import { ResultSection } from './ResultSection';
import { WaitingSection } from './WaitingSection';
import classes from './JobDrawer.module.css';

export interface JobDrawerProps {
  readonly jobId: string;
  /** The row of the job in the list; null: the list does not contain the job. */
  readonly row: AppJobRow | null;
}

export function JobDrawer({ jobId, row }: JobDrawerProps) {
  const route = useRoute();
  return (
    <Drawer subject={jobId} title={shortId(jobId)} onClose={() => goTo({ ...route, page: 'jobs', id: null })}>
      <OpenJob key={jobId} jobId={jobId} row={row} />
    </Drawer>
  );
}

function OpenJob({ jobId, row }: { readonly jobId: string; readonly row: AppJobRow | null }) {
  const { t } = useLabels();
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
  const labels = useLabels();
  const { t } = labels;
  const { status, task } = job;
  const mayCancel = useMay('cancel_jobs');
  // Of the last attempt. The timeline has the predicted times of the others.
  const prediction = job.attempts.at(-1)?.prediction;
  return (
    <>
      <div className={classes['head']}>
        <h3 className={classes['model']}>
          {task.model} <span className={classes['task']}>{taskLabel(labels, task)}</span>
        </h3>
        <div className={classes['status']}>
          <StatusLabel shape={JOB_SHAPES[status]} label={t(`job_status.${status}`)} />
          <span>
            <JobSentence job={job} />
          </span>
        </div>
      </div>
      {!isTerminal(status) && mayCancel && <CancelJob jobId={job.job_id} />}
      {job.error !== null && <ErrorSection error={job.error} />}
      {job.waiting !== null && <WaitingSection waiting={job.waiting} />}
      {(job.result !== null || job.has_program_output) && <ResultSection job={job} />}
      {prediction !== undefined && <WhyNode prediction={prediction} />}
      <AttemptsSection job={job} />
      <JobFactsCard job={job} />
    </>
  );
}
