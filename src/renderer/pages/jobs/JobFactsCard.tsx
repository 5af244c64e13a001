// The facts of a job and its requirements, without its content.
import type { AppJob } from '../../../shared/api/app-job';
import { CopyField } from '../../components/CopyField';
import { type Fact, Facts } from '../../components/Facts';
import { useNodeName } from '../../components/NodeName';
import { useLabels } from '../../i18n/use-labels';
import { shortId } from '../../labels/job-labels';
import { needsOf } from '../../labels/job-needs';
import { hrefOf } from '../../routes';
import { deadlineOf } from './job-figures';
import { Waited } from './JobTimes';
import { ExactTime } from '../../components/Time';
import classes from './JobFactsCard.module.css';

export function JobFactsCard({ job }: { readonly job: AppJob }) {
  const labels = useLabels();
  const { t, format } = labels;
  const wantedNode = useNodeName(job.requirements.node_id ?? null);
  const deadline = deadlineOf(job);
  const facts: readonly Fact[] = [
    [t(job.attempts.length > 1 ? 'jobs.until_last_start' : 'jobs.waited'), <Waited key="waited" job={job} />],
    ...(deadline === null ? [] : [[t(`jobs.${deadline.kind}`), <ExactTime key="deadline" wallMs={deadline.atWallMs} />] as const]),
    [t('jobs.attempts'), t('jobs.attempts_of', { attempt: job.attempt, max: job.max_attempts })],
    [t('jobs.time_limit'), format.duration(job.timeout_seconds * 1000)],
    [t('jobs.size'), t('jobs.size_value', { size: format.bytes(job.task.payload_bytes) })],
    ...(job.priority === 0 ? [] : [[t('jobs.priority'), format.number(job.priority)] as const]),
    [t('jobs.needs'), needsOf(labels, job.requirements, [job.task.model], wantedNode)],
    ...(job.retry_of === undefined
      ? []
      : [
          [
            t('job_page.retry_of'),
            <a key="retry" href={hrefOf({ page: 'jobs', id: job.retry_of })}>
              {shortId(job.retry_of)}
            </a>,
          ] as const,
        ]),
    [t('jobs.trace'), <code key="trace">{job.trace_id}</code>],
  ];
  return (
    <section className={classes['facts']}>
      <h3>{t('jobs.job')}</h3>
      <Facts facts={facts} />
      <CopyField label={t('jobs.copy_id')} value={job.job_id} />
    </section>
  );
}
