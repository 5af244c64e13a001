// Waiting time and run time of a job. They increase while the job waits or runs.
import type { AppJobRow } from '../../../shared/api/app-job';
import { useNow } from '../../clock/Clock';
import { useLabels } from '../../i18n/use-labels';
import { ranMs, waitedMs } from './job-figures';

type Times = Pick<AppJobRow, 'status' | 'created_at' | 'started_at' | 'finished_at'>;

export function Waited({ job }: { readonly job: Times }) {
  const { format } = useLabels();
  const now = useNow();
  const isWaiting = job.started_at === null && job.finished_at === null;
  const ms = waitedMs(job, now);
  return isWaiting || job.status === 'queued' ? format.duration(ms) : format.took(ms);
}

export function Ran({ job }: { readonly job: Times }) {
  const { t, format } = useLabels();
  const ms = ranMs(job, useNow());
  if (ms === null) return <span data-unknown="">{t('unknown.none')}</span>;
  return job.finished_at === null ? format.duration(ms) : format.took(ms);
}
