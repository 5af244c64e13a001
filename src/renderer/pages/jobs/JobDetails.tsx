// One job in full, refreshed until it ends: status, why it waits or failed, result, timeline, facts.
import { Button } from '@mantine/core';
import type { AppJob, AppJobRow } from '../../../shared/api/app-job';
import { isRetriable, isTerminal } from '../../../shared/api/job';
import { useNow } from '../../clock/Clock';
import { Dim } from '../../components/Dim';
import { ErrorNote } from '../../components/ErrorNote';
import { useNodeNames } from '../../components/NodeName';
import { useMay } from '../../components/RightNote';
import { StatusLabel } from '../../components/StatusLabel';
import { StatusShape } from '../../components/StatusShape';
import { WhyNode } from '../../components/WhyNode/WhyNode';
import { useLabels } from '../../i18n/use-labels';
import { useJob } from '../../queries/jobs';
import { EXPLAIN_ID, hrefOf } from '../../routes';
import { JOB_SHAPES, taskLabel } from '../../labels/job-labels';
import { AttemptsSection } from './AttemptsSection';
import { CancelJob } from './CancelJob';
import { ErrorSection } from './ErrorSection';
import { tokensPerSecondOf } from './job-figures';
import { waitReason } from './job-reason';
import { JobFactsCard } from './JobFactsCard';
import { JobSentence } from './JobSentence';
import { ResultSection } from './ResultSection';
import { RetryJob } from './RetryJob';
import { useMayAct } from './use-may-act';
import { WaitingSection } from './WaitingSection';
import classes from './JobDetails.module.css';

export interface OpenJobProps {
  readonly jobId: string;
  /** The row of the job in the list; null: the list does not contain the job. */
  readonly row: AppJobRow | null;
}

export function OpenJob({ jobId, row }: OpenJobProps) {
  const { t } = useLabels();
  const { value: job, error } = useJob(jobId, row);
  return (
    <div className={classes['details']} data-job-open={job === null ? undefined : ''}>
      <ErrorNote error={error} />
      {job === null && error === null && <p>{t('jobs.loading')}</p>}
      {job !== null && <JobDetails job={job} row={row} />}
    </div>
  );
}

function JobDetails({ job, row }: { readonly job: AppJob; readonly row: AppJobRow | null }) {
  const labels = useLabels();
  const { t } = labels;
  const { status, task } = job;
  const mayAct = useMayAct()(job);
  const mayExplain = useMay('explain');
  const reason = useWaitReason(job, row);
  // Of the last attempt. The timeline has the predicted times of the others.
  const prediction = job.attempts.at(-1)?.prediction;
  return (
    <>
      <div className={classes['head']}>
        <StatusShape shape={JOB_SHAPES[status]} size={28} />
        <div className={classes['what']}>
          <h2 className={classes['model']}>
            {task.model} <span className={classes['task']}>{taskLabel(labels, task)}</span>
          </h2>
          <div className={classes['status']}>
            <StatusLabel shape={JOB_SHAPES[status]} label={t(`job_status.${status}`)} />
            {/* The section below says why the job expired. */}
            {status !== 'expired' && <span>{reason ?? <JobSentence job={job} />}</span>}
            <Progress row={row} job={job} />
          </div>
        </div>
        <div className={classes['actions']}>
          {!isTerminal(status) && mayAct && <CancelJob jobId={job.job_id} />}
          {status === 'expired' && mayExplain && (
            <Button component="a" href={explainHref(job)}>
              {t('job_page.explain_this')}
            </Button>
          )}
          {isRetriable(job) && mayAct && <RetryJob jobId={job.job_id} />}
        </div>
      </div>
      {job.error !== null && <ErrorSection error={job.error} />}
      {job.waiting !== null && <WaitingSection waiting={job.waiting} job={job} />}
      {(job.result !== null || job.has_program_output) && <ResultSection job={job} />}
      {prediction !== undefined && <WhyNode prediction={prediction} />}
      <AttemptsSection job={job} />
      <JobFactsCard job={job} />
    </>
  );
}

/** The form has the model and the node of the job. */
function explainHref({ task, requirements: { node_id: nodeId } }: AppJob): string {
  const node = nodeId == null ? [] : [{ key: 'node', value: nodeId }];
  return hrefOf({ page: 'jobs', id: EXPLAIN_ID, filters: [{ key: 'model', value: task.model }, ...node] });
}

/** The reason of the list, so that both agree. The place in the queue has a line of its own. Null: the job does not wait, or the list does not have it. */
function useWaitReason({ status, waiting }: AppJob, row: AppJobRow | null): string | null {
  const labels = useLabels();
  const nowWallMs = useNow();
  const nameOf = useNodeNames();
  if (status !== 'queued' || row?.wait === undefined) return null;
  return waitReason(row.wait, { labels, nameOf, nowWallMs, hidesPlace: waiting?.wait_seconds !== undefined });
}

/** How far the answer of a running job is, what the answer of a finished job was, and who sent the job. */
function Progress({ row, job }: { readonly row: AppJobRow | null; readonly job: AppJob }) {
  const { t, format } = useLabels();
  const progress = job.status === 'running' ? row?.progress : undefined;
  const timings = job.status === 'succeeded' ? job.result?.timings : undefined;
  const rate = progress?.tokens_per_second ?? (timings === undefined ? null : tokensPerSecondOf(timings));
  const name = job.submitter?.name ?? null;
  const { completion_tokens: answer, first_token_ms: firstMs } = timings ?? {};
  const parts = [
    answer == null ? null : t('job_timings.answer', { tokens: format.number(answer) }),
    rate === null ? null : t('job_row.tokens_per_second', { rate: format.number(rate) }),
    progress === undefined ? null : t('job_row.tokens', { tokens: format.number(progress.tokens) }),
    firstMs == null ? null : t('job_timings.first_token', { time: format.took(firstMs) }),
    name === null ? null : t('job_page.from', { name }),
  ].filter((part) => part !== null);
  return parts.length === 0 ? null : <Dim as="span">{parts.join(' · ')}</Dim>;
}
